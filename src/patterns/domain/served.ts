import { posterior, withFeedback, type Confidence, type Said } from './confidence.js';
import { votesOf, type KeyState, type Status } from './key-state.js';
import {
  isMeasured,
  isOnlyCompared,
  isSignature,
  patternTypeOf,
  ROOT,
  signatureIn,
  taskTypeOf,
  type Key,
  type PatternType,
  type SignatureKey,
} from './key.js';
import type { LearnerState } from './learner-state.js';
import { medianValue, NO_VALUES } from './measure.js';
import { patternIdOf } from './pattern-id.js';

/** From so many distinct tasks on a signature is a pattern. */
export const SIGNATURE_TASKS = 3;

/** The pattern that a key makes as it stands. */
export interface Served extends Confidence {
  readonly patternId: string;
  readonly status: Status;
  /** A key without votes is served as a success. */
  readonly side: PatternType;
  /** Executions, or failures, that the confidence is a share of. */
  readonly outOf: number;
}

/** What a confidence is made of before people are heard: `held` of `outOf`, with the prior's weight. */
export interface Basis {
  readonly held: number;
  readonly outOf: number;
  /** The share one level up, 0..1. */
  readonly prior: number;
  readonly share: number;
}

/** What a signature's share is made of; counts, from one moment. */
interface ShareCounts {
  /** Failures with the signature, and failures, of the type (and agent). */
  readonly own: Occurrences;
  /** The same of the type; null for a signature of a type, whose parent is everything. */
  readonly ofType: Occurrences | null;
  readonly everywhere: Occurrences;
}

interface Occurrences {
  readonly with: number;
  readonly failures: number;
}

/** The share of failures that a signature has, shrunk towards its share one level up. */
function shareOf({ own, ofType, everywhere }: ShareCounts): Basis {
  const overall = everywhere.with / Math.max(1, everywhere.failures);
  const prior = ofType ? posterior(ofType.with, ofType.failures, overall) : overall;
  const share = posterior(own.with, own.failures, prior);

  return { held: own.with, outOf: own.failures, prior, share };
}

/**
 * Whether a key makes a pattern that people see: from its first vote, what others are only compared with never. An error has no
 * gate and needs no votes, so it is seen from the first failure that shows it.
 */
export function isListed(of: KeyState): boolean {
  if (isSignature(of.key)) return of.executions > 0;

  return of.key[0] === 'extracted' || (!isOnlyCompared(of.key) && votesOf(of).votes > 0);
}

/** How sure it is, and of what. Feedback acts on the side it was given on, and on nothing else. */
export function served(state: LearnerState, of: KeyState): Served {
  const { key } = of;
  const direction = isSignature(key) ? 'failure' : of.direction;
  const side = patternTypeOf(key, direction ?? 'success');
  const patternId = patternIdOf(state.namespace, side, key);
  const { share, outOf } = basisOf(state, of, side);
  // What people retired stays so, even while nothing votes for either side.
  const isRetired = state.retired.has(patternId);

  return {
    ...withFeedback(share, outOf, heardOf(state, of, patternId)),
    patternId,
    side,
    outOf,
    status: isRetired ? 'retired' : statusOf(of),
  };
}

/** What people said of a key's pattern; it counts for nothing while the key leans to neither side. */
export const heardOf = (state: LearnerState, of: KeyState, patternId: string): Said[] =>
  of.direction === null && !isSignature(of.key)
    ? []
    : [...(state.feedback.get(patternId)?.values() ?? [])];

/** What the confidence of a key's pattern is made of, on the side of its claim. */
export function basisOf(state: LearnerState, of: KeyState, side: PatternType): Basis {
  const { key, successes, executions, prior } = of;
  if (isSignature(key)) return shareOf(countsOf(state, key));
  const rate = of.rate ?? prior;

  return side === 'failure'
    ? { held: executions - successes, outOf: executions, prior: 1 - prior, share: 1 - rate }
    : { held: successes, outOf: executions, prior, share: rate };
}

/**
 * What the successes of a measured key's type take or cost in the middle, in ms or US dollars; null when
 * there is no median, and of a key that measures nothing.
 */
export const medianFor = (key: Key, histograms: LearnerState['histograms']): number | null =>
  isMeasured(key) ? medianValue(histograms.get(taskTypeOf(key) ?? '') ?? NO_VALUES, key[0]) : null;

function statusOf({ key, tasks, isActive }: KeyState): Status {
  return (isSignature(key) ? tasks >= SIGNATURE_TASKS : isActive) ? 'active' : 'candidate';
}

/** The keys whose counts make a signature's share, besides its own and the root. */
export const shareKeysOf = (key: SignatureKey): Key[] =>
  key[0] === 'type_signature'
    ? [['type', key[1]]]
    : [
        ['agent_type', key[1], key[2]],
        ['type', key[2]],
        ['type_signature', key[2], key[3]],
      ];

function countsOf(state: LearnerState, key: SignatureKey): ShareCounts {
  const failuresOf = (group: Key): number => {
    const { executions, successes } = state.key(group);
    return executions - successes;
  };
  const occurring = (own: Key, group: Key): Occurrences => ({
    with: state.key(own).executions,
    failures: failuresOf(group),
  });
  const signature = signatureIn(key);
  const everywhere = { with: state.signatures.get(signature) ?? 0, failures: failuresOf(ROOT) };
  if (key[0] === 'type_signature') {
    return { own: occurring(key, ['type', key[1]]), ofType: null, everywhere };
  }
  const [, agent, taskType] = key;

  return {
    own: occurring(key, ['agent_type', agent, taskType]),
    ofType: occurring(['type_signature', taskType, signature], ['type', taskType]),
    everywhere,
  };
}
