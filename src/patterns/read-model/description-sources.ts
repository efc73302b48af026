import type { Sql } from '#database';
import {
  describedOf,
  descriptionOf,
  fixesOf,
  type Description,
  type Fix,
  type Told,
} from '../domain/description.js';
import { isSignature, type Key } from '../domain/key.js';
import { MOST_LOOKED_AT, newestOfEach, type LookedAt } from '../domain/looked-at.js';
import { Vocabulary } from '../domain/vocabulary.js';
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

/** So far back, in executions of a key, the newest of each outcome are looked for. */
const FURTHEST_BACK = 2_000;

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
    let vocabulary = new Vocabulary();
    for (const { id, key, executions } of others) {
      if (vocabulary.isFull) vocabulary = new Vocabulary();
      const some = told.get(id) ?? [];
      await readInTurns(vocabulary, some, turns);
      const said = descriptionOf(some, key, vocabulary);
      sayings.set(id, { described: describedOf(executions), said });
    }

    return sayings;
  }

  /** The newest of each outcome among the first executions that are described, newest first. */
  private async told(keys: readonly CountedKey[], until: bigint): Promise<Map<string, Told[]>> {
    const leftOut = ({ executions }: CountedKey): number => executions - describedOf(executions);
    const linked = await this.positions(
      `select evidence.position
         from public.learner_evidence as evidence
        where evidence.namespace = $1 and evidence.key_id = wanted.key_id
          and evidence.position <= $3
        order by evidence.position desc limit wanted.count`,
      keys.map((key) => ({ key_id: key.id, count: leftOut(key) + FURTHEST_BACK })),
      until,
    );
    const facts = await this.facts(linked, until);
    const chosen = keys.map((key): Chosen => {
      const live = (linked.get(key.id) ?? []).flatMap((position) => facts.get(position) ?? []);
      return [key.id, newestOfEach(live.slice(leftOut(key)))];
    });

    return this.withWords(chosen);
  }

  /**
   * What the later success of a task did that failed with an error: the first after its last failure;
   * the newest of these.
   */
  private async fixes(keys: readonly CountedKey[], until: bigint): Promise<Map<string, Fix[]>> {
    const linked = await this.positions(
      `select fixed.position
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
          select success.position
            from public.learner_executions as success
           where success.namespace = $1 and success.task_id = task.task_id
             and success.position > task.failed_at
             and success.success and ${counted('success')}
           order by success.position limit 1
        ) as fixed
        order by fixed.position desc limit ${String(MOST_FIXES)}`,
      keys.map(({ id }) => ({ key_id: id, count: MOST_LOOKED_AT })),
      until,
    );
    const facts = await this.facts(linked, until);
    const told = await this.withWords(
      [...linked].map(([id, positions]) => [
        id,
        newestOfEach(positions.flatMap((at) => facts.get(at) ?? [])),
      ]),
    );

    return new Map([...told].map(([id, some]) => [id, some.flatMap(fixesOf)]));
  }

  /** Where some executions of each key are, newest first, as `executions` gives them. */
  private async positions(
    executions: string,
    wanted: readonly { key_id: string; count: number }[],
    until: bigint,
  ): Promise<Map<string, string[]>> {
    if (wanted.length === 0) return new Map();
    const rows = await this.sql.query<{ key_id: string; positions: string[] }>(
      `select wanted.key_id, array(${executions}) as positions
         from jsonb_to_recordset($2::jsonb) as wanted(key_id uuid, count int)`,
      [this.namespace, JSON.stringify(wanted), until],
    );

    return new Map(rows.map(({ key_id, positions }) => [key_id, positions]));
  }

  /** Each execution that counts is looked up once, through its index, for however many keys. */
  private async facts(
    linked: ReadonlyMap<string, readonly string[]>,
    until: bigint,
  ): Promise<Map<string, Fact>> {
    const positions = [...new Set([...linked.values()].flat())];
    if (positions.length === 0) return new Map();
    const rows = await this.sql.query<Fact>(
      `select execution.position, execution.memory_id, execution.task_id, execution.success
         from unnest($2::bigint[]) as wanted(position)
        cross join lateral (
          select * from public.learner_executions as execution
           where execution.namespace = $1 and execution.position = wanted.position
             and ${counted('execution')}
           limit 1
        ) as execution`,
      [this.namespace, positions, until],
    );

    return new Map(rows.map((fact) => [fact.position, fact]));
  }

  /** The words of each are read once, too. */
  private async withWords(chosen: readonly Chosen[]): Promise<Map<string, Told[]>> {
    const positions = new Set(chosen.flatMap(([, facts]) => facts.map(({ position }) => position)));
    const words = await this.words([...positions]);
    const toldOf = ({ position, memory_id, task_id, ...ended }: LookedAt<Fact>): Told => ({
      memoryId: memory_id,
      task: task_id,
      ...ended,
      ...(words.get(position) ?? WORDLESS),
    });

    return new Map(chosen.map(([id, facts]) => [id, facts.map(toldOf)]));
  }

  private async words(positions: readonly string[]): Promise<Map<string, Words>> {
    if (positions.length === 0) return new Map();
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

/** Reads what it does not know yet, while others have their turns. */
async function readInTurns(
  vocabulary: Vocabulary,
  told: readonly Told[],
  turns: Turns,
): Promise<void> {
  for (const { summary } of told) {
    await turns.next();
    if (summary !== null) vocabulary.wordingOf(summary);
  }
}

type Words = Pick<Told, 'summary' | 'tags' | 'tools'>;
const WORDLESS: Words = { summary: null, tags: [], tools: [] };

/** A key's id, and those of its executions that are looked at. */
type Chosen = readonly [string, LookedAt<Fact>[]];

/** An execution without its words. */
interface Fact {
  readonly position: string;
  readonly memory_id: string;
  readonly task_id: string;
  readonly success: boolean;
}
