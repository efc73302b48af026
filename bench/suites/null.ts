import { seeded } from '../../src/patterns/chance.js';
import { byChance, Look, shareOf, type Found } from '../../src/patterns/domain/null-test.js';
import {
  SHUFFLES,
  shuffled,
  type Shuffle,
  type Tried,
} from '../../src/patterns/domain/shuffled.js';
import { type Asked } from '../arguments.js';
import { madeTries } from '../made-tries.js';
import { mean } from '../metrics.js';
import { goThrough } from '../progress.js';
import { readStreamByType } from '../stream.js';
import { NONE, type Figures, type Outcome, type Suite } from '../suite.js';

const SEED = 1;
/** A log that is given is shuffled so often in each way; of those that are generated, all together. */
const TIMES = 200;
const [LOGS, EXECUTIONS] = [8, 2_000];

/** How many keys does chance make active? The outcomes of a log are shuffled, and looked at after each. */
export const nullTest: Suite = {
  records: 'either',
  bars: () => ({ ever_by_execution: { atMost: 0.01 }, ever_by_task: { atMost: 0.01 } }),

  async run({ data }: Asked): Promise<Outcome> {
    const below = seeded(SEED);
    const logs =
      data === ''
        ? Array.from({ length: LOGS }, () => madeTries(EXECUTIONS, below))
        : [await readTries(data)];
    const deals = SHUFFLES.flatMap((by) =>
      Array.from({ length: TIMES }, (_, nth) => ({ by, log: logs[nth % logs.length] ?? [] })),
    );
    const found = await goThrough('Shuffling', deals, ({ by, log }) =>
      Promise.resolve({ by, of: look(shuffled(log, by, below)) }),
    );
    const foundBy = (by: Shuffle): Found[] =>
      found.filter((one) => one.by === by).map((one) => one.of);
    const seen = await goThrough('Looking', logs, (log) => Promise.resolve(look(log)));

    return {
      n: logs.reduce((total, log) => total + log.length, 0),
      metrics: {
        ever_by_execution: shareOf(byChance(foundBy('by_execution'))),
        ever_by_task: shareOf(byChance(foundBy('by_task'))),
      },
      slices: {
        as_it_was: figuresOf(seen),
        by_execution: figuresOf(foundBy('by_execution')),
        by_task: figuresOf(foundBy('by_task')),
      },
      latencies: [],
      modelKey: NONE,
      database: NONE,
    };
  },
};

function look(log: readonly Tried[]): Found {
  const seen = new Look();
  for (const event of log) seen.next(event);

  return seen.found();
}

async function readTries(folder: string): Promise<Tried[]> {
  const executions = await readStreamByType(folder);

  return executions.map(({ task_id, task, agent_id = null, success }, nth) => ({
    is: 'execution',
    execution: {
      memoryId: `memory-${nth}`,
      task: task_id,
      taskType: task.type,
      description: null,
      agent: agent_id,
      tags: [],
      tools: [],
      success,
      signature: null,
      isEcho: false,
      durationMs: null,
      costUsd: null,
    },
  }));
}

/** Means of the logs, and how far they lie apart. */
function figuresOf(found: readonly Found[]): Figures {
  const { shuffles: logs, keys, everActive, active } = byChance(found);
  const shares = found.map(shareOf);
  const middle = mean(shares);
  const variance = mean(shares.map((one) => (one - middle) ** 2));

  return {
    logs,
    keys,
    ever_active: everActive,
    share: everActive / keys,
    standard_error: Math.sqrt(variance / logs),
    most: Math.max(...shares),
    active,
  };
}
