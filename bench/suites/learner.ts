import { LearnerState } from '../../src/patterns/domain/learner-state.js';
import { Learner, type Execution } from '../../src/patterns/domain/learner.js';
import { isFound } from '../../src/patterns/regex.js';
import { neededHeap } from '../heap.js';
import { madeExecutions, REGEXES } from '../made-executions.js';
import { mean } from '../metrics.js';
import { goThrough } from '../progress.js';
import { NONE, type Figures, type Outcome, type Suite } from '../suite.js';

const EXECUTIONS = 100_000;
/** After so many it is looked at what is kept. */
const SLICE = 10_000;
/** The service folds up to so many events at a time. */
const PAGE = 200;
const SEED = 1;

/** After a slice. */
interface Kept {
  readonly heap: number;
  readonly keys: number;
  /** Keys by task. */
  readonly counts: number;
}

/** Does one more execution cost the same, however many came before it? The fold alone, in memory. */
export const learner: Suite = {
  records: 'generated',
  bars: () => ({
    cpu_ms_last: { atMost: 1 },
    cpu_ms_mean: { atMost: 1 },
    last_over_first: { atMost: 1.5 },
    heap_growth: { atMost: 1.1 },
  }),

  async run(): Promise<Outcome> {
    await pagesOf('Warming up', new Fold(SEED + 1), SLICE);
    const fold = new Fold(SEED);
    const kept = [fold.kept()];
    const cpu: number[] = [];
    for (let folded = 0; folded < EXECUTIONS; folded += SLICE) {
      cpu.push(...(await pagesOf(`After ${folded}`, fold, SLICE)));
      kept.push(fold.kept());
    }

    return {
      n: EXECUTIONS,
      metrics: figuresOf(cpu, kept),
      slices: Object.fromEntries(
        kept.map(({ heap, keys, counts }, index) => [
          `after ${index * SLICE}`,
          { heap_mib: heap, keys, counts, ...cpuOf(cpu, index) },
        ]),
      ),
      latencies: [],
      modelKey: NONE,
      database: NONE,
    };
  },
};

/** A log without end on its way through the learner, page by page as in the service, but on no tables. */
class Fold {
  private readonly state = new LearnerState('bench');
  private readonly log: Generator<Execution, never>;
  private position = 0n;

  constructor(seed: number) {
    this.log = madeExecutions(seed);
    const learner = new Learner(this.state, isFound);
    for (const regex of REGEXES) {
      const key = ['extracted', 'success', regex] as const;
      learner.beginExtracting(key);
      learner.endExtracting(key, this.moment('pattern.extracted'));
    }
  }

  /** Folds a page, and gives the milliseconds of CPU that each of its executions took. */
  page(): number {
    const executions = Array.from({ length: PAGE }, () => this.log.next().value);
    const start = process.cpuUsage();
    const learner = new Learner(this.state, isFound);
    // What it gives as evidence goes to tables in the service, and is dropped here.
    for (const one of executions) learner.learn(one, this.moment('memory.execution_stored'));
    const { user, system } = process.cpuUsage(start);

    return (user + system) / 1_000 / PAGE;
  }

  kept(): Kept {
    return { heap: neededHeap(), keys: this.state.keys.size, counts: this.state.tasks.size };
  }

  private moment(cause: string): { position: bigint; at: string; cause: string } {
    this.position += 1n;

    return { position: this.position, at: '2026-01-01T00:00:00.000Z', cause };
  }
}

const pagesOf = (label: string, fold: Fold, executions: number): Promise<number[]> =>
  goThrough(label, Array.from({ length: executions / PAGE }), () => Promise.resolve(fold.page()));

function figuresOf(cpu: readonly number[], kept: readonly Kept[]): Figures {
  const thousand = 1_000 / PAGE;
  const [first, last] = [mean(cpu.slice(0, thousand)), mean(cpu.slice(-thousand))];
  const heapAfter = (executions: number): number => kept[executions / SLICE]?.heap ?? NaN;

  return {
    cpu_ms_first: first,
    cpu_ms_last: last,
    last_over_first: last / first,
    cpu_ms_mean: mean(cpu),
    heap_growth: heapAfter(EXECUTIONS) / heapAfter(EXECUTIONS / 2),
  };
}

/** What an execution of a slice cost; before the first there is nothing. */
function cpuOf(cpu: readonly number[], slice: number): Figures {
  const pages = SLICE / PAGE;

  return slice === 0 ? {} : { cpu_ms: mean(cpu.slice((slice - 1) * pages, slice * pages)) };
}
