import { seeded } from '../../src/patterns/chance.js';
import { type Key } from '../../src/patterns/domain/key.js';
import {
  byChance,
  hasGate,
  Look,
  shareOf,
  type Found,
} from '../../src/patterns/domain/null-test.js';
import { PLANTED, plantedTries } from '../made-tries.js';
import { share } from '../metrics.js';
import { goThrough } from '../progress.js';
import { NONE, type Bars, type Figures, type Outcome, type Suite } from '../suite.js';

const SEED = 1;
const LOGS = 200;
const ENOUGH = 0.9;

/** An agent succeeds at another rate (0..1) than the others, and has so many executions to show it. */
interface Effect {
  readonly base: number;
  readonly planted: number;
  readonly within: number;
}

/**
 * From one base where the definition of the gate names it, and from two where it names the difference
 * alone: up from the middle, and around the middle, where chance moves most.
 */
const EFFECTS: readonly Effect[] = [
  { base: 0.5, planted: 0.7, within: 175 },
  { base: 0.7, planted: 0.9, within: 100 },
  { base: 0.5, planted: 0.8, within: 70 },
  { base: 0.35, planted: 0.65, within: 70 },
  { base: 0.5, planted: 0.9, within: 35 },
  { base: 0.3, planted: 0.7, within: 35 },
];

/** What was seen of one log: whether the planted agent was ever active, and what of all other keys. */
interface Seen {
  readonly isFound: boolean;
  readonly others: Found;
}

/** Is an effect found that is there, and nothing that is not? */
export const planted: Suite = {
  records: 'generated',
  bars: (): Bars => ({
    ...Object.fromEntries(EFFECTS.map((effect) => [claimOf(effect), { atLeast: ENOUGH }])),
    others_ever: { atMost: 0.01 },
  }),

  async run(): Promise<Outcome> {
    const below = seeded(SEED);
    const parts: { readonly effect: Effect; readonly seen: readonly Seen[] }[] = [];
    for (const effect of EFFECTS) {
      const seen = await goThrough(nameOf(effect), Array.from({ length: LOGS }), () =>
        Promise.resolve(see(effect, below)),
      );
      parts.push({ effect, seen });
    }
    const others = parts.flatMap(({ seen }) => seen.map((one) => one.others));

    return {
      n: LOGS * EFFECTS.length,
      metrics: {
        ...Object.fromEntries(
          EFFECTS.map(claimOf).map((claim) => [
            claim,
            foundIn(parts.flatMap(({ effect, seen }) => (claimOf(effect) === claim ? seen : []))),
          ]),
        ),
        others_ever: shareOf(byChance(others)),
      },
      slices: Object.fromEntries(
        parts.map(({ effect, seen }) => [nameOf(effect), figuresOf(effect, seen)]),
      ),
      latencies: [],
      modelKey: NONE,
      database: NONE,
    };
  },
};

const percent = (rate: number): number => Math.round(100 * rate);
const nameOf = ({ base, planted: rate }: Effect): string =>
  `found_${percent(base)}_to_${percent(rate)}`;

/** What is claimed of it: with its base, or of all that are as large and take as long. */
function claimOf(effect: Effect): string {
  const isLike = ({ within }: Effect): boolean => within === effect.within;
  const { base, planted: rate } = effect;

  return EFFECTS.filter(isLike).length > 1 ? `found_plus_${percent(rate - base)}` : nameOf(effect);
}

function see(effect: Effect, below: (end: number) => number): Seen {
  const look = new Look();
  for (const event of plantedTries(effect.within, effect, below)) look.next(event);
  const { everActive } = look.found((key) => key[0] === 'agent' && key[1] === PLANTED);

  return { isFound: everActive > 0, others: look.found((key) => hasGate(key) && !isPlanted(key)) };
}

/** Of the agent at a type it is as true as of the agent. */
const isPlanted = (key: Key): boolean =>
  (key[0] === 'agent' || key[0] === 'agent_type') && key[1] === PLANTED;

const foundIn = (seen: readonly Seen[]): number => share(seen.map(({ isFound }) => isFound));

function figuresOf({ within }: Effect, seen: readonly Seen[]): Figures {
  const found = foundIn(seen);
  const others = byChance(seen.map((one) => one.others));

  return {
    within,
    found,
    /** Of the share, as a binomial's. */
    standard_error: Math.sqrt((found * (1 - found)) / seen.length),
    other_keys: others.keys,
    others_ever: shareOf(others),
  };
}
