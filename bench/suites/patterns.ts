import { setTimeout as sleep } from 'node:timers/promises';
import { keysOf, nameOf, type Key } from '../../src/patterns/domain/key.js';
import { type Api, type NewExecution, type Pattern } from '../api.js';
import { type Asked } from '../arguments.js';
import { CannotRun } from '../cannot-run.js';
import { share } from '../metrics.js';
import { storeAll } from '../remember.js';
import { withService } from '../service.js';
import { readStreamByType } from '../stream.js';
import { NONE, timed, type Outcome, type Suite } from '../suite.js';

/** Executions behind a pattern that is held to its word. */
const LEAST = 3;
const POLL_MS = 100;
const PATIENCE_MS = 60_000;

/** What a pattern of an agent at a type claimed at half time, and what happened afterwards. */
interface Held {
  readonly name: string;
  readonly before: number;
  readonly after: number;
  /** Success rates, 0..1. */
  readonly claimed: number;
  readonly happened: number;
}

/** Does what it says of the first half hold in the second, and does it say something of most? */
export const patterns: Suite = {
  records: 'given',
  bars: () => ({ gap: { atMost: 0.06 }, coverage: { atLeast: 0.95 } }),

  async run({ data, embedder }: Asked): Promise<Outcome> {
    const executions = await readStreamByType(data);
    const half = Math.floor(executions.length / 2);
    const [before, after] = [executions.slice(0, half), executions.slice(half)];

    return withService(embedder, async ({ api, database }) => {
      await storeAll(api, before);
      const latencies: number[] = [];
      const learned = await learnedOf(api, half, latencies);

      return { n: after.length, ...judged(learned, after), latencies, modelKey: NONE, database };
    });
  },
};

/** Everything that was learned of `executions`, once all were: each of them counts for one type. */
async function learnedOf(
  api: Api,
  executions: number,
  latencies: number[],
): Promise<readonly Pattern[]> {
  const patience = performance.now() + PATIENCE_MS;
  while (performance.now() < patience) {
    const learned = await allFrom(null, api, latencies);
    const types = learned.filter(({ definition: [kind] }) => kind === 'type');
    if (types.reduce((total, type) => total + executionsOf(type), 0) === executions) return learned;
    await sleep(POLL_MS);
  }
  throw new CannotRun('The service has not learned from everything that was stored.');
}

async function allFrom(
  cursor: string | null,
  api: Api,
  latencies: number[],
): Promise<readonly Pattern[]> {
  const { items, next_cursor } = await timed(latencies, () => api.patterns(cursor));

  return next_cursor === null ? items : [...items, ...(await allFrom(next_cursor, api, latencies))];
}

const executionsOf = ({ evidence: { successes, failures } }: Pattern): number =>
  successes + failures;

/** Holds what was `learned` against the executions `after` it. */
export function judged(
  learned: readonly Pattern[],
  after: readonly NewExecution[],
): Pick<Outcome, 'metrics' | 'slices'> {
  const held = learned.flatMap((pattern) => holdToItsWord(pattern, after));
  const compared = held.reduce((total, one) => total + one.after, 0);
  const off = held.map((one) => one.after * Math.abs(one.claimed - one.happened));
  const known = new Set(learned.map(({ definition }) => JSON.stringify(definition)));

  return {
    metrics: {
      gap: off.reduce((total, distance) => total + distance, 0) / compared,
      coverage: share(after.map((one) => keysFor(one).some((key) => known.has(nameOf(key))))),
      keys_compared: held.length,
      executions_compared: compared,
    },
    slices: Object.fromEntries(held.map(({ name, ...figures }) => [name, figures])),
  };
}

/** Nothing when it has too little behind it, is about something else, or its case never came again. */
function holdToItsWord(pattern: Pattern, after: readonly NewExecution[]): Held[] {
  const [kind, agent = '', type = ''] = pattern.definition;
  if (kind !== 'agent_type' || executionsOf(pattern) < LEAST) return [];
  const later = after.filter((one) => one.agent_id === agent && one.task.type === type);
  if (later.length === 0) return [];
  const { pattern_type, confidence_score } = pattern;

  return [
    {
      name: `${agent}, ${type}`,
      before: executionsOf(pattern),
      after: later.length,
      claimed: pattern_type === 'success' ? confidence_score : 1 - confidence_score,
      happened: share(later.map(({ success }) => success)),
    },
  ];
}

/** What an execution is known by before it ends. */
const keysFor = ({ task, agent_id: agent = null }: NewExecution): Key[] =>
  keysOf({ taskType: task.type, agent, tags: [], tools: [], success: true, signature: null });
