/** Why nothing is good enough, in a sentence; `what` it was looked for among: `remembered task`. */
export const tooFar = (what: string, nearest: number, threshold: number): string =>
  `No ${what} is near enough: the nearest has a similarity of ${roundedDown(nearest)}, and ${String(threshold)} is needed.`;

/** Never up: what is too far must not be said to be as near as needed. */
const roundedDown = (similarity: number): string => (Math.floor(similarity * 100) / 100).toFixed(2);
