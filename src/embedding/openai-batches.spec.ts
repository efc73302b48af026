import { describe, expect, it } from '@jest/globals';
import { batches, beginning } from './openai-batches.js';

const sizes = (texts: string[]): number[] => batches(texts.map(beginning)).map((it) => it.length);

describe('The beginning of a text', () => {
  it('is the whole of a short one', () => {
    expect(beginning('Grüße')).toEqual({ text: 'Grüße', bytes: 7, truncated: false });
  });

  it('ends between two characters', () => {
    const { text, truncated } = beginning('😀'.repeat(3_000));

    expect(text).toBe('😀'.repeat(2_047));
    expect(truncated).toBe(true);
  });
});

describe('The batches of many texts', () => {
  it('are none for none', () => {
    expect(sizes([])).toEqual([]);
  });

  it('hold up to 2,048 texts', () => {
    expect(sizes(Array.from({ length: 5_000 }, () => 'a'))).toEqual([2_048, 2_048, 904]);
  });

  it('hold up to 300,000 bytes', () => {
    expect(sizes(Array.from({ length: 100 }, () => 'a'.repeat(8_000)))).toEqual([37, 37, 26]);
  });
});
