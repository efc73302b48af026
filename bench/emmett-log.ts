import { type Pool } from 'pg';
import { newId } from '../src/kernel/index.js';
import { cutOff, type Connections } from './connections.js';
import {
  loadEmmett,
  type EmmettConsumer,
  type EmmettEvent,
  type EmmettEventStore,
  type Installed,
  type Pulling,
} from './emmett.js';
import { type Log } from './log.js';
import { type Told } from './made-events.js';

const TYPES = ['memory.execution_stored'];
const ROWS = `
  create table if not exists emmett_rows (
    id uuid primary key, task_id text not null, task_type text not null, agent_id text,
    success boolean not null, description text, execution_summary text, at timestamptz not null
  )`;
const INSERT = `
  insert into emmett_rows (id, task_id, task_type, agent_id, success, description, execution_summary, at)
  values ($1, $2, $3, $4, $5, $6, $7, $8)`;

/**
 * Does `work` with Emmett on the product's database, with up to `callers` connections; with null when
 * it is not installed, or the database is embedded: that has one connection, which the product keeps.
 */
export async function withEmmett<Result>(
  connections: Connections,
  callers: number,
  work: (emmett: EmmettLog | null) => Promise<Result>,
): Promise<Result> {
  const installed = connections.isEmbedded ? null : loadEmmett();
  if (!installed) return work(null);

  const { emmett, driver } = installed;
  const pool = new driver.Pool({ connectionString: connections.url, max: callers });
  pool.on('error', cutOff);
  try {
    const log = new EmmettLog(connections, emmett, pool);
    await log.prepare();

    return await work(log);
  } finally {
    await pool.end();
  }
}

/** Emmett in the database of the product. */
export class EmmettLog implements Log {
  private readonly store: EmmettEventStore;

  constructor(
    private readonly connections: Connections,
    private readonly emmett: Installed['emmett'],
    private readonly pool: Pool,
  ) {
    const options = { connectionOptions: { pool } };
    this.store = emmett.getPostgreSQLEventStore(connections.url, options);
  }

  async prepare(): Promise<void> {
    await this.store.schema.migrate();
    await this.pool.query(ROWS);
  }

  /** To a stream of their own; durable when it resolves. */
  async append(events: readonly Told[]): Promise<void> {
    const metadata = { correlationId: newId(), causationId: null, actor: null };
    const told = events.map(({ type, data, text }): EmmettEvent => ({
      type,
      data: { ...data, ...text },
      metadata,
    }));
    await this.store.appendToStream(`memory-${newId()}`, told, { expectedStreamVersion: 0n });
  }

  /** Hands each event to a handler that does nothing; gives how many. */
  async replay(): Promise<number> {
    const consumer = this.emmett.postgreSQLEventStoreConsumer({
      connectionString: this.connections.url,
      stopWhen: { noMessagesLeft: true },
    });
    let events = 0;
    const eachMessage = (): void => {
      events += 1;
    };
    consumer.reactor({ processorId: newId(), eachMessage });
    await this.toTheEnd(consumer);

    return events;
  }

  /**
   * Its own rebuild of a projection that keeps one row an event; gives how many rows. Under a name of
   * its own each time, because it would go on where it ended the last time.
   */
  async rebuild(pulling?: Pulling): Promise<number> {
    await this.pool.query('truncate emmett_rows');
    const projection = this.emmett.postgreSQLProjection({
      name: newId(),
      canHandle: TYPES,
      handle: async (messages, { connection: { client } }) => {
        for (const message of messages) await client.query(INSERT, rowOf(message));
      },
    });
    const options = { connectionString: this.connections.url, projections: [projection] };
    await this.toTheEnd(
      this.emmett.rebuildPostgreSQLProjections(pulling ? { ...options, pulling } : options),
    );
    const { rows } = await this.pool.query<{ count: number }>(
      'select count(*)::int as count from emmett_rows',
    );

    return rows[0]?.count ?? 0;
  }

  /** The consumer brings connections of its own, and ends them. */
  private async toTheEnd(consumer: EmmettConsumer): Promise<void> {
    await consumer.start();
    await consumer.close();
  }
}

function rowOf({ data }: EmmettEvent): unknown[] {
  const { memory_id, task_id, task_type, agent_id, success, at } = data;

  return [
    memory_id,
    task_id,
    task_type,
    agent_id,
    success,
    data.description,
    data.execution_summary,
    at,
  ];
}
