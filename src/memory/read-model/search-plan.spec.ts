import { HashingEmbedder } from '#embedding';
import { describe, expect, it } from '@jest/globals';
import { neighboursOf, planOf, wide } from './search-plan.js';

const wanted = {
  onePerTask: true,
  withVectors: false,
  withHighlights: true,
  reach: 7_000,
  neighbours: 200,
};

describe('The plan of a search', () => {
  it.each([
    ['hybrid', 5_000, 'exact', 'exact'],
    ['hybrid', 5_001, 'exact', 'index'],
    ['hybrid', 7_001, 'index', 'index'],
    ['hybrid', null, 'exact', 'exact'],
    ['semantic', 7_001, 'index', null],
    ['keyword', 7_001, null, 'index'],
  ] as const)('in the mode %s among %p is %s by meaning and %s by words', (mode, rows, ...hows) => {
    const { semantic, keyword } = planOf({ ...wanted, mode }, rows, { isIndexed: true });

    expect([semantic, keyword]).toEqual(hows);
  });

  it('is exact where vectors have too many dimensions for an index', () => {
    const plan = planOf({ ...wanted, mode: 'semantic' }, 7_001, { isIndexed: false });

    expect(plan.semantic).toBe('exact');
  });

  it('looks at everything when it has to be wide, in the legs that it has', () => {
    const plan = wide(planOf({ ...wanted, mode: 'semantic' }, 7_001, { isIndexed: true }));

    expect(plan).toMatchObject({ semantic: 'exact', keyword: null, isWide: true });
  });

  it.each([
    ['fast', 1_000_000, 40],
    ['balanced', 49_999, 200],
    ['balanced', 50_000, 400],
    ['exact', 50_000, 400],
  ] as const)('%s among %d asks an index for %d', (accuracy, total, neighbours) => {
    expect(neighboursOf(accuracy, total, new HashingEmbedder().profile.ranking)).toBe(neighbours);
  });
});
