import { EventStore, execute } from '#event-store';
import { Clock, SERVICE_NAMESPACE } from '#kernel';
import { Injectable } from '@nestjs/common';
import type { EmbeddingEvent } from '../domain/embedding.events.js';
import type { EmbeddingMigration } from '../read-model/embedding-migration.js';

const STREAM = 'embedding-model';

/** Writes into the log that another model is asked from now on; once, however often it is tried. */
@Injectable()
export class ModelChange {
  constructor(
    private readonly store: EventStore,
    private readonly clock: Clock,
  ) {}

  async tell({ id, from_key: from, to_key: to }: EmbeddingMigration): Promise<void> {
    const name = `policy:embedding-migration:${id}`;
    const key = { name, hash: name, keptHours: null };
    const caller = {
      namespace: SERVICE_NAMESPACE,
      requestId: name,
      actor: null,
      traceparent: null,
      key,
    };
    const at = this.clock.now().toISOString();
    const event: EmbeddingEvent = {
      type: 'embedding.model_changed',
      data: { migration_id: id, from, to, at },
    };
    const wish = { caller, keys: [key], result: {}, causationId: null };
    await execute(this.store, wish, async () => {
      const { length: expected } = await this.store.read(SERVICE_NAMESPACE, STREAM);
      return [{ stream: STREAM, expected, events: [event] }];
    });
  }
}
