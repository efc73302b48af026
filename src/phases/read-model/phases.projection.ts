import type { Sql } from '#database';
import type { Projection } from '#event-store';
import type { Phase, PhaseEvent } from '../domain/phase.events.js';

/** The only writer of the table `phases`. */
class PhaseRows {
  constructor(private readonly sql: Sql) {}

  async put(phases: readonly Phase[]): Promise<void> {
    for (const phase of phases) await this.putOne(phase);
  }

  private async putOne(phase: Phase): Promise<void> {
    await this.sql.query(
      `insert into phases
              (id, name, description, sequence_order, allowed_transitions, is_terminal, configuration)
       select row.* from jsonb_to_record($1::jsonb)
           as row(id text, name text, description text, sequence_order int,
                  allowed_transitions jsonb, is_terminal boolean, configuration jsonb)
       on conflict (id) do update
          set name = excluded.name, description = excluded.description,
              sequence_order = excluded.sequence_order,
              allowed_transitions = excluded.allowed_transitions,
              is_terminal = excluded.is_terminal, configuration = excluded.configuration`,
      [JSON.stringify(phase)],
    );
  }
}

export const phasesProjection: Projection<PhaseEvent, PhaseRows> = {
  name: 'phases',
  source: import.meta.url,
  tables: ['phases'],
  rows: (sql) => new PhaseRows(sql),

  on: {
    'phase.defined': (events, rows) => rows.put(events.map(({ data }) => data)),
  },
};
