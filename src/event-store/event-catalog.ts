import type { DomainEvent, EventSchema, EventSchemas } from '#kernel';
import { Injectable } from '@nestjs/common';
import type { Append, StoredEvent } from './event-store.js';

const MAX_EVENTS = 1_000;
const MAX_DATA_BYTES = 256 * 1_024;

/** Every type of event there is. Each room adds its own when it is made. */
@Injectable()
export class EventCatalog {
  private readonly schemas = new Map<string, EventSchema>();

  add(schemas: EventSchemas): void {
    for (const [type, schema] of Object.entries(schemas)) {
      const { version, upcasters = [] } = schema;
      if (upcasters.length !== version - 1) {
        throw new Error(`${type} is at version ${String(version)} and lacks an upcaster to it.`);
      }
      this.schemas.set(type, schema);
    }
  }

  /** An event as the present code knows it, whatever version it was written in. */
  upcast(event: StoredEvent): StoredEvent {
    const { upcasters = [], version } = this.schemaOf(event.type);
    if (event.schemaVersion >= version) return event;

    return {
      ...upcasters
        .slice(event.schemaVersion - 1)
        .reduce<StoredEvent>((old, upcaster) => ({ ...old, ...upcaster(old as never) }), event),
      schemaVersion: version,
    };
  }

  /** Every type with its schema, in the order of their names. */
  all(): [type: string, schema: EventSchema][] {
    return [...this.schemas].sort(([a], [b]) => (a < b ? -1 : 1));
  }

  hasText(type: string): boolean {
    return this.schemaOf(type).text !== undefined;
  }

  /** Whether texts go with events of this type. */
  erases(type: string): boolean {
    return this.schemas.get(type)?.erases ?? false;
  }

  /** The types of events with which texts go. */
  erasing(): string[] {
    return this.all()
      .filter(([, { erases }]) => erases)
      .map(([type]) => type);
  }

  versionOf(type: string): number {
    return this.schemaOf(type).version;
  }

  /** @throws Error when nothing is appended, too much, or an event of unknown type or shape. */
  check({ writes, keys }: Pick<Append, 'writes' | 'keys'>): void {
    const events = writes.flatMap((write) => write.events);
    const isEmpty = events.length === 0 && (writes.length > 0 || keys.length === 0);
    const forgets = writes.some((write) => write.forgets?.length && write.events.length === 0);
    if (isEmpty || forgets) throw new Error('An empty append.');
    if (events.length > MAX_EVENTS) {
      throw new Error(
        `An append of ${String(events.length)} events; ${String(MAX_EVENTS)} is most.`,
      );
    }
    events.forEach((event) => {
      this.checkOne(event);
    });
  }

  private checkOne({ type, data, text }: DomainEvent): void {
    const schema = this.schemaOf(type);
    const bytes = Buffer.byteLength(JSON.stringify(data));
    if (bytes > MAX_DATA_BYTES) {
      throw new Error(
        `${type} with ${String(bytes)} bytes of data; ${String(MAX_DATA_BYTES)} is most.`,
      );
    }
    schema.data.parse(data);
    if (text !== undefined && schema.text === undefined) throw new Error(`${type} has no text.`);
    schema.text?.parse(text);
  }

  private schemaOf(type: string): EventSchema {
    const schema = this.schemas.get(type);
    if (!schema) throw new Error(`No event is called ${type}.`);

    return schema;
  }
}
