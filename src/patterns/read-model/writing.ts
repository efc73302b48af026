import type { Sql } from '#database';
import type { Past, Tell } from '#event-store';

/** Where the learner writes, where it tells what it concludes, and the log for what it reads again. */
export interface Writing {
  readonly sql: Sql;
  readonly tell: Tell;
  readonly past: Past;
}
