import { cp, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { type Asked } from '../arguments.js';
import { golden } from './golden.js';

const GIVEN = 'test/fixtures/golden-learner';
const asked = (data: string): Asked => ({
  suite: 'golden',
  data,
  set: 'golden-learner',
  mode: 'semantic',
  embedder: 'local',
  rows: 0,
  out: '',
});

describe('The golden suite', () => {
  let data: string;

  beforeEach(async () => {
    data = await mkdtemp(join(tmpdir(), 'omoi-golden-'));
    await cp(GIVEN, data, { recursive: true });
  });
  afterEach(() => rm(data, { recursive: true }));

  it('compares every key at every checkpoint, and asks neither a service nor a model', async () => {
    const outcome = await golden.run(asked(GIVEN));

    expect(outcome).toMatchObject({ n: 574, latencies: [], modelKey: 'none', database: 'none' });
    expect(outcome.metrics).toEqual({ rows: 574, different: 0, missing: 0, unexpected: 0 });
    expect(outcome.slices['after 50']).toEqual({
      rows: 17,
      different: 0,
      missing: 0,
      unexpected: 0,
    });
  });

  it('sees what is different, what is missing, and what nobody expects', async () => {
    const said = jest.spyOn(process.stderr, 'write').mockReturnValue(true);
    const file = join(data, 'expected.jsonl');
    const [first = '', , third = '', ...others] = (await readFile(file, 'utf8')).split('\n');
    const different = JSON.stringify({ ...JSON.parse(first), S: 1_000 });
    const missing = JSON.stringify({ ...JSON.parse(third), key: ['type', 'nobody_does_this'] });
    await writeFile(file, [different, missing, ...others].join('\n'));

    const { n, metrics } = await golden.run(asked(data));

    // The second row was left out, and the third renamed: two keys that are found and not expected.
    expect(n).toBe(573);
    expect(metrics).toEqual({ rows: 573, different: 1, missing: 1, unexpected: 2 });
    expect(said).toHaveBeenCalledWith(expect.stringMatching(/^First of 4: .* after 50 in S\n$/));
    said.mockRestore();
  });

  it('says so when a file is missing', async () => {
    await rm(join(data, 'expected.jsonl'));

    await expect(golden.run(asked(data))).rejects.toThrow('expected.jsonl cannot be read');
  });
});
