import { type Pool } from 'pg';
import { newId } from '../src/kernel/index.js';
import { type Log } from './log.js';
import { NAMESPACE, type Told } from './made-events.js';

const SCHEMA_VERSION = 1;

/** Tables of the same columns and indexes; positions come from a sequence and may have gaps. */
const TABLES = `
  create schema raw;
  create table raw.event (like es.event including all);
  alter table raw.event alter column position add generated always as identity;
  create table raw.text (like es.text including all)`;

/** One statement for so many events and their texts; $1 and $2 are the namespace and the metadata. */
function insertOf(events: number): string {
  const numbers = Array.from({ length: events }, (_, index) => 3 + 6 * index);
  const rows = numbers.map(
    (n) =>
      `($1, $${n}, $${n + 1}::int, $${n + 2}::uuid, $${n + 3}, ${SCHEMA_VERSION}, $${n + 4}::jsonb, $2::jsonb, clock_timestamp())`,
  );
  const texts = numbers.map((n) => `($${n + 2}::uuid, $1, $${n + 5}::jsonb)`);

  return `with recorded as (
      insert into raw.event (namespace, stream_id, version, event_id, type, schema_version, data,
                             metadata, recorded_at)
      values ${rows.join(', ')}
    )
    insert into raw.text (event_id, namespace, body) values ${texts.join(', ')}`;
}

/** The log as plain SQL would write it: an INSERT and no more, each a transaction of its own. */
export class RawLog implements Log {
  private readonly statements = new Map<number, string>();

  private constructor(
    private readonly pool: Pool,
    /** Whether the server reads and plans a statement once a connection, or each time. */
    private readonly isPrepared: boolean,
  ) {}

  static async make(pool: Pool): Promise<{ plain: RawLog; prepared: RawLog }> {
    await pool.query(TABLES);

    return { plain: new RawLog(pool, false), prepared: new RawLog(pool, true) };
  }

  /** Durable when it resolves. */
  async append(events: readonly Told[]): Promise<void> {
    const text = this.statements.get(events.length) ?? insertOf(events.length);
    this.statements.set(events.length, text);
    const name = this.isPrepared ? { name: `insert-${events.length}` } : {};
    await this.pool.query({ ...name, text, values: valuesOf(events) });
  }
}

function valuesOf(events: readonly Told[]): unknown[] {
  const metadata = { correlation_id: newId(), causation_id: null, actor: null, traceparent: null };
  const stream = `memory-${newId()}`;

  return [
    NAMESPACE,
    JSON.stringify(metadata),
    ...events.flatMap(({ type, data, text }, index) => [
      stream,
      index + 1,
      newId(),
      type,
      JSON.stringify(data),
      JSON.stringify(text),
    ]),
  ];
}
