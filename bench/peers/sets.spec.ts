import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { setsIn } from './sets.js';

describe('The sets that peers are compared on', () => {
  let data: string;
  const put = async (folder: string, ...files: string[]): Promise<void> => {
    await mkdir(join(data, folder), { recursive: true });
    for (const file of files) await writeFile(join(data, folder, file), '{}');
  };
  const figures = (folder = ''): string[] => setsIn(join(data, folder)).map(({ figure }) => figure);

  beforeEach(async () => {
    data = await mkdtemp(join(tmpdir(), 'omoi-sets-'));
  });
  afterEach(() => rm(data, { recursive: true }));

  it('are told by their files, in a folder or in those that it holds', async () => {
    await put('a', 'memory.jsonl', 'queries.jsonl');
    await put('b', 'tasks.jsonl', 'executions.jsonl');
    await put('c', 'corpus.jsonl', 'queries.jsonl', 'qrels.jsonl');
    await put('d', 'turns.jsonl', 'questions.jsonl');
    await put('e', 'tasks.jsonl');

    expect(figures()).toEqual([
      'abstain accuracy',
      'lessons ndcg@10',
      'duplicates ndcg@10',
      'conversation recall@10',
    ]);
    expect(figures('c')).toEqual(['duplicates ndcg@10']);
  });

  it('are missed when there are none', async () => {
    await put('e', 'tasks.jsonl');

    expect(() => figures()).toThrow('The data are missing');
    expect(() => figures('nowhere')).toThrow('The data are missing');
  });
});
