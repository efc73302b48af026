import { isAlike, type Change, type Concluded, type Moment } from './conclusions.js';
import type { Said } from './confidence.js';
import {
  count,
  judge,
  settleRate,
  succeeds,
  type Counted,
  type Evidence,
  type KeyState,
} from './key-state.js';
import {
  comparedWith,
  isOnlyCompared,
  isSignature,
  keysOf,
  lineOf,
  measuredKeysOf,
  nameOf,
  parentsOf,
  ROOT,
  taskTypeIn,
  votersOf,
  type ExtractedKey,
  type Key,
  type Labels,
} from './key.js';
import { taskName, type LearnerState } from './learner-state.js';
import { measuresOf, METRICS, type Measurable } from './measure.js';
import { isListed, served, type Served } from './served.js';

/** An execution as the learner reads it. */
export interface Execution extends Labels, Measurable {
  readonly memoryId: string;
  readonly task: string;
  readonly description: string | null;
  /** Whether it followed advice of ours: an echo proves nothing. */
  readonly isEcho: boolean;
}

/** What somebody decided of a pattern. */
export type Decision = { readonly patternId: string; readonly key: Key } & (
  | { readonly is: 'feedback'; readonly actor: string | null; readonly said: Said }
  | { readonly is: 'retirement' | 'restoration' }
);

/**
 * The learner: a fold over the log of one namespace. No clock, no chance, no model; the same events
 * give the same state, to the byte. Conclusions worth telling are gathered in `changes`.
 */
export class Learner {
  readonly changes: Change[] = [];
  /** Every key that was concluded on. */
  readonly touched = new Set<KeyState>();
  /** Those among them whose pattern gave way to that of the other side, or to none. */
  readonly turned = new Set<KeyState>();
  /** Every pattern that was concluded on, as it was the last time, by its id. */
  readonly patterns = new Map<string, Concluded>();

  /** @param finds whether a regex is found in a line */
  constructor(
    private readonly state: LearnerState,
    private readonly finds: (regex: string, line: string) => boolean,
  ) {}

  /** Learns from an execution, and gives what has to be kept in case it is taken back. */
  learn(one: Execution, moment: Moment): Evidence {
    const line = lineOf(one.taskType, one.description);
    const found = this.state.extracted().filter(([, , regex]) => this.finds(regex, line));
    const measures = measuresOf(one, this.state.histogramsOf(one.taskType));
    const metrics = METRICS.filter((metric) => measures[metric].isBetter !== null);
    const evidence: Evidence = {
      memoryId: one.memoryId,
      position: moment.position,
      task: one.task,
      success: one.success,
      signature: one.signature,
      line,
      keys: [...keysOf(one), ...measuredKeysOf(one, metrics), ...found],
      voted: this.votes(one),
      measures,
    };
    this.add(evidence, moment);
    this.state.countValues(one.taskType, measures, 1);

    return evidence;
  }

  /** Counts what an execution counts for, and concludes on `keys` among that. */
  add(evidence: Evidence, moment: Moment, keys = evidence.keys): void {
    this.count(evidence, 1);
    this.conclude(keys, evidence, moment);
  }

  /**
   * Takes the outcome, the votes and the values of an execution back; its first place stays taken, and
   * what was held against a median with its value is not held against another.
   */
  forget(evidence: Evidence, moment: Moment, keys = evidence.keys): void {
    this.count(evidence, -1);
    this.state.countValues(taskTypeIn(evidence.keys), evidence.measures, -1);
    this.conclude(keys, null, moment);
  }

  /** Begins to count what a regex finds: first what is there, oldest first. False when it is known. */
  beginExtracting(key: ExtractedKey): boolean {
    const isKnown = this.state.extracted().some((known) => nameOf(known) === nameOf(key));
    this.state.key(key);

    return !isKnown;
  }

  /** Counts an execution from before the extraction, when the regex finds it. */
  alsoCounts(key: ExtractedKey, evidence: Evidence): boolean {
    const isFound = this.finds(key[2], evidence.line);
    if (isFound) this.link(key, evidence);

    return isFound;
  }

  /** Counts an execution from before the extraction. */
  link(key: ExtractedKey, evidence: Evidence): void {
    this.countFor(key, evidence, 1);
  }

  endExtracting(key: ExtractedKey, moment: Moment): void {
    this.conclude([key], null, moment);
  }

