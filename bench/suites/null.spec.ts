import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { type Asked } from '../arguments.js';
import { nullTest } from './null.js';

const asked = (data: string): Asked => ({
  suite: 'null',
  data,
  set: 'some-set',
  mode: 'semantic',
  embedder: 'local',
  rows: 0,
  out: '',
});

describe('The null suite', () => {
  let data: string;

  beforeEach(async () => {
    data = await mkdtemp(join(tmpdir(), 'omoi-null-'));
  });
  afterEach(() => rm(data, { recursive: true }));

  it('shuffles a log that is given in both ways, and shows beside it what it says itself', async () => {
    const lines = Array.from({ length: 120 }, (_, seq) =>
      JSON.stringify({
        id: `e-${seq}`,
        seq,
        agent: `a-${seq % 3}`,
        task_id: `t-${Math.floor(seq / 3)}`,
        task_type: 'deploy',
        success: seq % 3 === 0,
        error: null,
      }),
    );
    await writeFile(join(data, 'stream.jsonl'), lines.join('\n'));
    const { n, metrics, slices, modelKey } = await nullTest.run(asked(data));

    expect([n, modelKey]).toEqual([120, 'none']);
    expect(slices.as_it_was).toMatchObject({ logs: 1, keys: 6, active: 6, share: 1 });
    expect(slices.by_execution).toMatchObject({ logs: 200, keys: 6 });
    expect(slices.by_task).toMatchObject({ logs: 200, keys: 6 });
    expect(metrics.ever_by_execution).toBe(slices.by_execution?.share);
    expect(metrics.ever_by_task).toBe(slices.by_task?.share);
  });

  it('says so when there is no log', async () => {
    await expect(nullTest.run(asked(data))).rejects.toThrow('neither stream.jsonl nor');
  });
});
