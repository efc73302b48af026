import { type Figures } from '../suite.js';

/** One row: a system, and how well it finds. */
export interface System {
  readonly name: string;
  readonly figures: Figures;
  /** Why figures of a peer are missing, each with its name. */
  readonly failed?: string[];
}

/**
 * What has to be said of a peer in words: where it is better than ours in the mode that is meant for
 * everything, and why a figure is not there. Empty when there is nothing to say.
 * @param ours the modes of ours, the last of which is meant for everything
 */
export function remarkOf({ figures, failed = [] }: System, ours: readonly System[]): string {
  const better = Object.entries(figures).flatMap(([figure, value]) => {
    const usual = ours.at(-1)?.figures[figure] ?? NaN;
    if (!(value > usual)) return [];
    const isBest = ours.every((mode) => value > (mode.figures[figure] ?? NaN));
    const whom = isBest ? 'every mode of ours' : 'our hybrid';
    return [`better than ${whom} at ${figure}, by ${(value - usual).toFixed(4)}`];
  });

  return [...better, ...failed.map((reason) => `no ${reason}`)].join('; ');
}
