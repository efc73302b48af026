import { setImmediate as everybodyElse, setTimeout as rest } from 'node:timers/promises';

/** How long, in ms, one may compute before others have their turn. */
const TURN_MS = 5;

/** Lets requests in between the pieces of long work: regexes over many texts take their time. */
export class Turns {
  private since = performance.now();

  /**
   * @param restMs how long others have after each turn, in ms: work that nobody waits for takes no more
   *   than its part; 0 goes on when everybody had one turn
   */
  constructor(private readonly restMs = 0) {}

  /** Between two pieces: goes on at once while the turn lasts. */
  async next(): Promise<void> {
    if (performance.now() - this.since < TURN_MS) return;
    await (this.restMs === 0 ? everybodyElse() : rest(this.restMs));
    this.since = performance.now();
  }
}

/** Those of `items` for which `keeps` says so, while others have their turns. */
export async function filteredInTurns<Item>(
  items: readonly Item[],
  keeps: (item: Item) => boolean,
): Promise<Item[]> {
  const turns = new Turns();
  const kept: Item[] = [];
  for (const item of items) {
    await turns.next();
    if (keeps(item)) kept.push(item);
  }

  return kept;
}
