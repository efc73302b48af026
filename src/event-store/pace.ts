const WINDOW_MS = 60_000;
/** Notes closer together than this are one. */
const STEP_MS = 1_000;

interface Passing {
  readonly at: number;
  readonly position: bigint;
}

/** How fast somebody goes through the log, over the last minute. */
export class Pace {
  private passed: Passing[] = [];

  /** @param now in ms, of a clock that only goes on */
  note(position: bigint, now = performance.now()): void {
    const last = this.passed.at(-1);
    if (last && (now - last.at < STEP_MS || last.position === position)) return;
    this.passed = [...this.passed.filter(({ at }) => now - at <= WINDOW_MS), { at: now, position }];
  }

  /** Positions in a second. */
  rate(now = performance.now()): number {
    const recent = this.passed.filter(({ at }) => now - at <= WINDOW_MS);
    const [first, last] = [recent[0], recent.at(-1)];
    if (!first || !last || first === last) return 0;

    return Number(last.position - first.position) / ((now - first.at) / 1_000);
  }
}
