import { type Mode } from './arguments.js';
import { type Bars, type Figures } from './suite.js';

/** What has to hold of searches in a mode. */
export const WHATEVER_THE_SET: Record<Mode, Bars> = {
  semantic: {},
  keyword: { without_a_hit: { atMost: 0.01 } },
  hybrid: { under_better_leg: { atMost: 0.02 } },
};

const LEGS = ['semantic', 'keyword'] as const;

/** What a search by both is held against: the figures of each leg alone, in the same run; else none. */
export async function inEachLeg(
  mode: Mode,
  figuresOf: (leg: Mode) => Promise<Figures>,
): Promise<Figures[]> {
  const figures: Figures[] = [];
  if (mode === 'hybrid') for (const leg of LEGS) figures.push(await figuresOf(leg));

  return figures;
}

/** By how much a figure is below that of the better leg; less than 0 where it is above; nothing without legs. */
export function underBetterLeg(figure: string, own: Figures, legs: readonly Figures[]): Figures {
  if (legs.length === 0) return {};
  const better = Math.max(...legs.map((leg) => leg[figure] ?? NaN));

  return { under_better_leg: better - (own[figure] ?? NaN) };
}
