import { ruleBroken } from '#kernel';

/**
 * Cosine of the angle between two vectors, -1..1; 0 when one of them is empty or all zeros.
 * @throws DomainError `embedding.different_dimensions`
 */
export function cosineSimilarity(a: ArrayLike<number>, b: ArrayLike<number>): number {
  if (a.length === 0 || b.length === 0) return 0;
  mustMatch(a, b);
  const lengths = Math.sqrt(dot(a, a) * dot(b, b));
  if (lengths === 0) return 0;

  return Math.min(1, Math.max(-1, dot(a, b) / lengths));
}

/**
 * Straight-line distance of two points, 0 or more; infinite when one of them is empty.
 * @throws DomainError `embedding.different_dimensions`
 */
export function euclideanDistance(a: ArrayLike<number>, b: ArrayLike<number>): number {
  if (a.length === 0 || b.length === 0) return Infinity;
  mustMatch(a, b);

  return Math.hypot(...Array.from(a, (value, at) => value - (b[at] ?? 0)));
}

/** The vector in the same direction with length 1; `null` when it has no direction. */
export function unit(vector: ArrayLike<number>): Float32Array | null {
  const length = Math.sqrt(dot(vector, vector));

  return length > 0 && Number.isFinite(length)
    ? Float32Array.from(vector, (value) => value / length)
    : null;
}

/** The vector with zeros behind it, up to `dimensions`; cosines stay as they are. */
export function padded(vector: ArrayLike<number>, dimensions: number): number[] {
  const missing = Math.max(0, dimensions - vector.length);

  return [...Array.from(vector), ...new Array<number>(missing).fill(0)];
}

function dot(a: ArrayLike<number>, b: ArrayLike<number>): number {
  let sum = 0;
  for (let at = 0; at < a.length; at++) sum += (a[at] ?? 0) * (b[at] ?? 0);

  return sum;
}

function mustMatch(a: ArrayLike<number>, b: ArrayLike<number>): void {
  if (a.length === b.length) return;

  throw ruleBroken(
    'embedding.different_dimensions',
    'vector',
    `vectors of ${String(a.length)} and ${String(b.length)} numbers cannot be compared`,
  );
}
