import type { z } from 'zod';
import type { DomainEvent } from './domain-event.js';

/** What an event holds apart from its place in the log, in whatever version it was written. */
export interface EventContent {
  readonly data: Readonly<Record<string, unknown>>;
  /** Missing where there was none or it was erased. */
  readonly text?: Readonly<Record<string, unknown>>;
}

/** Translates an event from one version into the next; pure, and never with another's help. */
export type Upcaster = (old: EventContent) => EventContent;

/** What one type of event holds. `says` is its sentence in docs/events.md. */
export interface EventSchema {
  readonly says: string;
  readonly version: number;
  readonly data: z.ZodObject;
  readonly text?: z.ZodObject;
  /** Texts went with it: no other version of what was read out of the log may keep them. */
  readonly erases?: boolean;
  /** From version 1 to 2, from 2 to 3, …: one for each version but the present. */
  readonly upcasters?: readonly Upcaster[];
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
