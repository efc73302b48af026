import type { Said } from './confidence.js';
import { newKeyState, type KeyState } from './key-state.js';
import { nameOf, type ExtractedKey, type Key } from './key.js';
import { isCounted, NO_VALUES, withMeasures, type Histograms, type Measures } from './measure.js';

/** The executions of one task that count for a key. */
export interface TaskCounts {
  readonly key: Key;
  readonly task: string;
  readonly successes: number;
  readonly executions: number;
}

/** Where the executions of one task, for one key, are kept. */
export const taskName = (key: Key, task: string): string => `${nameOf(key)}\n${task}`;

/**
 * What the learner remembers of one namespace, or that part of it which some events touch: what is not
 * here was never seen.
 */
export class LearnerState {
  readonly keys = new Map<string, KeyState>();
  /** By `taskName`; one that is there stays, so that a task's first place is taken for good. */
  readonly tasks = new Map<string, TaskCounts>();
  /** How many failures show a signature. */
  readonly signatures = new Map<string, number>();
  /** What the successes of a type took and cost, by type. */
  readonly histograms = new Map<string, Histograms>();
  /** What people said, by pattern and by who said it. */
  readonly feedback = new Map<string, Map<string, Said>>();
  /** The patterns that people retired. */
  readonly retired = new Set<string>();

  private readonly asked: ExtractedKey[] = [];

  constructor(readonly namespace: string) {}

  /** The state of a key; a new one when nothing counted for it yet. */
  key(key: Key): KeyState {
    const found = this.keys.get(nameOf(key));

    return found ?? this.put(newKeyState(key));
  }

  put(state: KeyState): KeyState {
    const { key } = state;
    this.keys.set(nameOf(key), state);
    if (key[0] === 'extracted') this.asked.push(key);

    return state;
  }

  histogramsOf(taskType: string): Histograms {
    return this.histograms.get(taskType) ?? NO_VALUES;
  }

  /** Counts the values of an execution, or takes them back. */
  countValues(taskType: string, measures: Measures, sign: 1 | -1): void {
    if (!isCounted(measures)) return;
    this.histograms.set(taskType, withMeasures(this.histogramsOf(taskType), measures, sign));
  }

  /** What was asked to be watched for by regex, in the order in which it came here. */
  extracted(): readonly ExtractedKey[] {
    return this.asked;
  }
}
