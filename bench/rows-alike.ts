import { Injectable, Module } from '@nestjs/common';
import { type Sql } from '../src/database/index.js';
import {
  EventCatalog,
  EventStoreModule,
  Followers,
  type Projection,
  type StoredEvent,
} from '../src/event-store/index.js';
import { memoryEvents, type ExecutionStored } from '../src/memory/domain/memory.events.js';

/** The table, as its owner makes it; with the columns and the index of the rows that Emmett keeps. */
export const TABLE = `
  create table bench_rows (
    id uuid primary key, task_id text not null, task_type text not null, agent_id text,
    success boolean not null, description text, execution_summary text, at timestamptz not null
  );
  grant select, insert, update, delete, truncate on bench_rows to omoi_projector`;

class Rows {
  constructor(private readonly sql: Sql) {}

  async add(events: readonly StoredEvent<ExecutionStored>[]): Promise<void> {
    await this.sql.query(
      `insert into bench_rows (id, task_id, task_type, agent_id, success, description,
                               execution_summary, at)
       select row.memory_id, row.task_id, row.task_type, row.agent_id, row.success,
              row.description, row.execution_summary, row.at
         from jsonb_to_recordset($1::jsonb)
              as row(memory_id uuid, task_id text, task_type text, agent_id text, success boolean,
                     description text, execution_summary text, at timestamptz)`,
      [JSON.stringify(events.map(({ data, text }) => ({ ...data, ...text })))],
    );
  }
}

/** One row an event, the same that Emmett keeps. */
export const rowsAlike: Projection<ExecutionStored, Rows> = {
  name: 'bench-rows',
  source: import.meta.url,
  tables: ['bench_rows'],
  rows: (sql) => new Rows(sql),
  on: { 'memory.execution_stored': (events, rows) => rows.add(events) },
};

@Injectable()
class Following {
  constructor(followers: Followers, catalog: EventCatalog) {
    catalog.add(memoryEvents);
    followers.project(rowsAlike);
  }
}

/** Follows the log with these rows, and with nothing else. */
@Module({ imports: [EventStoreModule], providers: [Following] })
export class RowsAlikeModule {}
