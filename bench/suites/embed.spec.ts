import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { type Asked } from '../arguments.js';
import { embed } from './embed.js';

const PAIRS = [
  { id: 'p1', a: 'A man is playing a guitar.', b: 'A man plays the guitar.', score: 4.8 },
  { id: 'p2', a: 'A man is playing a guitar.', b: 'A woman plays the violin.', score: 2.1 },
  { id: 'p3', a: 'A man is playing a guitar.', b: 'The stock market fell today.', score: 0 },
];

describe('The embed suite', () => {
  let data: string;
  const asked = (): Asked => ({
    suite: 'embed',
    data,
    set: 'tiny',
    mode: 'semantic',
    embedder: 'local',
    rows: 0,
    out: '',
  });

  beforeEach(async () => {
    data = await mkdtemp(join(tmpdir(), 'omoi-pairs-'));
  });
  afterEach(() => rm(data, { recursive: true }));

  const write = (lines: readonly unknown[]): Promise<void> =>
    writeFile(join(data, 'pairs.jsonl'), lines.map((line) => JSON.stringify(line)).join('\n'));

  it('holds cosines against what people said', async () => {
    await write(PAIRS);

    const outcome = await embed.run(asked());

    expect(outcome.n).toBe(3);
    expect(outcome.metrics.spearman).toBeCloseTo(1, 12);
    expect(outcome.latencies).toHaveLength(3);
    expect(outcome.modelKey).toMatch(/^all-MiniLM-L6-v2@/);
  });

  it('says so when there are no pairs, or none that it can read', async () => {
    await expect(embed.run(asked())).rejects.toThrow('pairs.jsonl cannot be read');
    await write([PAIRS[0], { id: 'p2', a: 'alone' }]);
    await expect(embed.run(asked())).rejects.toThrow('pairs.jsonl, record 2: b ');
  });

  it('knows no words', async () => {
    await expect(embed.run({ ...asked(), mode: 'keyword' })).rejects.toThrow('compares vectors');
  });
});
