import { drawPlot } from '../../src/plot/index.js';
import { type Api, type NewExecution } from '../api.js';
import { type Asked } from '../arguments.js';
import { calibrationPlot } from '../calibration-plot.js';
import { auroc, brier, calibration, ece } from '../metrics.js';
import { goThrough } from '../progress.js';
import { withService } from '../service.js';
import { readStream } from '../stream.js';
import { NONE, timed, type Outcome, type Suite } from '../suite.js';

/** What was predicted of an execution before it happened, and what became of it. */
interface Foretold {
  readonly probability: number;
  readonly success: boolean;
}

/** Does it know how an execution will end, from what happened before and nothing else? */
export const learn: Suite = {
  records: 'given',
  bars: () => ({ auc: { atLeast: 0.86 }, brier: { atMost: 0.125 }, ece: { atMost: 0.055 } }),

  async run({ data, set, embedder }: Asked): Promise<Outcome> {
    const executions = await readStream(data);

    return withService(embedder, async ({ api, database }) => {
      const latencies: number[] = [];
      const foretold = await goThrough('Predicting and storing', executions, (execution) =>
        foretell(api, execution, latencies),
      );

      return {
        n: foretold.length,
        ...judged(foretold, set),
        latencies,
        modelKey: NONE,
        database,
      };
    });
  },
};

/** Asks first and tells then. */
async function foretell(api: Api, execution: NewExecution, latencies: number[]): Promise<Foretold> {
  const { task_id, task, agent_id = null, success } = execution;
  const { probability } = await timed(latencies, () =>
    api.predict({ task_type: task.type, agent_id, task_id }),
  );
  await api.store(execution);

  return { probability, success };
}

function judged(
  foretold: readonly Foretold[],
  set: string,
): Pick<Outcome, 'metrics' | 'slices' | 'plot'> {
  const probabilities = foretold.map(({ probability }) => probability);
  const outcomes = foretold.map(({ success }) => success);
  const bins = calibration(probabilities, outcomes);

  return {
    metrics: {
      auc: auroc(
        probabilities.filter((_, at) => outcomes[at]),
        probabilities.filter((_, at) => !outcomes[at]),
      ),
      brier: brier(probabilities, outcomes),
      ece: ece(probabilities, outcomes),
    },
    slices: Object.fromEntries(
      bins
        .filter(({ n }) => n > 0)
        .map(({ low, n, predicted, observed }) => [
          `p from ${low.toFixed(1)}`,
          { n, predicted, observed },
        ]),
    ),
    plot: drawPlot(calibrationPlot(set, bins)),
  };
}
