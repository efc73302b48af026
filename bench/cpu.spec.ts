import { describe, expect, it } from '@jest/globals';
import { cpuSecondsOf, usageOf } from './cpu.js';

describe('The CPU of a process', () => {
  it('is read from after its name, whatever that is', () => {
    const stat = '42 (a (b) c) S 7 42 42 0 -1 4194304 1 0 0 0 100 50 25 25 20 0 1 0 12345 0 0';

    expect(usageOf(stat)).toEqual({ parent: 7, seconds: 2 });
  });

  it('is not known of one that is not there', async () => {
    expect(await cpuSecondsOf(2 ** 30)).toBeNaN();
  });
});
