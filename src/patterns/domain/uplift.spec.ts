import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { lnBeta } from './ln-gamma.js';
import { upliftOf, type Stratum } from './uplift.js';

/** A type: so many successes of so many outcomes, and of so many executions without. */
const stratum = (
  successes: number,
  outcomes: number,
  otherSuccesses: number,
  others: number,
): Stratum => ({ successes, outcomes, otherSuccesses, others });

const counts = (most: number): fc.Arbitrary<readonly [successes: number, n: number]> =>
  fc.nat(most).chain((n) => fc.tuple(fc.nat(n), fc.constant(n)));

const anyStratum = (most = 400): fc.Arbitrary<Stratum> =>
  fc
    .tuple(counts(most), counts(most))
    .map(([[successes, outcomes], [otherSuccesses, others]]) =>
      stratum(successes, outcomes, otherSuccesses, others),
    );

const isCompared = ({ outcomes, others }: Stratum): boolean => outcomes > 0 && others > 0;

const STEPS = 1_500;

/** The density of Beta(a, b) on x = sin²θ, where it has no poles, as masses at the middles of steps. */
function masses(a: number, b: number): { x: number; mass: number }[] {
  const step = Math.PI / 2 / STEPS;

  return Array.from({ length: STEPS }, (_, nth) => {
    const angle = (nth + 0.5) * step;
    const [sine, cosine] = [Math.sin(angle), Math.cos(angle)];
    const ln = (2 * a - 1) * Math.log(sine) + (2 * b - 1) * Math.log(cosine) - lnBeta(a, b);

    return { x: sine ** 2, mass: 2 * Math.exp(ln) * step };
  });
}

/** The probability that the difference of two Beta variables lies in an interval, by integration. */
function within(
  [s, n]: readonly [number, number],
  [t, m]: readonly [number, number],
  { low, high }: { low: number; high: number },
): number {
  const others = masses(t + 0.5, m - t + 0.5);
  const sums = others.reduce<number[]>((all, { mass }) => [...all, (all.at(-1) ?? 0) + mass], []);
  const below = (y: number): number => {
    const nth = Math.round(
      (Math.asin(Math.sqrt(Math.min(1, Math.max(0, y)))) * STEPS * 2) / Math.PI,
    );
    return nth === 0 ? 0 : (sums[nth - 1] ?? 1);
  };

  return masses(s + 0.5, n - s + 0.5).reduce(
    (total, { x, mass }) => total + mass * (below(x - low) - below(x - high)),
    0,
  );
}

