import { EventStore } from '#event-store';
import { Injectable } from '@nestjs/common';

/** When what stands in the log was recorded. Its clock does not go back. */
@Injectable()
export class LogTimes {
  constructor(private readonly store: EventStore) {}

  /** RFC 3339, in ms. */
  async of(position: bigint): Promise<string> {
    const [event] = await this.store.readAll(position - 1n, 1);
    if (event?.position !== position) throw new Error(`Nothing stands at ${String(position)}.`);

    return event.recordedAt;
  }

  /**
   * The last position up to `end` that was recorded at a time or before it; 0 when there is none.
   * @param time RFC 3339 in UTC, in ms
   */
  async lastBy(time: string, end: bigint): Promise<bigint> {
    let [known, later] = [0n, end + 1n];
    while (later - known > 1n) {
      const middle = (known + later) / 2n;
      if ((await this.of(middle)) <= time) known = middle;
      else later = middle;
    }

    return known;
  }
}
