import { describe, expect, it } from '@jest/globals';
import { isAlike } from './conclusions.js';
import type { Noted } from './key-state.js';
import type { Served } from './served.js';

const was: Noted = { side: 'success', status: 'candidate', confidence: 0.5 };
const now: Served = {
  ...was,
  patternId: 'p',
  lower: 0.25,
  observations: 4,
  outOf: 4,
};

const isNews = (more: Partial<Served>): boolean => !isAlike(was, { ...now, ...more });

describe('A conclusion', () => {
  it.each<[what: string, more: Partial<Served>]>([
    ['the same', {}],
    ['the same of more executions', { observations: 9, outOf: 9, lower: 0.4 }],
    ['surer by less than 5 points', { confidence: 0.549 }],
    ['less sure by less than 5 points', { confidence: 0.451 }],
  ])('that is %s is not worth noting', (_, more) => {
    expect(isNews(more)).toBe(false);
  });

  it.each<[what: string, more: Partial<Served>]>([
    ['surer by more than 5 points', { confidence: 0.551 }],
    ['less sure by more than 5 points', { confidence: 0.449 }],
    ['of another status', { status: 'active' }],
    ['on the other side', { side: 'failure' }],
  ])('that is %s is worth noting', (_, more) => {
    expect(isNews(more)).toBe(true);
  });
});
