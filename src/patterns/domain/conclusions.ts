import type { KeyState, Noted } from './key-state.js';
import type { Key } from './key.js';
import type { Served } from './served.js';

/** A confidence that moved by less than this is not worth a line in the history. */
const WORTH_NOTING = 0.05;

/** Where in the log, and when: everything that is concluded carries it. */
export interface Moment {
  readonly position: bigint;
  /** RFC 3339. */
  readonly at: string;
  /** The type of the event. */
  readonly cause: string;
}

/** A pattern whose status or side changed, or whose confidence moved. */
export interface Change extends Served, Moment {
  readonly key: Key;
  readonly executions: number;
  /** What was last noted of this key; null when it was in no list. */
  readonly was: Noted | null;
}

/** A pattern as it was when it was last concluded on. */
export interface Concluded extends Served {
  readonly of: KeyState;
  /** When that was for the first time among these events, and for the last. */
  readonly since: Moment;
  readonly last: Moment;
}

/** Whether nothing changed that is worth noting. */
export const isAlike = (was: Noted, now: Served): boolean =>
  was.side === now.side &&
  was.status === now.status &&
  Math.abs(was.confidence - now.confidence) < WORTH_NOTING;
