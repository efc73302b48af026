import { posterior } from './confidence.js';
import { weigh, type Votes, type Weighed } from './gate.js';
import { isMeasured, isSignature, votersOf, type Key, type PatternType, type Side } from './key.js';
import type { Measures } from './measure.js';
import { isTooMuch, watched, type Claim } from './watch.js';

/** One execution as evidence: what it counted for, and whether it voted. */
export interface Evidence {
  readonly memoryId: string;
  readonly position: bigint;
  readonly task: string;
  readonly success: boolean;
  readonly signature: string | null;
  /** What extracted regexes are searched in. */
  readonly line: string;
  readonly keys: readonly Key[];
  /** Whether it is the first of its task, and the first of its agent on its task. */
  readonly voted: Readonly<Record<'task' | 'agent', boolean>>;
  readonly measures: Measures;
}

/** What is counted of evidence for one key. */
export type Counted = Pick<Evidence, 'position' | 'task' | 'success' | 'voted' | 'measures'>;

/** Whether an execution counts as a success for a key: of what is measured, when it was better. */
export const succeeds = (
  key: Key,
  { success, measures }: Pick<Counted, 'success' | 'measures'>,
): boolean => (isMeasured(key) ? measures[key[0]].isBetter === true : success);

/** Sums of votes at an earlier position. */
interface VotesUntil extends Votes {
  readonly position: bigint;
}

/** What was last told of a key's pattern; the next change is measured against it. */
export interface Noted {
  readonly side: PatternType;
  readonly status: Status;
  readonly confidence: number;
}

export type Status = 'candidate' | 'active' | 'retired';

/** Everything that is counted and concluded of one key. Rates are of success, 0..1. */
export interface KeyState {
  readonly key: Key;
  successes: number;
  executions: number;
  /** Distinct tasks among the executions that count. */
  tasks: number;
  votes: Record<'task' | 'agent', Votes>;
  /** The mean rate of its parents when it was last touched. */
  prior: number;
  /** Null for signatures: theirs is a share of failures. */
  rate: number | null;
  lnE: number | null;
  /** The side of its votes; null without votes. */
  direction: Side | null;
  isActive: boolean;
  /** What was claimed when it became active. */
  claim: Claim | null;
  cusum: number;
  demotions: number;
  /** The votes up to its last restart, which the gate leaves out. */
  cut: VotesUntil;
  /** The votes up to the last time that `cusum` was zero: where a restart begins. */
  zero: VotesUntil;
  noted: Noted | null;
}

const NONE: Votes = { successes: 0, votes: 0 };
const BEFORE_ALL: VotesUntil = { ...NONE, position: 0n };

export const newKeyState = (key: Key): KeyState => ({
  key,
  successes: 0,
  executions: 0,
  tasks: 0,
  votes: { task: NONE, agent: NONE },
  prior: 0.5,
  rate: isSignature(key) ? null : 0.5,
  lnE: null,
  direction: null,
  isActive: false,
  claim: null,
  cusum: 0,
  demotions: 0,
  cut: BEFORE_ALL,
  zero: BEFORE_ALL,
  noted: null,
});

/** The votes that its gate looks at. */
export const votesOf = (state: KeyState): Votes => state.votes[votersOf(state.key)];

/** Counts an execution, or takes it back. A vote taken back leaves the remembered sums it was part of, too. */
export function count(state: KeyState, one: Counted, sign: 1 | -1): void {
  const success = succeeds(state.key, one) ? sign : 0;
  const moved = ({ successes, votes }: Votes): Votes => ({
    successes: successes + success,
    votes: votes + sign,
  });
  const without = (until: VotesUntil): VotesUntil =>
    one.position <= until.position ? { ...moved(until), position: until.position } : until;

  state.successes += success;
  state.executions += sign;
  state.votes = {
    task: one.voted.task ? moved(state.votes.task) : state.votes.task,
    agent: one.voted.agent ? moved(state.votes.agent) : state.votes.agent,
  };
  if (sign < 0 && one.voted[votersOf(state.key)]) {
    state.cut = without(state.cut);
    state.zero = without(state.zero);
  }
}

/** The rate anew, on the parents' rates as they stand. */
export function settleRate(state: KeyState, parents: readonly number[]): void {
  const sum = parents.reduce((total, rate) => total + rate, 0);
  state.prior = parents.length === 0 ? 0.5 : sum / parents.length;
  if (state.rate !== null) {
    state.rate = posterior(state.successes, state.executions, state.prior);
  }
}

/**
 * The gate, then the watch.
 * @param others the votes of the key that this one is compared with, its own among them
 * @param success what the execution that touched it counts as; null when nothing was executed
 */
export function judge(state: KeyState, others: Votes, at: bigint, success: boolean | null): void {
  const was = state.isActive ? state.direction : null;
  const { lnE, base, leans, passes } = judgement(state, others);
  state.lnE = lnE;
  state.direction = leans;
  state.isActive = passes;
  if (!passes) {
    state.cusum = 0;
  } else if (was !== leans) {
    const rate = state.rate ?? base;
    state.claim = leans === 'success' ? { rate, base } : { rate: 1 - rate, base: 1 - base };
    markZero(state, at);
  } else if (success !== null) {
    watch(state, at, success === (leans === 'success'));
  }
}

function judgement(state: KeyState, others: Votes): Weighed {
  const own = votesOf(state);
  const weighed = weigh(less(own, state.cut), less(others, own), state.demotions);
  const side = onlySideOf(state.key);
  if (side === null) return weighed;
  // Active because it was asked for; once demoted, the gate decides.
  const isAsked = state.key[0] === 'extracted' && state.demotions === 0;

  return {
    ...weighed,
    leans: side,
    passes: isAsked || (weighed.passes && weighed.leans === side),
  };
}

/** The side of the only claim that a key can make: what was asked for, or that it is better. */
function onlySideOf(key: Key): Side | null {
  if (key[0] === 'extracted') return key[1];

  return isMeasured(key) ? 'success' : null;
}

const less = (all: Votes, some: Votes): Votes => ({
  successes: all.successes - some.successes,
  votes: all.votes - some.votes,
});

function watch(state: KeyState, at: bigint, held: boolean): void {
  if (state.claim === null) return;
  state.cusum = watched(state.cusum, state.claim, held);
  if (state.cusum === 0) {
    markZero(state, at);
  } else if (isTooMuch(state.cusum)) {
    state.isActive = false;
    state.cusum = 0;
    state.demotions += 1;
    state.cut = state.zero;
  }
}

function markZero(state: KeyState, position: bigint): void {
  state.cusum = 0;
  state.zero = { ...votesOf(state), position };
}
