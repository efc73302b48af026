import { isOnlyCompared, isSignature, nameOf, type Key } from './key.js';
import { LearnerInMemory } from './learner-in-memory.js';
import type { Shuffle, Tried } from './shuffled.js';

/** What was seen of the patterns of a log, looked at after each execution. */
export interface Found {
  /** Keys that the gate had enough votes to look at. */
  readonly keys: number;
  /** Those among them that were active at any time, and those that are at the end. */
  readonly everActive: number;
  readonly active: number;
}

/** What chance makes of a log; counts are means of some shuffles. */
export interface ByChance extends Found {
  readonly shuffles: number;
}

/**
 * Looks at what a learner of its own makes of a log, event by event. Only what a gate decides on is
 * looked at: errors have none, and what people ask to be counted is active because they ask.
 */
export class Look {
  private readonly learner = new LearnerInMemory('null-test', () => false);
  private position = 0n;

  next(event: Tried): void {
    this.position += 1n;
    this.learner.apply(event, { position: this.position, at: '', cause: '' });
  }

  /** @param isMeant narrows it to some keys */
  found(isMeant: (key: Key) => boolean = hasGate): Found {
    const ever = new Set(
      this.learner.changes
        .filter(({ key, status }) => status === 'active' && isMeant(key))
        .map(({ key }) => nameOf(key)),
    );
    const states = [...this.learner.state.keys.values()].filter(({ key }) => isMeant(key));

    return {
      keys: states.filter(({ key, lnE }) => lnE !== null || ever.has(nameOf(key))).length,
      everActive: ever.size,
      active: states.filter(({ isActive }) => isActive).length,
    };
  }
}

export const hasGate = (key: Key): boolean =>
  !isSignature(key) && !isOnlyCompared(key) && key[0] !== 'extracted';

/** The share of keys that were ever active, 0..1; 0 when there are none. */
export const shareOf = ({ keys, everActive }: Found): number => everActive / Math.max(1, keys);

/** @param found of one shuffle each, at least one */
export function byChance(found: readonly Found[]): ByChance {
  const meanOf = (name: keyof Found): number =>
    found.reduce((total, one) => total + one[name], 0) / found.length;

  return {
    shuffles: found.length,
    keys: meanOf('keys'),
    everActive: meanOf('everActive'),
    active: meanOf('active'),
  };
}

/** From this share of the active patterns on, chance explains them as well as anything. */
const TOO_MANY_BY_CHANCE = 0.5;

/** What it means, for somebody who wants to know whether to trust the patterns of a log. */
export function verdictOn(log: Found, chance: Readonly<Record<Shuffle, ByChance>>): string {
  const made = Math.max(chance.by_execution.active, chance.by_task.active);
  const others = `with outcomes dealt by chance it would be ${shown(made)}`;
  if (log.keys === 0) {
    return 'Too few executions for anything: no pattern has three first tries of tasks behind it, and three of others to compare with.';
  }
  if (log.active === 0) {
    return `No pattern is active; ${others}. Nothing in this log differs from chance so far.`;
  }
  if (made >= TOO_MANY_BY_CHANCE * log.active) {
    return `Chance alone would make about as many patterns of this log (${shown(made)}) as it has (${shown(log.active)}): do not trust them.`;
  }

  return `${log.active === 1 ? '1 pattern is' : `${shown(log.active)} patterns are`} active; ${others}.`;
}

/** In tenths; what is not nothing is not shown as nothing. */
const shown = (count: number): string =>
  count > 0 && count < 0.05 ? 'less than 0.1' : String(Math.round(10 * count) / 10);
