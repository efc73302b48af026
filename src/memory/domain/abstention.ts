/** How near the nearest came (0..1; null when nothing has a vector), and whether some have none yet. */
export interface Nearest {
  readonly nearest: number | null;
  readonly lacksVectors: boolean;
}

/**
 * Why nothing is good enough, in a sentence or two.
 * @param none said when nothing could be looked at
 * @param what it was looked for among: `remembered task`
 */
export function whyNothing(
  { nearest, lacksVectors }: Nearest,
  threshold: number,
  { none, what }: { readonly none: string; readonly what: string },
): string {
  const reason =
    nearest === null
      ? none
      : `No ${what} is near enough: the nearest has a similarity of ${roundedDown(nearest)}, and ${String(threshold)} is needed.`;

  return lacksVectors ? `${reason} Some memories have no vector yet.` : reason;
}

/** Never up: what is too far must not be said to be as near as needed. */
const roundedDown = (similarity: number): string => (Math.floor(similarity * 100) / 100).toFixed(2);
