import type { z } from 'zod';
import type { DomainEvent } from './domain-event.js';

/** What one type of event holds. `says` is its sentence in docs/events.md. */
export interface EventSchema {
  readonly says: string;
  readonly version: number;
  readonly data: z.ZodObject;
  readonly text?: z.ZodObject;
}

/** The types of a room's events, by name: `memory.execution_stored`. */
export type EventSchemas = Readonly<Record<string, EventSchema>>;

type TextOf<Schema extends EventSchema> = Schema extends { text: infer Text extends z.ZodObject }
  ? z.output<Text>
  : never;

/** The union of the events that a room's schemas describe. */
export type EventOf<Schemas extends EventSchemas> = {
  [Type in keyof Schemas & string]: DomainEvent<
    Type,
    z.output<Schemas[Type]['data']>,
    TextOf<Schemas[Type]>
  >;
}[keyof Schemas & string];
