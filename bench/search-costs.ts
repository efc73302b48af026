import { percentile } from './metrics.js';
import { compared, inTurn, type Contender } from './rounds.js';
import { timed, type Outcome } from './suite.js';

const ROUNDS = 6;
/** How many searches a turn of one client has, and how long a turn of 20 is. */
const SEARCHES = 60;
const TURN_MS = 3_000;
const CLIENTS = 20;

/** Somebody who searches, and the processes whose CPU that takes. */
export interface Searcher {
  readonly name: 'service' | 'bare';
  /** Asks the question of that number. */
  readonly search: (nth: number) => Promise<unknown>;
  /** Seconds of CPU so far. */
  readonly cpu: () => Promise<number>;
}

/**
 * What a search of the service costs over the bare statement, the two in turn. Rates are searches per
 * second, of one client by the median of their times, of 20 by the CPU that they take.
 */
export async function searchCosts(
  searchers: readonly Searcher[],
): Promise<Pick<Outcome, 'metrics' | 'slices'>> {
  const alone = await inTurn('Searching alone', searchers.map(oneClient), ROUNDS);
  const together = await inTurn('Searching together', searchers.map(manyClients), ROUNDS);

  return compared(
    { ...alone, ...together },
    {
      search_p50_to_bare: ['bare_by_its_p50', 'service_by_its_p50'],
      search_cpu_to_bare_20: ['bare_20_by_its_cpu', 'service_20_by_its_cpu'],
    },
  );
}

const oneClient = ({ name, search }: Searcher): Contender => ({
  name: `${name}_by_its_p50`,
  round: async () => {
    const took: number[] = [];
    for (let nth = 0; nth < SEARCHES; nth += 1) await timed(took, () => search(nth));

    return 1_000 / percentile(took, 50);
  },
});

const manyClients = ({ name, search, cpu }: Searcher): Contender => ({
  name: `${name}_20_by_its_cpu`,
  round: async () => {
    const [start, before] = [performance.now(), await cpu()];
    let asked = 0;
    const goOn = async (): Promise<void> => {
      while (performance.now() - start < TURN_MS) await search((asked += 1));
    };
    await Promise.all(Array.from({ length: CLIENTS }, goOn));

    return asked / ((await cpu()) - before);
  },
});