  /** Counts evidence for one of its keys, or takes it back, and concludes nothing. */
  countFor(key: Key, evidence: Counted, sign: 1 | -1): void {
    const state = this.state.key(key);
    const name = taskName(key, evidence.task);
    const before = this.state.tasks.get(name) ?? { successes: 0, executions: 0 };
    const executions = before.executions + sign;
    this.state.tasks.set(name, {
      key,
      task: evidence.task,
      successes: before.successes + (succeeds(key, evidence) ? sign : 0),
      executions,
    });
    state.tasks += Number(executions > 0) - Number(before.executions > 0);
    count(state, evidence, sign);
  }

  /**
   * Concludes on one key, with the rates of its ancestors as their counts make them.
   * @param ancestors parents before children
   * @param executed the execution that touched it; null when nothing was executed
   */
  concludeOn(key: Key, ancestors: readonly Key[], executed: Counted | null, moment: Moment): void {
    this.settle(ancestors);
    this.conclude([key], executed, moment);
  }

  /** What is said of a pattern before there is one is not heard. */
  decide(decision: Decision, moment: Moment): void {
    const { patternId, key } = decision;
    if (!this.patterns.has(patternId)) return;
    switch (decision.is) {
      case 'feedback':
        this.hear(patternId, key, decision.actor, decision.said, moment);
        break;
      case 'retirement':
        this.retire(patternId, key, moment);
        break;
      case 'restoration':
        this.restore(patternId, key, moment);
        break;
    }
  }

  /**
   * The latest of each actor stands; without an actor each is somebody else. Gives the name under
   * which it stands.
   */
  hear(patternId: string, key: Key, actor: string | null, said: Said, moment: Moment): string {
    const who = actor === null ? `at ${String(moment.position)}` : `by ${actor}`;
    const words = this.state.feedback.get(patternId) ?? new Map<string, Said>();
    this.state.feedback.set(patternId, words.set(who, said));
    this.note(this.state.key(key), moment);

    return who;
  }

  retire(patternId: string, key: Key, moment: Moment): void {
    this.state.retired.add(patternId);
    this.note(this.state.key(key), moment);
  }

  restore(patternId: string, key: Key, moment: Moment): void {
    this.state.retired.delete(patternId);
    this.note(this.state.key(key), moment);
  }

  private votes({ task, agent, isEcho }: Execution): Evidence['voted'] {
    const isFirst = (key: Key): boolean => !this.state.tasks.has(taskName(key, task));

    return {
      task: !isEcho && isFirst(ROOT),
      agent: !isEcho && agent !== null && isFirst(['agent', agent]),
    };
  }

  private count(evidence: Evidence, sign: 1 | -1): void {
    const { signature, success } = evidence;
    if (signature !== null && !success) {
      const { signatures } = this.state;
      signatures.set(signature, (signatures.get(signature) ?? 0) + sign);
    }
    for (const key of evidence.keys) this.countFor(key, evidence, sign);
  }

  /** Rates first, parents before children; then the gate and the watch of each. */
  private conclude(keys: readonly Key[], executed: Counted | null, moment: Moment): void {
    const states = this.settle(keys);
    for (const state of states) {
      if (isSignature(state.key) || isOnlyCompared(state.key)) continue;
      const others = this.state.key(comparedWith(state.key)).votes[votersOf(state.key)];
      judge(state, others, moment.position, executed && succeeds(state.key, executed));
    }
    for (const state of states) this.note(state, moment);
  }

  private settle(keys: readonly Key[]): KeyState[] {
    const states = keys.map((key) => this.state.key(key));
    for (const state of states) {
      const parents = parentsOf(state.key).map((parent) => this.state.key(parent).rate ?? 0.5);
      settleRate(state, parents);
    }

    return states;
  }

  private note(of: KeyState, moment: Moment): void {
    this.touched.add(of);
    const now = isListed(of) ? served(this.state, of) : null;
    if (of.noted !== null && of.noted.side !== now?.side) this.turned.add(of);
    if (now === null) of.noted = null;
    else this.noteChange(of, now, moment);
  }

  private noteChange(of: KeyState, now: Served, moment: Moment): void {
    const { noted: was, key, executions } = of;
    const since = this.patterns.get(now.patternId)?.since ?? moment;
    this.patterns.set(now.patternId, { ...now, of, since, last: moment });
    if (was !== null && isAlike(was, now)) return;
    of.noted = { side: now.side, status: now.status, confidence: now.confidence };
    this.changes.push({ ...now, ...moment, key, executions, was });
  }
}
