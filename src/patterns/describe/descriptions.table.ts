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

/** As far as a summary is looked at, in characters. */
const LOOKED_AT = 2_000;
const MOST_FIXES = 3;

/** What is said about a key, as it is kept. */
export type Said = Partial<Description> & { readonly fixes?: readonly Fix[] };

interface ToldRow extends Omit<Told, 'memoryId' | 'task'> {
  readonly memory_id: string;
  readonly task_id: string;
}

/** That an execution is known of at `$3`, and was not taken back by then. */
const counted = (execution: string): string =>
  `${execution}.position <= $3 and (${execution}.revoked_at is null or ${execution}.revoked_at > $3)`;

/** The table `pattern_descriptions`, and what it is made of. */
export class DescriptionsTable {
  constructor(
    private readonly sql: Sql,
    private readonly namespace: string,
  ) {}

  /**
   * What is to be said of a key; null when too few executions count for it.
   * @param executions how many of them counted at `until`
   * @param until the last position that is known of
   */
  async about(
    { id, key, executions }: { id: string; key: Key; executions: number },
    until: bigint,
  ): Promise<{ described: number; said: Said } | null> {
    if (isSignature(key)) {
      return executions === 0
        ? null
        : { described: executions, said: { fixes: await this.fixes(id, until) } };
    }
    const described = describedOf(executions);

    return described === 0
      ? null
      : { described, said: descriptionOf(await this.told(id, described, until)) };
  }

  /** The newest of each outcome among the first `count` executions of a key, newest first. */
  private async told(keyId: string, count: number, until: bigint): Promise<Told[]> {
    return this.read(
      `select live.*, row_number() over (partition by live.success order by live.position desc) as nth
         from (select execution.position, execution.memory_id, execution.task_id, execution.success
                 from public.learner_evidence as evidence
                 join public.learner_executions as execution
                   on execution.namespace = evidence.namespace
                  and execution.position = evidence.position
                where evidence.namespace = $1 and evidence.key_id = $2
                  and ${counted('execution')}
                order by evidence.position limit $4) as live`,
      [keyId, until, count, MOST_LOOKED_AT],
    );
  }

  /**
   * What the later success of a task did that failed with this error: the first after its last failure;
   * the newest of these.
   */
  private async fixes(keyId: string, until: bigint): Promise<Fix[]> {
    const told = await this.read(
      `select fixed.*, row_number() over (order by fixed.position desc) as nth
         from (select distinct on (failed.task_id) success.position, success.memory_id,
                      success.task_id, success.success
                 from (select execution.task_id, max(execution.position) as position
                         from (select evidence.position
                                 from public.learner_evidence as evidence
                                where evidence.namespace = $1 and evidence.key_id = $2
                                  and evidence.position <= $3
                                order by evidence.position desc limit $4) as newest
                         join public.learner_executions as execution
                           on execution.namespace = $1 and execution.position = newest.position
                        where ${counted('execution')}
                        group by execution.task_id) as failed
                 join public.learner_executions as success
                   on success.namespace = $1 and success.task_id = failed.task_id
                  and success.position > failed.position
                where success.success and ${counted('success')}
                order by failed.task_id, success.position) as fixed`,
      [keyId, until, MOST_LOOKED_AT, MOST_FIXES],
    );

    return told.flatMap((one) => {
      const quote = quoted(one);
      return quote ? [{ ...quote, tools: [...one.tools] }] : [];
    });
  }

  async save(keyId: string, described: number, said: Said): Promise<void> {
    await this.sql.query(
      `insert into pattern_descriptions as old (namespace, key_id, described, said)
       values ($1, $2, $3, $4)
       on conflict (namespace, key_id) do update
          set described = excluded.described, said = excluded.said`,
      [this.namespace, keyId, described, JSON.stringify(said)],
    );
  }

  /** Keys for which nothing ever counted, now that words are gone, are said nothing of. */
  async removeUnknown(): Promise<void> {
    await this.sql.query(
      `delete from pattern_descriptions as old
        where old.namespace = $1
          and not exists (select from public.learner_keys as key
                           where key.namespace = old.namespace and key.id = old.key_id)`,
      [this.namespace],
    );
  }

  async remove(keyId: string): Promise<void> {
    await this.sql.query(
      'delete from pattern_descriptions as old where old.namespace = $1 and old.key_id = $2',
      [this.namespace, keyId],
    );
  }

  /** Executions up to the `nth` of the last value, with their words as far as they are there. */
  private async read(executions: string, values: unknown[]): Promise<Told[]> {
    const rows = await this.sql.query<ToldRow>(
      `select one.memory_id, one.task_id, one.success, event.data -> 'tags' as tags,
              event.data -> 'tools' as tools,
              left(text.body ->> 'execution_summary', ${String(LOOKED_AT)}) as summary
         from (${executions}) as one
         join es.event as event on event.position = one.position
         left join es.text as text on text.event_id = event.event_id
        where one.nth <= $5
        order by one.position desc`,
      [this.namespace, ...values],
    );

    return rows.map(({ memory_id, task_id, ...row }) => ({
      ...row,
      memoryId: memory_id,
      task: task_id,
    }));
  }
}
