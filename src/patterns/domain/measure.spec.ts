import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import {
  isCounted,
  measuresOf,
  medianValue,
  metricsOf,
  NO_VALUES,
  UNMEASURED,
  withMeasures,
  type Histograms,
  type Measurable,
} from './measure.js';

const ran = (success: boolean, durationMs: number | null, costUsd: number | null): Measurable => ({
  success,
  durationMs,
  costUsd,
});

const after = (...log: readonly Measurable[]): Histograms =>
  log.reduce((before, one) => withMeasures(before, measuresOf(one, before), 1), NO_VALUES);

const times = (n: number, one: Measurable): Measurable[] => Array<Measurable>(n).fill(one);

/** Five successes of a minute and ten cents. */
const USUAL = after(...times(5, ran(true, 60_000, 0.1)));

describe('An execution', () => {
  it.each<[what: string, one: Measurable, faster: boolean | null, cheaper: boolean | null]>([
    ['that took and cost less', ran(true, 30_000, 0.05), true, true],
    ['that took as long and cost as much', ran(true, 60_000, 0.1), false, false],
    ['that took a little less', ran(true, 59_000, 0.1), false, false],
    ['that took longer and cost less', ran(true, 90_000, 0.01), false, true],
    ['that took no time and cost nothing', ran(true, 0, 0), true, true],
    ['that failed at once', ran(false, 0, 0), false, false],
    ['of which no cost is known', ran(true, 30_000, null), true, null],
    ['of which nothing is known', ran(true, null, null), null, null],
    ['that failed, of which nothing is known', ran(false, null, null), null, null],
  ])('%s is held against the median before it', (_, one, faster, cheaper) => {
    const measures = measuresOf(one, USUAL);

    expect([measures.faster.isBetter, measures.cheaper.isBetter]).toEqual([faster, cheaper]);
  });

  it('is held against nothing before five successes of its type were measured', () => {
    const few = after(...times(4, ran(true, 60_000, null)), ...times(9, ran(false, 10, null)));

    expect(measuresOf(ran(true, 10, 1), few).faster).toMatchObject({ isBetter: null });
    expect(measuresOf(ran(true, 10, 1), few).faster.bucket).not.toBeNull();
  });

  it('leaves its values when it succeeded, and nothing when it did not', () => {
    expect(isCounted(measuresOf(ran(true, 10, null), USUAL))).toBe(true);
    expect(isCounted(measuresOf(ran(false, 10, 1), USUAL))).toBe(false);
    expect(isCounted(UNMEASURED)).toBe(false);
    expect(after(...times(9, ran(false, 10, 1)))).toEqual(NO_VALUES);
  });

  it('can be measured by what is known of it', () => {
    expect(metricsOf(ran(false, 0, 0))).toEqual(['faster', 'cheaper']);
    expect(metricsOf(ran(true, null, 1))).toEqual(['cheaper']);
    expect(metricsOf(ran(true, null, null))).toEqual([]);
  });

  it('that is taken back leaves the values as if it had never been', () => {
    const one = fc.record({
      success: fc.boolean(),
      durationMs: fc.option(fc.nat(1e9)),
      costUsd: fc.option(fc.double({ min: 0, max: 100, noNaN: true })),
    });

    fc.assert(
      fc.property(fc.array(one), one, fc.array(one), (before, gone, later) => {
        const measures = measuresOf(gone, after(...before));

        expect(withMeasures(after(...before, gone, ...later), measures, -1)).toEqual(
          after(...before, ...later),
        );
      }),
    );
  });
});

describe('The median of a type', () => {
  it('is told in ms and US dollars, as near as its bucket', () => {
    expect(medianValue(USUAL, 'faster')).toBeGreaterThan(60_000 * 0.86);
    expect(medianValue(USUAL, 'faster')).toBeLessThan(60_000 * 1.16);
    expect(medianValue(USUAL, 'cheaper')).toBeGreaterThan(0.1 * 0.86);
    expect(medianValue(USUAL, 'cheaper')).toBeLessThan(0.1 * 1.16);
    expect(medianValue(NO_VALUES, 'faster')).toBeNull();
  });
});
