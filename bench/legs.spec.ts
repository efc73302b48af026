import { describe, expect, it } from '@jest/globals';
import { inEachLeg, underBetterLeg } from './legs.js';

describe('A search by both', () => {
  it('is held against each leg', async () => {
    const asked: string[] = [];
    const legs = await inEachLeg('hybrid', (leg) => {
      asked.push(leg);
      return Promise.resolve({ accuracy: leg === 'semantic' ? 0.5 : 0.25 });
    });

    expect(asked).toEqual(['semantic', 'keyword']);
    expect(underBetterLeg('accuracy', { accuracy: 0.25 }, legs)).toEqual({
      under_better_leg: 0.25,
    });
    expect(underBetterLeg('accuracy', { accuracy: 0.75 }, legs)).toEqual({
      under_better_leg: -0.25,
    });
  });

  it.each(['semantic', 'keyword'] as const)('is no leg by itself: %s', async (mode) => {
    const legs = await inEachLeg(mode, () => Promise.reject(new Error('nobody asks')));

    expect(underBetterLeg('accuracy', { accuracy: 1 }, legs)).toEqual({});
  });
});
