import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { recommend, type Precedent } from './advice.js';

const success = (...tools: string[]): Precedent => ({ success: true, tools, error_patterns: null });
const failure = (error_patterns: Precedent['error_patterns'] = null): Precedent => ({
  success: false,
  tools: ['hammer'],
  error_patterns,
});

describe('Advice', () => {
  it('is none without precedents', () => {
    expect(recommend([])).toEqual([]);
  });

  it('says how many succeeded', () => {
    expect(recommend([success()])).toEqual(['1 of 1 similar task succeeded.']);
    expect(recommend([success(), failure(), failure()])).toEqual([
      '1 of 3 similar tasks succeeded.',
    ]);
    expect(recommend([failure(), failure()])).toEqual(['0 of 2 similar tasks succeeded.']);
  });

  it('names the tool of at least two successes, counted once each', () => {
    expect(recommend([success('git', 'git'), success('npm')])).toHaveLength(1);
    expect(recommend([success('git'), success('git', 'npm'), success(), failure()])).toContain(
      '2 of 3 that succeeded used git.',
    );
  });

  it('names the first in the alphabet of tools that are equally frequent', () => {
    expect(recommend([success('npm', 'git'), success('git', 'npm')])).toContain(
      '2 of 2 that succeeded used git.',
    );
  });

  it('does not recommend what only failures used', () => {
    expect(recommend([failure(), failure(), failure()]).join()).not.toContain('hammer');
  });

  it.each([
    [{ error_type: 'TimeoutError', message: 'late' }, 'TimeoutError'],
    [{ error_type: null, message: 'late' }, 'late'],
    [{ error: ' no route ' }, 'no route'],
  ])('names what %j failed with', (error, name) => {
    expect(recommend([success(), failure(error)])).toEqual([
      `1 of 2 similar tasks succeeded; "${name}" in 1.`,
    ]);
  });

  it.each([[{}], [{ error_type: 504 }], [{ message: ' ' }], [{ error: { deep: true } }]])(
    'is silent about an error like %j',
    (error) => {
      expect(recommend([failure(error)])).toEqual(['0 of 1 similar task succeeded.']);
    },
  );

  it('cuts a long error to 80 characters, and none of them in half', () => {
    const cut = recommend([failure({ message: `${'e'.repeat(79)}😀 and more` })]).join('\n');

    expect(cut).not.toContain('and more');
    expect(cut).toContain('e'.repeat(79));
    expect(cut.isWellFormed()).toBe(true);
  });

  it('is at most two sentences, with no number above that of its precedents', () => {
    const precedent = fc.record({
      success: fc.boolean(),
      tools: fc.array(fc.constantFrom('git', 'npm', 'sed')),
      error_patterns: fc.constantFrom(null, { error_type: 'Timeout' }, { message: 'late' }),
    });

    fc.assert(
      fc.property(fc.array(precedent, { minLength: 1, maxLength: 20 }), (precedents) => {
        const advice = recommend(precedents);
        const numbers = advice.flatMap((sentence) => sentence.match(/\d+/g) ?? []).map(Number);

        expect(advice.length).toBeLessThanOrEqual(2);
        expect(Math.max(...numbers)).toBeLessThanOrEqual(precedents.length);
        expect(recommend([...precedents].reverse())).toEqual(advice);
      }),
    );
  });
});
