import type { Client } from './client.js';
import type { Printer } from './printer.js';

/** What a command gets, and what it answers: whether all was well. */
interface Desk {
  readonly client: Client;
  readonly printer: Printer;
}

/** Wraps the work of a command: connects, does it, and leaves. */
export type Act = <Arguments extends unknown[]>(
  work: (desk: Desk, ...given: Arguments) => Promise<boolean>,
) => (...given: Arguments) => Promise<void>;

/** Wraps the work of a command that needs no service. */
export type Alone = <Arguments extends unknown[]>(
  work: (printer: Printer, ...given: Arguments) => Promise<boolean>,
) => (...given: Arguments) => Promise<void>;
