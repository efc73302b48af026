import { Database } from '#database';
import { SERVICE_NAMESPACE } from '#kernel';
import { Injectable } from '@nestjs/common';
import type { Phase } from '../domain/phase.events.js';

@Injectable()
export class PhaseReader {
  constructor(private readonly database: Database) {}

  /** All phases in their order: they are few. */
  all(): Promise<Phase[]> {
    return this.database.within(SERVICE_NAMESPACE, (sql) =>
      sql.query<Phase>(
        `select phase.id, phase.name, phase.description, phase.sequence_order,
                phase.allowed_transitions, phase.is_terminal, phase.configuration
           from phases as phase
          order by phase.sequence_order, phase.id collate "C"`,
      ),
    );
  }
}
