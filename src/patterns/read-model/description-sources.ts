import type { Sql } from '#database';
import {
  describedOf,
  descriptionOf,
  MOST_LOOKED_AT,
  quoted,
  type Description,
  type Fix,
  type Told,
} from '../domain/description.js';
import { isSignature, type Key } from '../domain/key.js';
import { Turns } from '../turns.js';

/** As far as a summary is looked at, in characters. */
const LOOKED_AT = 2_000;
const MOST_FIXES = 3;

/** What is said about a key, as it is kept. */
export type Said = Partial<Description> & { readonly fixes?: readonly Fix[] };

/** A key, and how many executions count for it. */
export interface CountedKey {
  readonly id: string;
  readonly key: Key;
  readonly executions: number;
}

/** What is said about a key, and about how many of its executions. */
export interface Saying {
  readonly described: number;
  readonly said: Said;
}

/** That an execution is known of at `$3`, and was not taken back by then. */
const counted = (execution: string): string =>
  `${execution}.position <= $3 and (${execution}.revoked_at is null or ${execution}.revoked_at > $3)`;

/** What is to be said of keys, worked out from the executions that count for them. */
export class DescriptionSources {
  constructor(
    private readonly sql: Sql,
    private readonly namespace: string,
  ) {}

  /**
   * What is to be said of some keys, by their ids; nothing of those that too few executions count for.
   * @param until the last position that is known of
   */
  async about(
    keys: readonly CountedKey[],
    until: bigint,
    turns = new Turns(),
  ): Promise<Map<string, Saying>> {
    const errors = keys.filter(({ key, executions }) => isSignature(key) && executions > 0);
    const others = keys.filter(
      ({ key, executions }) => !isSignature(key) && describedOf(executions) > 0,
    );
    const fixes = await this.fixes(errors, until);
    const told = await this.told(others, until);

    const sayings = new Map<string, Saying>();
    for (const { id, executions } of errors) {
      sayings.set(id, { described: executions, said: { fixes: fixes.get(id) ?? [] } });
    }
    for (const { id, executions } of others) {
      await turns.next();
      const said = descriptionOf(told.get(id) ?? []);
      sayings.set(id, { described: describedOf(executions), said });
    }

    return sayings;
  }

  /** The newest of each outcome among the first executions that are described, newest first. */
  private told(keys: readonly CountedKey[], until: bigint): Promise<Map<string, Told[]>> {
    return this.read(
      `select live.*,
              row_number() over (partition by live.success order by live.position desc) as nth
         from (select execution.position, execution.memory_id, execution.task_id, execution.success
                 from public.learner_evidence as evidence
                cross join lateral (
                  select * from public.learner_executions as execution
                   where execution.namespace = $1 and execution.position = evidence.position
                   limit 1
                ) as execution
                where evidence.namespace = $1 and evidence.key_id = wanted.key_id
                  and ${counted('execution')}
                order by evidence.position
                limit wanted.count) as live`,
      keys.map(({ id, executions }) => ({ key_id: id, count: describedOf(executions) })),
      until,
      MOST_LOOKED_AT,
    );
  }

  /**
   * What the later success of a task did that failed with an error: the first after its last failure;
   * the newest of these.
   */
  private async fixes(keys: readonly CountedKey[], until: bigint): Promise<Map<string, Fix[]>> {
    const told = await this.read(
      `select fixed.*, row_number() over (order by fixed.position desc) as nth
         from (select failed.task_id, max(failed.position) as failed_at
                 from (select evidence.position
                         from public.learner_evidence as evidence
                        where evidence.namespace = $1 and evidence.key_id = wanted.key_id
                          and evidence.position <= $3
                        order by evidence.position desc limit wanted.count) as newest
                cross join lateral (
                  select * from public.learner_executions as execution
                   where execution.namespace = $1 and execution.position = newest.position
                     and ${counted('execution')}
                   limit 1
                ) as failed
                group by failed.task_id) as task
        cross join lateral (
          select success.position, success.memory_id, success.task_id, success.success
            from public.learner_executions as success
           where success.namespace = $1 and success.task_id = task.task_id
             and success.position > task.failed_at
             and success.success and ${counted('success')}
           order by success.position limit 1
        ) as fixed`,
      keys.map(({ id }) => ({ key_id: id, count: MOST_LOOKED_AT })),
      until,
      MOST_FIXES,
    );

    return new Map([...told].map(([id, some]) => [id, some.flatMap(fixesOf)]));
  }

  /**
   * Some executions of each key: of those that `executions` gives, the first by `nth`. Each is looked
   * up through its index, and its words are read once, for however many keys it counts.
   */
  private async read(
    executions: string,
    wanted: readonly { key_id: string; count: number }[],
    until: bigint,
    most: number,
  ): Promise<Map<string, Told[]>> {
    if (wanted.length === 0) return new Map();
    const rows = await this.sql.query<TakenRow>(
      `select wanted.key_id, one.position, one.memory_id, one.task_id, one.success
         from jsonb_to_recordset($2::jsonb) as wanted(key_id uuid, count int)
        cross join lateral (${executions}) as one
        where one.nth <= $4
        order by one.position desc`,
      [this.namespace, JSON.stringify(wanted), until, most],
    );
    const words = await this.words([...new Set(rows.map(({ position }) => position))]);
    const told = new Map<string, Told[]>();
    for (const { key_id, position, memory_id, task_id, success } of rows) {
      const said = words.get(position) ?? WORDLESS;
      const one = { memoryId: memory_id, task: task_id, success, ...said };
      const some = told.get(key_id) ?? [];
      some.push(one);
      told.set(key_id, some);
    }

    return told;
  }

  private async words(positions: readonly string[]): Promise<Map<string, Words>> {
    const rows = await this.sql.query<Words & { position: string }>(
      `select wanted.position, said.tags, said.tools, said.summary
         from unnest($1::bigint[]) as wanted(position)
        cross join lateral (
          select event.data -> 'tags' as tags, event.data -> 'tools' as tools,
                 left(text.body ->> 'execution_summary', ${String(LOOKED_AT)}) as summary
            from es.event as event
            left join es.text as text on text.event_id = event.event_id
           where event.position = wanted.position
           limit 1
        ) as said`,
      [positions],
    );

    return new Map(rows.map(({ position, ...said }) => [position, said]));
  }
}

type Words = Pick<Told, 'summary' | 'tags' | 'tools'>;
const WORDLESS: Words = { summary: null, tags: [], tools: [] };

interface TakenRow {
  readonly key_id: string;
  readonly position: string;
  readonly memory_id: string;
  readonly task_id: string;
  readonly success: boolean;
}

/** None where its words were erased. */
function fixesOf(one: Told): Fix[] {
  const quote = quoted(one);

  return quote ? [{ ...quote, tools: [...one.tools] }] : [];
}
