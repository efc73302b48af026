import { executionsStored, type Told } from './made-events.js';
import { goThrough } from './progress.js';

/** Events in one append while a log is filled. */
const FILLING = 500;

/** A log of events, whoever keeps it. */
export interface Log {
  /** To a stream of their own; durable when it resolves. */
  append(events: readonly Told[]): Promise<void>;
}

/** Appends so many events, a multiple of 500, one append after the other. */
export async function fill(label: string, log: Log, events: number): Promise<void> {
  const starts = Array.from({ length: events / FILLING }, (_, index) => index * FILLING);
  await goThrough(label, starts, (start) => log.append(executionsStored(FILLING, start)));
}
