import { SingleBar } from 'cli-progress';

const FORMAT = '{label} {bar} {value}/{total}, {eta_formatted} left';

/** One after the other, with a progress bar on the terminal's error stream. */
export async function goThrough<Item, Result>(
  label: string,
  items: readonly Item[],
  work: (item: Item) => Promise<Result>,
): Promise<Result[]> {
  const bar = new SingleBar({ format: FORMAT, clearOnComplete: true, hideCursor: true });
  bar.start(items.length, 0, { label });
  const results: Result[] = [];
  try {
    for (const item of items) {
      results.push(await work(item));
      bar.increment();
    }
  } finally {
    bar.stop();
  }

  return results;
}
