import type { Sql } from '#database';
import { withoutWords } from '../domain/erasure.js';
import type { Evidence } from '../domain/key-state.js';
import { parentsFirst, type Key } from '../domain/key.js';
import { keyIdOf } from '../domain/pattern-id.js';
import { measureColumns, measuresIn, type MeasureColumns } from './measure-columns.js';

/** Evidence with the time it stands for, RFC 3339. */
export interface DatedEvidence {
  readonly evidence: Evidence;
  readonly at: string;
}

interface ExecutionRow extends MeasureColumns {
  readonly position: string;
  readonly memory_id: string;
  readonly task_id: string;
  readonly success: boolean;
  readonly signature: string | null;
  readonly line: string;
  readonly task_voted: boolean;
  readonly agent_voted: boolean;
  readonly keys: readonly Key[];
}

const SELECT = `
  select execution.position, execution.memory_id, execution.task_id, execution.success,
         execution.signature, execution.line, execution.task_voted, execution.agent_voted,
         execution.duration_bucket, execution.is_faster, execution.cost_bucket,
         execution.is_cheaper`;

/** The tables `learner_executions` and `learner_evidence`, for the learner alone. */
export class EvidenceTable {
  constructor(
    private readonly sql: Sql,
    private readonly namespace: string,
  ) {}

  /** The evidence of memories that was not taken back, with all its keys. */
  load(memoryIds: readonly string[]): Promise<Evidence[]> {
    return this.read(memoryIds, 'and execution.revoked_at is null');
  }

  /** The same, whether it was taken back or not. */
  loadAll(memoryIds: readonly string[]): Promise<Evidence[]> {
    return this.read(memoryIds, '');
  }

  /** Forgets what was said of executions besides their facts. */
  async strip(evidence: readonly Evidence[]): Promise<void> {
    const rows = evidence.map(withoutWords);
    if (rows.length === 0) return;
    await this.sql.query(
      `update learner_executions as execution set line = row.line, signature = null
         from unnest($2::bigint[], $3::text[]) as row(position, line)
        where execution.namespace = $1 and execution.position = row.position`,
      [this.namespace, rows.map(({ position }) => String(position)), rows.map(({ line }) => line)],
    );
  }

  private async read(memoryIds: readonly string[], which: string): Promise<Evidence[]> {
    if (memoryIds.length === 0) return [];
    const rows = await this.sql.query<ExecutionRow>(
      `${SELECT},
              (select jsonb_agg(key.key)
                 from learner_evidence as evidence
                 join learner_keys as key
                   on key.namespace = evidence.namespace and key.id = evidence.key_id
                where evidence.namespace = execution.namespace
                  and evidence.position = execution.position) as keys
         from learner_executions as execution
        where execution.namespace = $1 and execution.memory_id = any($2) ${which}`,
      [this.namespace, memoryIds],
    );
    return rows.map(evidenceOf);
  }

  /** What was not taken back, oldest first, after a position; without keys. */
  async page(after: bigint, limit: number): Promise<Evidence[]> {
    const rows = await this.sql.query<ExecutionRow>(
      `${SELECT}, '[]'::jsonb as keys
         from learner_executions as execution
        where execution.namespace = $1 and execution.position > $2
          and execution.revoked_at is null
        order by execution.position
        limit $3`,
      [this.namespace, after, limit],
    );
    return rows.map(evidenceOf);
  }

  async add(added: readonly DatedEvidence[]): Promise<void> {
    if (added.length === 0) return;
    const rows = added.map(({ evidence, at }) => ({
      position: String(evidence.position),
      memory_id: evidence.memoryId,
      task_id: evidence.task,
      success: evidence.success,
      signature: evidence.signature,
      line: evidence.line,
      task_voted: evidence.voted.task,
      agent_voted: evidence.voted.agent,
      ...measureColumns(evidence.measures),
      at,
    }));
    await this.sql.query(
      `insert into learner_executions
              (namespace, position, memory_id, task_id, success, signature, line, task_voted,
               agent_voted, duration_bucket, is_faster, cost_bucket, is_cheaper, at)
       select $1, row.*
         from jsonb_to_recordset($2::jsonb)
              as row(position bigint, memory_id uuid, task_id text, success boolean,
                     signature text, line text, task_voted boolean, agent_voted boolean,
                     duration_bucket smallint, is_faster boolean, cost_bucket smallint,
                     is_cheaper boolean, at timestamptz)`,
      [this.namespace, JSON.stringify(rows)],
    );
    await this.link(
      added.flatMap(({ evidence }) => evidence.keys.map((key) => ({ key, evidence }))),
    );
  }

  /** Notes for which key evidence counts. */
  async link(links: readonly { readonly key: Key; readonly evidence: Evidence }[]): Promise<void> {
    if (links.length === 0) return;
    await this.sql.query(
      `insert into learner_evidence (namespace, key_id, position)
       select $1, link.key_id, link.position
         from unnest($2::uuid[], $3::bigint[]) as link(key_id, position)`,
      [
        this.namespace,
        links.map(({ key }) => keyIdOf(this.namespace, key)),
        links.map(({ evidence }) => String(evidence.position)),
      ],
    );
  }

  async revoke(revoked: ReadonlyMap<string, bigint>): Promise<void> {
    if (revoked.size === 0) return;
    await this.sql.query(
      `update learner_executions as execution set revoked_at = row.at
         from unnest($2::uuid[], $3::bigint[]) as row(memory_id, at)
        where execution.namespace = $1 and execution.memory_id = row.memory_id`,
      [this.namespace, [...revoked.keys()], [...revoked.values()].map(String)],
    );
  }
}

const evidenceOf = (row: ExecutionRow): Evidence => ({
  memoryId: row.memory_id,
  position: BigInt(row.position),
  task: row.task_id,
  success: row.success,
  signature: row.signature,
  line: row.line,
  keys: parentsFirst(row.keys),
  voted: { task: row.task_voted, agent: row.agent_voted },
  measures: measuresIn(row),
});
