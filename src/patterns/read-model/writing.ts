import type { Sql } from '#database';
import type { Past, Reading } from '#event-store';

/** Where the learner writes, whether it tells what it concludes, and the log for what it reads again. */
export interface Writing {
  readonly sql: Sql;
  readonly reading: Reading;
  readonly past: Past;
}