describe('The uplift of a pattern', () => {
  it.each<[told: string, strata: Stratum[]]>([
    ['nothing', []],
    ['no outcome', [stratum(0, 0, 5, 9)]],
    ['no execution without it', [stratum(3, 4, 0, 0)]],
    ['types that were done one way only', [stratum(3, 4, 0, 0), stratum(0, 0, 5, 9)]],
  ])('is none for %s', (_, strata) => {
    expect(upliftOf(strata)).toBeNull();
  });

  // Worked out by hand: means (s + ½)/(n + 1), variances m(1 − m)/(n + 2).
  it.each<[one: Stratum, was: number, without: number, width: number]>([
    [stratum(1, 1, 0, 1), 0.75, 0.25, 1.645 * Math.sqrt((2 * 0.1875) / 3)],
    [
      stratum(15, 19, 24, 49),
      15.5 / 20,
      24.5 / 50,
      1.645 * Math.sqrt((0.775 * 0.225) / 21 + (0.49 * 0.51) / 51),
    ],
    [
      stratum(39, 99, 79, 99),
      0.395,
      0.795,
      1.645 * Math.sqrt((0.395 * 0.605) / 101 + (0.795 * 0.205) / 101),
    ],
  ])('of one type (%j) is the plain difference', (one, was, without, width) => {
    const uplift = upliftOf([one]);

    expect(uplift?.with).toBeCloseTo(was, 12);
    expect(uplift?.without).toBeCloseTo(without, 12);
    expect(uplift?.difference).toBeCloseTo(was - without, 12);
    expect(uplift?.interval.low).toBeCloseTo(was - without - width, 12);
    expect(uplift?.interval.high).toBeCloseTo(Math.min(1, was - without + width), 12);
  });

  it('holds like against like: asking before hard tasks alone makes nobody look worse', () => {
    // Of hard tasks 30 % succeed, of easy ones 90 %, advised or not; who does the hard ones asks.
    const strata = [stratum(30, 100, 30, 100), stratum(9, 10, 900, 1_000)];
    const pooled = 39 / 110 - 930 / 1_100;
    const uplift = upliftOf(strata);

    expect(pooled).toBeLessThan(-0.45);
    expect(Math.abs(uplift?.difference ?? 1)).toBeLessThan(0.01);
    expect(uplift?.flagged).toBe(false);
  });

  it('does not make much of many types with little each', () => {
    // One outcome and one execution without, of each of 120 types; of all, a tenth succeeds.
    const strata = Array.from({ length: 120 }, (_, nth) => {
      const success = Number(nth % 10 === 0);
      return stratum(success, 1, success, 1);
    });

    expect(upliftOf(strata)?.difference).toBeCloseTo(0, 12);
  });

  it('counts what was done without it for no more than there is of each type', () => {
    // Nine of ten outcomes are of a type that was done twice without it.
    const uplift = upliftOf([stratum(63, 90, 1, 2), stratum(7, 10, 7_000, 10_000)]);
    const { low = 0, high = 0 } = uplift?.interval ?? {};

    expect(high - low).toBeGreaterThan(0.7);
  });

  it.each<[told: string, one: Stratum, flagged: boolean]>([
    ['99 outcomes', stratum(20, 99, 800, 1_000), false],
    ['100 outcomes', stratum(20, 100, 800, 1_000), true],
    ['100 outcomes, a little below', stratum(75, 100, 800, 1_000), false],
    ['1,000 outcomes, a little below', stratum(750, 1_000, 800, 1_000), true],
    ['100 outcomes, above', stratum(95, 100, 500, 1_000), false],
  ])('after %s is flagged or not', (_, one, flagged) => {
    expect(upliftOf([one])?.flagged).toBe(flagged);
  });

  it('has an interval that holds nine of ten of what is probable (by integration)', () => {
    const some = fc
      .integer({ min: 5, max: 300 })
      .chain((n) => fc.tuple(fc.integer({ min: 0, max: n }), fc.constant(n)));
    fc.assert(
      fc.property(some, some, ([s, n], [t, m]) => {
        const interval = upliftOf([stratum(s, n, t, m)])?.interval ?? { low: 0, high: 0 };
        const probability = within([s, n], [t, m], interval);

        expect(probability).toBeGreaterThan(0.88);
        expect(probability).toBeLessThan(0.945);
      }),
      { numRuns: 60 },
    );
  });

  it('is a difference of rates, with an interval around it, whatever was counted', () => {
    fc.assert(
      fc.property(fc.array(anyStratum(), { maxLength: 6 }), (strata) => {
        const uplift = upliftOf(strata);
        const compared = strata.filter(isCompared);
        expect(uplift === null).toBe(compared.length === 0);
        if (!uplift) return;
        const { with: was, without, difference, interval, outcomes, flagged } = uplift;

        expect(outcomes).toBe(compared.reduce((sum, one) => sum + one.outcomes, 0));
        for (const rate of [was, without]) {
          expect(rate).toBeGreaterThan(0);
          expect(rate).toBeLessThan(1);
        }
        expect(difference).toBe(was - without);
        expect(interval.low).toBeGreaterThanOrEqual(-1);
        expect(interval.low).toBeLessThan(difference);
        expect(interval.high).toBeLessThanOrEqual(1);
        expect(interval.high).toBeGreaterThan(difference);
        expect(flagged).toBe(outcomes >= 100 && interval.high < 0);
      }),
    );
  });

  it('turns round when successes and failures change places', () => {
    fc.assert(
      fc.property(fc.array(anyStratum(), { minLength: 1, maxLength: 6 }), (strata) => {
        const turned = strata.map(({ successes, outcomes, otherSuccesses, others }) =>
          stratum(outcomes - successes, outcomes, others - otherSuccesses, others),
        );

        expect(upliftOf(turned)?.difference ?? 0).toBeCloseTo(
          -(upliftOf(strata)?.difference ?? 0),
          9,
        );
      }),
    );
  });

  it('rises with every success after it, and is surer the more there is', () => {
    fc.assert(
      fc.property(anyStratum(100).filter(isCompared), (one) => {
        const { successes, outcomes, otherSuccesses, others } = one;
        const now = upliftOf([one]);
        const more = upliftOf([stratum(successes + 1, outcomes + 1, otherSuccesses, others)]);
        const tenfold = upliftOf([
          stratum(10 * successes, 10 * outcomes, 10 * otherSuccesses, 10 * others),
        ]);
        const width = (of: typeof now): number =>
          (of?.interval.high ?? 0) - (of?.interval.low ?? 0);

        expect(more?.difference).toBeGreaterThan(now?.difference ?? 1);
        expect(width(tenfold)).toBeLessThan(width(now));
      }),
    );
  });
});
