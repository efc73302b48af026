import { describe, expect, it } from '@jest/globals';
import { priceOf } from './spent.js';

describe('The price of tokens', () => {
  it.each([
    ['text-embedding-3-small', 1_000_000, 0.02],
    ['text-embedding-3-large', 2_000_000, 0.26],
    ['text-embedding-3-small', 0, 0],
    ['nomic-embed-text', 5, null],
  ])('of %s for %d tokens is %s', (model, tokens, usd) => {
    expect(priceOf(model, tokens)).toBe(usd);
  });
});
