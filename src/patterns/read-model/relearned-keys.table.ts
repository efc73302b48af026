import type { Sql } from '#database';
import type { Evidence } from '../domain/key-state.js';
import {
  isSignature,
  nameOf,
  parentsFirst,
  ROOT,
  type ExtractedKey,
  type Key,
} from '../domain/key.js';
import { UNMEASURED } from '../domain/measure.js';
import { keyIdOf, patternIdOf } from '../domain/pattern-id.js';
import { shareKeysOf } from '../domain/served.js';

/** An execution, with those of its keys that are looked at, and when it was taken back. */
export interface Counted {
  readonly evidence: Evidence;
  readonly revokedAt: bigint | null;
}

/** When something happened: RFC 3339, and the type of the event. */
export interface Happened {
  readonly at: string;
  readonly cause: string;
}

interface PastRow {
  readonly position: string;
  readonly memory_id: string;
  readonly task_id: string;
  readonly success: boolean;
  readonly signature: string | null;
  readonly task_voted: boolean;
  readonly agent_voted: boolean;
  readonly revoked_at: string | null;
}

/** All that the learner's tables hold of some keys: what they rest on is read, and they are emptied. */
export class RelearnedKeys {
  private readonly byId: ReadonlyMap<string, Key>;
  private readonly ids: readonly string[];
  readonly names: ReadonlySet<string>;

  constructor(
    private readonly sql: Sql,
    private readonly namespace: string,
    keys: readonly Key[],
  ) {
    const shares = keys.filter(isSignature).flatMap(shareKeysOf);
    this.names = new Set(keys.map(nameOf));
    this.ids = keys.map((key) => keyIdOf(namespace, key));
    this.byId = new Map([...shares, ...keys].map((key) => [keyIdOf(namespace, key), key]));
  }

  /** Every execution, oldest first, after a position: what counts for these keys and for their shares. */
  async page(after: bigint, limit: number): Promise<Counted[]> {
    const rows = await this.sql.query<PastRow>(
      `select execution.position, execution.memory_id, execution.task_id, execution.success,
              execution.signature, execution.task_voted, execution.agent_voted,
              execution.revoked_at
         from learner_executions as execution
        where execution.namespace = $1 and execution.position > $2
        order by execution.position
        limit $3`,
      [this.namespace, after, limit],
    );
    const last = rows.at(-1)?.position ?? after;
    const links = await this.sql.query<{ position: string; key_id: string }>(
      `select link.position, link.key_id
         from learner_evidence as link
        where link.namespace = $1 and link.key_id = any($2)
          and link.position > $3 and link.position <= $4`,
      [this.namespace, [...this.byId.keys()], after, last],
    );
    const keys = new Map<string, Key[]>();
    for (const { position, key_id } of links) {
      const key = this.byId.get(key_id);
      if (key) keys.set(position, [...(keys.get(position) ?? []), key]);
    }

    return rows.map((row) => ({
      // Everything counts for the root.
      evidence: evidenceOf(row, [ROOT, ...(keys.get(row.position) ?? [])]),
      revokedAt: row.revoked_at === null ? null : BigInt(row.revoked_at),
    }));
  }

  /** Which executions were taken back, and where in the log. */
  async revocations(): Promise<{ position: bigint; revoked: bigint }[]> {
    const rows = await this.sql.query<{ revoked_at: string; position: string }>(
      `select execution.revoked_at, execution.position
         from learner_executions as execution
        where execution.namespace = $1 and execution.revoked_at is not null`,
      [this.namespace],
    );
    return rows.map(({ revoked_at, position }) => ({
      position: BigInt(revoked_at),
      revoked: BigInt(position),
    }));
  }

  /** When these events happened, by position. */
  async happened(positions: readonly bigint[]): Promise<Map<bigint, Happened>> {
    const rows = await this.sql.query<Happened & { position: string }>(
      `select event.position, es.iso(event.recorded_at) as at, event.type as cause
         from es.event as event
        where event.position = any($1)`,
      [positions.map(String)],
    );
    return new Map(rows.map(({ position, ...happened }) => [BigInt(position), happened]));
  }

  /** Nothing was ever concluded of these keys; which contexts served their patterns stays known. */
  async empty(signatures: readonly string[]): Promise<void> {
    for (const [table, column] of [
      ['learner_keys', 'id'],
      ['learner_key_tasks', 'key_id'],
      ['learned_patterns', 'key_id'],
    ] as const) {
      await this.sql.query(
        `delete from ${table} as gone where gone.namespace = $1 and gone.${column} = any($2)`,
        [this.namespace, this.ids],
      );
    }
    for (const table of ['pattern_feedback', 'pattern_history'] as const) {
      await this.sql.query(
        `delete from ${table} as gone where gone.namespace = $1 and gone.pattern_id = any($2)`,
        [this.namespace, this.patternIds()],
      );
    }
    await this.sql.query(
      `delete from learner_signatures as gone
        where gone.namespace = $1 and gone.signature = any($2)`,
      [this.namespace, signatures],
    );
  }

  /** These executions count for none of the keys. */
  async unlink(positions: readonly bigint[]): Promise<void> {
    await this.sql.query(
      `delete from learner_evidence as gone
        where gone.namespace = $1 and gone.key_id = any($2) and gone.position = any($3)`,
      [this.namespace, this.ids, positions.map(String)],
    );
  }

  private patternIds(): string[] {
    return [...this.byId.values()]
      .filter((key) => this.names.has(nameOf(key)))
      .flatMap((key) =>
        (['success', 'failure'] as const).map((side) => patternIdOf(this.namespace, side, key)),
      );
  }
}

const evidenceOf = (row: PastRow, keys: readonly Key[]): Evidence => ({
  memoryId: row.memory_id,
  position: BigInt(row.position),
  task: row.task_id,
  success: row.success,
  signature: row.signature,
  line: '',
  keys: parentsFirst(keys),
  voted: { task: row.task_voted, agent: row.agent_voted },
  // None of these keys is about what is measured.
  measures: UNMEASURED,
});

/** The keys of some errors, of whatever type and agent. */
export async function keysOfSignatures(
  sql: Sql,
  namespace: string,
  signatures: readonly string[],
): Promise<Key[]> {
  const rows = await sql.query<{ key: Key }>(
    `select key.key
       from learner_keys as key
      where key.namespace = $1 and key.kind in ('type_signature', 'agent_type_signature')
        and key.key ->> -1 = any($2)`,
    [namespace, signatures],
  );
  return rows.map(({ key }) => key);
}

export const isExtracted = (key: Key): key is ExtractedKey => key[0] === 'extracted';
