import { uniformInt } from 'pure-rand/distribution/uniformInt';
import { xoroshiro128plus } from 'pure-rand/generator/xoroshiro128plus';

/** Whole numbers from 0 up to an end that is not among them, all as likely; the same for the same seed. */
export function seeded(seed: number): (end: number) => number {
  const numbers = xoroshiro128plus(seed);

  return (end) => uniformInt(numbers, 0, end - 1);
}
