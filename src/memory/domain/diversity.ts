/** A hit before it is chosen: how good it is (0..1), and the unit vector of its text, when it has one. */
export interface Choosable {
  readonly rank: number;
  readonly direction: readonly number[] | null;
}

/**
 * The best `count` of `candidates` (best first), each chosen for what it adds to those before it: by
 * (1 − diversity) · rank − diversity · the greatest cosine to one that is chosen. Maximal marginal
 * relevance (Carbonell and Goldstein, 1998).
 * @param diversity 0 (the order they come in) to 1 (the first, and then whatever differs most)
 */
export function diverse<Candidate extends Choosable>(
  candidates: readonly Candidate[],
  diversity: number,
  count: number,
): Candidate[] {
  const left = candidates.map((candidate) => ({ candidate, nearest: 0 }));
  const chosen: Candidate[] = [];
  while (chosen.length < count && left.length > 0) {
    const gains = left.map(
      ({ candidate, nearest }) => (1 - diversity) * candidate.rank - diversity * nearest,
    );
    const [best] = left.splice(gains.indexOf(Math.max(...gains)), 1);
    if (!best) break;
    chosen.push(best.candidate);
    for (const one of left) {
      one.nearest = Math.max(one.nearest, cosine(one.candidate, best.candidate));
    }
  }

  return chosen;
}

/** What has no vector resembles nothing. */
function cosine({ direction: a }: Choosable, { direction: b }: Choosable): number {
  return a?.reduce((sum, value, at) => sum + value * (b?.[at] ?? 0), 0) ?? 0;
}
