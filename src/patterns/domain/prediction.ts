import { predicted, type Interval } from './confidence.js';
import { nameOf, parentsOf, prefixOf, ROOT, type Key } from './key.js';
import { taskName, type LearnerState } from './learner-state.js';
import { succeeded, wordsOf } from './words.js';

/** Whose success is asked about. */
export interface Candidate {
  readonly taskType: string;
  /** Null when nobody is named. */
  readonly agent: string | null;
  /** Null when the task is not known yet. */
  readonly task: string | null;
}

export interface Prediction {
  readonly probability: number;
  readonly interval: Interval;
  /** What it rests on, in sentences with their numbers. */
  readonly basis: readonly string[];
}

/**
 * How likely the next execution succeeds; `state` holds the keys of `predictionKeys`.
 * @param finds whether the regex of an extracted pattern finds the task: said, and not counted
 */
export function predict(
  state: LearnerState,
  candidate: Candidate,
  finds: (regex: string) => boolean = () => false,
): Prediction {
  const keys = predictionKeys(candidate);
  const [key = ROOT] = keys;
  const own = candidate.task === null ? undefined : state.tasks.get(taskName(ROOT, candidate.task));
  const history = own ?? { successes: 0, executions: 0 };
  const said = [...keys, ...state.extracted().filter(([, , regex]) => finds(regex))]
    .flatMap((each) => state.keys.get(nameOf(each)) ?? [])
    .filter(({ executions }) => executions > 0);
  const n = state.keys.get(nameOf(key))?.executions ?? 0;

  return {
    ...predicted(rateOf(state, key), n, history),
    basis: [
      ...(history.executions > 0 ? [succeeded(history, 'this task')] : []),
      ...said.map((each) => succeeded(each, wordsOf(each.key))),
    ],
  };
}

/** The keys that a prediction reads, the most particular first. */
export function predictionKeys({ taskType, agent }: Candidate): Key[] {
  const prefix = prefixOf(taskType);

  return [
    ...(agent === null
      ? []
      : ([
          ['agent_type', agent, taskType],
          ['agent', agent],
        ] as const)),
    ['type', taskType],
    ...(prefix === null ? [] : [['prefix', prefix] as const]),
    ROOT,
  ];
}

/** The stored rate; an unknown key has the mean of its parents'. */
function rateOf(state: LearnerState, key: Key): number {
  const known = state.keys.get(nameOf(key));
  if (known) return known.rate ?? 0.5;
  const parents = parentsOf(key).map((parent) => rateOf(state, parent));

  return parents.length === 0 ? 0.5 : parents.reduce((sum, rate) => sum + rate, 0) / parents.length;
}
