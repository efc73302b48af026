import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { readStream } from './stream.js';

const one = { agent: 'ann', task_id: 't', task_type: 'fix_bug', success: true };

describe('A stream of executions', () => {
  let data: string;

  beforeEach(async () => {
    data = await mkdtemp(join(tmpdir(), 'omoi-stream-'));
  });
  afterEach(() => rm(data, { recursive: true }));

  const write = (file: string, lines: readonly object[]): Promise<void> =>
    writeFile(join(data, file), lines.map((line) => JSON.stringify(line)).join('\n'));
  const tasks = async (): Promise<string[]> =>
    (await readStream(data)).map(({ task_id }) => task_id);

  it('is in the order of its numbers', async () => {
    await write('stream.jsonl', [
      { ...one, id: 'c', seq: 10, task_id: 'third' },
      { ...one, id: 'b', seq: 9, task_id: 'second' },
      { ...one, id: 'a', seq: 9, task_id: 'first' },
    ]);

    expect(await tasks()).toEqual(['first', 'second', 'third']);
  });

  it('is in the order of the hashes of its runs, then in that of each run, then by id', async () => {
    // sha256: "c" 2e7d…, "b" 3e23…, "a" ca97…
    await write('executions.jsonl', [
      { ...one, run: 'a', order: 0, id: 'x', task_id: 'fifth' },
      { ...one, run: 'b', order: 10, id: 'x', task_id: 'fourth' },
      { ...one, run: 'b', order: 2, id: 'x', task_id: 'second' },
      { ...one, run: 'b', order: 2, id: 'y', task_id: 'third' },
      { ...one, run: 'c', order: 7, id: 'x', task_id: 'first' },
    ]);

    expect(await tasks()).toEqual(['first', 'second', 'third', 'fourth', 'fifth']);
  });

  it('gives a task the type of its first execution', async () => {
    await write('stream.jsonl', [
      { ...one, id: 'b', seq: 2, task_type: 'fix_typo' },
      { ...one, id: 'a', seq: 1, task_type: 'fix_bug' },
    ]);

    expect((await readStream(data)).map(({ task }) => task.type)).toEqual(['fix_bug', 'fix_bug']);
  });

  it('tells what its authors said, how it ended, and no label', async () => {
    await write('stream.jsonl', [
      { ...one, id: 'a', seq: 1, reflections: ['I forgot the index.', 'Again.'], attempts: 3 },
      { ...one, id: 'b', seq: 2, agent: null, success: false, error: 'Timeout after 3 s' },
      { ...one, id: 'c', seq: 3, reflections: [' '], error: '' },
    ]);
    const task = { type: 'fix_bug' };

    expect(await readStream(data)).toEqual([
      {
        task_id: 't',
        agent_id: 'ann',
        success: true,
        execution_summary: 'I forgot the index.',
        error_patterns: null,
        task,
      },
      {
        task_id: 't',
        agent_id: null,
        success: false,
        execution_summary: 'failed',
        error_patterns: { error: 'Timeout after 3 s' },
        task,
      },
      {
        task_id: 't',
        agent_id: 'ann',
        success: true,
        execution_summary: 'done',
        error_patterns: null,
        task,
      },
    ]);
  });

  it('is missing in a folder without either file', async () => {
    await expect(readStream(data)).rejects.toThrow('neither stream.jsonl nor executions.jsonl');
  });
});
