import type { Sql } from '#database';
import type { Said } from '../domain/confidence.js';
import type { KeyState } from '../domain/key-state.js';
import { isSignature, ROOT, signatureIn, type Key } from '../domain/key.js';
import { LearnerState, taskName } from '../domain/learner-state.js';
import { keyIdOf } from '../domain/pattern-id.js';
import { shareKeysOf } from '../domain/served.js';
import { HistogramsTable } from './histograms.table.js';
import { LearnerKeysTable } from './learner-keys.table.js';

/** An execution that is counted, or taken back, and for which keys besides the extracted ones. */
interface Counting {
  readonly keys: readonly Key[];
  readonly task: string;
}

/** The learner's state in its tables: loads the part that is needed, and saves what changed. */
export class LearnerStateTable {
  private readonly keys: LearnerKeysTable;
  private readonly histograms: HistogramsTable;

  constructor(
    private readonly sql: Sql,
    private readonly namespace: string,
  ) {
    this.keys = new LearnerKeysTable(sql, namespace);
    this.histograms = new HistogramsTable(sql, namespace);
  }

  /**
   * The root, these keys, and what the shares among them are made of; with the counts of the tasks
   * and the values of the types that `counting` touches.
   */
  async load(keys: readonly Key[], counting: readonly Counting[] = []): Promise<LearnerState> {
    const state = new LearnerState(this.namespace);
    const wanted = [...keys, ...counting.flatMap((one) => one.keys)];
    const signatures = wanted.filter(isSignature);
    const all = [ROOT, ...wanted, ...signatures.flatMap(shareKeysOf)];
    for (const found of await this.keys.load(all)) state.put(found);
    await this.loadTasks(state, counting);
    await this.loadHistograms(state, counting);
    await this.loadSignatures(state, signatures.map(signatureIn));
    await this.loadSpoken(state);

    return state;
  }

  async save(state: LearnerState, touched: readonly KeyState[]): Promise<void> {
    await this.keys.save(touched);
    await this.saveTasks(state);
    await this.saveSignatures(state);
    await this.histograms.save(state.histograms);
  }

  private async loadHistograms(state: LearnerState, counting: readonly Counting[]): Promise<void> {
    const types = counting.flatMap(({ keys }) =>
      keys.flatMap((key) => (key[0] === 'type' ? [key[1]] : [])),
    );
    const found = await this.histograms.load(types);
    for (const [taskType, histograms] of found) state.histograms.set(taskType, histograms);
  }

  private async loadTasks(state: LearnerState, counting: readonly Counting[]): Promise<void> {
    if (counting.length === 0) return;
    const pairs = counting.flatMap(({ keys, task }) =>
      [...keys, ...state.extracted()].map((key) => ({
        key,
        id: keyIdOf(this.namespace, key),
        task,
      })),
    );
    const names = new Map(pairs.map(({ key, id }) => [id, key]));
    const rows = await this.sql.query<TaskRow>(
      `select counted.key_id, counted.task_id, counted.successes, counted.executions
         from unnest($2::uuid[], $3::text[]) as wanted(key_id, task_id)
         join learner_key_tasks as counted
           on counted.namespace = $1 and counted.key_id = wanted.key_id
          and counted.task_id = wanted.task_id`,
      [this.namespace, pairs.map(({ id }) => id), pairs.map(({ task }) => task)],
    );
    for (const { key_id, task_id, successes, executions } of rows) {
      const key = names.get(key_id);
      if (key)
        state.tasks.set(taskName(key, task_id), { key, task: task_id, successes, executions });
    }
  }

  private async saveTasks({ tasks }: LearnerState): Promise<void> {
    const rows = [...tasks.values()];
    await this.sql.query(
      `insert into learner_key_tasks (namespace, key_id, task_id, successes, executions)
       select $1, row.*
         from unnest($2::uuid[], $3::text[], $4::int[], $5::int[]) as row
       on conflict (namespace, key_id, task_id) do update
          set successes = excluded.successes, executions = excluded.executions`,
      [
        this.namespace,
        rows.map(({ key }) => keyIdOf(this.namespace, key)),
        rows.map(({ task }) => task),
        rows.map(({ successes }) => successes),
        rows.map(({ executions }) => executions),
      ],
    );
  }

  private async loadSignatures(state: LearnerState, signatures: readonly string[]): Promise<void> {
    if (signatures.length === 0) return;
    const rows = await this.sql.query<{ signature: string; failures: number }>(
      `select counted.signature, counted.failures
         from learner_signatures as counted
        where counted.namespace = $1 and counted.signature = any($2)`,
      [this.namespace, signatures],
    );
    for (const { signature, failures } of rows) state.signatures.set(signature, failures);
  }

  private async saveSignatures({ signatures }: LearnerState): Promise<void> {
    if (signatures.size === 0) return;
    await this.sql.query(
      `insert into learner_signatures (namespace, signature, failures)
       select $1, row.* from unnest($2::text[], $3::int[]) as row
       on conflict (namespace, signature) do update set failures = excluded.failures`,
      [this.namespace, [...signatures.keys()], [...signatures.values()]],
    );
  }

  /**
   * What people said and decided of the patterns of these keys; words in the order in which each
   * first spoke, because a sum of fractions depends on it.
   */
  private async loadSpoken(state: LearnerState): Promise<void> {
    const keyIds = [...state.keys.values()].map(({ key }) => keyIdOf(this.namespace, key));
    const rows = await this.sql.query<SpokenRow>(
      `select pattern.id, pattern.is_retired, said.who, said.helpful, said.adjustment
         from learned_patterns as pattern
         left join pattern_feedback as said
           on said.namespace = pattern.namespace and said.pattern_id = pattern.id
        where pattern.namespace = $1 and pattern.key_id = any($2)
          and (pattern.is_retired or said.who is not null)
        order by said.position`,
      [this.namespace, keyIds],
    );
    for (const { id, is_retired, who, helpful, adjustment } of rows) {
      if (is_retired) state.retired.add(id);
      if (who === null) continue;
      const words = state.feedback.get(id) ?? new Map<string, Said>();
      state.feedback.set(id, words.set(who, { helpful, adjustment }));
    }
  }
}

/** Without words where nobody spoke. */
type SpokenRow = { readonly id: string; readonly is_retired: boolean } & (
  | { readonly who: null; readonly helpful: null; readonly adjustment: null }
  | ({ readonly who: string } & Said)
);

interface TaskRow {
  readonly key_id: string;
  readonly task_id: string;
  readonly successes: number;
  readonly executions: number;
}
