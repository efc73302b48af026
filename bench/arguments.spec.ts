import { resolve } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { readArguments } from './arguments.js';

const SUITES = {
  lessons: { records: 'given' },
  embed: { records: 'given' },
  learner: { records: 'generated' },
  null: { records: 'either' },
} as const;
const read = (...args: string[]) => readArguments(args, SUITES);

describe('The arguments of a benchmark', () => {
  it('need a suite and the data, and no more', () => {
    expect(read('lessons', '--data', 'sets/some-set')).toEqual({
      suite: 'lessons',
      data: resolve('sets/some-set'),
      set: 'some-set',
      mode: 'semantic',
      embedder: 'local',
      rows: 100_000,
      out: resolve('bench-reports/lessons.json'),
    });
  });

  it('need no data of a suite that generates its own', () => {
    expect(read('learner')).toMatchObject({ suite: 'learner', data: '', set: 'generated' });
  });

  it('may name data of a suite that else generates its own', () => {
    expect(read('null')).toMatchObject({ data: '', set: 'generated' });
    expect(read('null', '--data', 'sets/s')).toMatchObject({ data: resolve('sets/s'), set: 's' });
  });

  it.each([
    ['no suite', [], 'Name a suite. There are: lessons, embed, learner, null.'],
    ['a suite nobody knows', ['dance'], 'The suite "dance" is not known. There are: lessons'],
    ['two suites', ['lessons', 'embed', '--data', '.'], 'one suite at a time'],
    ['no data', ['embed'], 'Say where the data of the suite "embed" are: --data <folder>.'],
    ['data nobody reads', ['learner', '--data', '.'], '"learner" generates its data'],
    ['rows that are no number', ['learner', '--rows', 'many'], '--rows many is no number'],
    ['a mode nobody knows', ['embed', '--mode', 'psychic'], 'semantic, keyword, hybrid'],
    ['the embedder of tests', ['embed', '--embedder', 'hash'], 'not available'],
    ['an option nobody knows', ['embed', '--fast'], '--fast'],
  ])('are refused in a sentence: %s', (_, args, sentence) => {
    expect(() => read(...args)).toThrow(sentence);
  });
});
