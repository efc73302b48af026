import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { conversation } from '../suites/conversation.js';
import { duplicates } from '../suites/duplicates.js';
import { type Collection } from './collection.js';
import { readConversations } from './conversation.js';
import { readDuplicates } from './duplicates.js';
import { readLessons } from './lessons.js';

type Lines = readonly object[];
type Files = Readonly<Record<string, Lines>>;

let data: string;

beforeEach(async () => {
  data = await mkdtemp(join(tmpdir(), 'omoi-set-'));
});
afterEach(() => rm(data, { recursive: true }));

const write = async (files: Files): Promise<void> => {
  for (const [name, lines] of Object.entries(files)) {
    await writeFile(join(data, name), lines.map((line) => JSON.stringify(line)).join('\n'));
  }
};
const read = async (
  reader: (folder: string) => Promise<Collection[]>,
  files: Files,
): Promise<Collection[]> => {
  await write(files);
  return reader(data);
};

const REPORTS = [
  { id: 'a', project: 'ide', title: 'Crash on save', body: 'It crashes.', severity: 'high' },
  { id: 'b', project: 'ide', title: 'Saving crashes', body: '' },
  { id: 'c', project: 'web', title: 'Slow', body: null },
  { id: 'd', project: 'web', title: ' ', body: '\n' },
];
const judged = (query_id: string, doc_id: string): object => ({ query_id, doc_id });

describe('Duplicates of bug reports', () => {
  it('are title, newline and body, with the reports that ask among them', async () => {
    const [set] = await read(readDuplicates, {
      'corpus.jsonl': REPORTS,
      'queries.jsonl': [{ id: 'a' }, { id: 'c' }],
      'qrels.jsonl': [judged('a', 'b'), judged('a', 'a'), judged('c', 'gone')],
    });

    expect(set?.items.map(({ text }) => text)).toEqual([
      'Crash on save\nIt crashes.',
      'Saving crashes\n',
      'Slow\n',
    ]);
    expect(set?.questions).toEqual([
      {
        text: 'Crash on save\nIt crashes.',
        relevant: new Set(['report-1']),
        self: 'report-0',
        slice: 'ide',
      },
      { text: 'Slow\n', relevant: new Set(['unknown gone']), self: 'report-2', slice: 'web' },
    ]);
  });

  it('are not asked for where there are none', async () => {
    const [set] = await read(readDuplicates, {
      'corpus.jsonl': REPORTS,
      'queries.jsonl': [{ id: 'a' }, { id: 'b' }],
      'qrels.jsonl': [judged('b', 'a')],
    });

    expect(set?.questions.map(({ self }) => self)).toEqual(['report-1']);
  });

  it('may be long and odd', async () => {
    const body = `\u0000 \ud800 ${'😀'.repeat(120_000)}`;
    const [set] = await read(readDuplicates, {
      'corpus.jsonl': [{ id: 'a', project: 'ide', title: 'Odd', body }, ...REPORTS.slice(1)],
      'queries.jsonl': [{ id: 'a' }],
      'qrels.jsonl': [judged('a', 'b')],
    });
    const [text = ''] = set?.items.map((item) => item.text) ?? [];
    const [question = ''] = set?.questions.map((asked) => asked.text) ?? [];

    expect(text).toMatch(/^Odd\n\uFFFD \uFFFD (😀)+$/u);
    expect([Array.from(text).length, Array.from(question).length]).toEqual([100_000, 20_000]);
  });

  it('cannot be looked for by a report that is not there', async () => {
    const files = { 'corpus.jsonl': REPORTS, 'qrels.jsonl': [judged('z', 'b')] };

    await expect(
      read(readDuplicates, { ...files, 'queries.jsonl': [{ id: 'z' }] }),
    ).rejects.toThrow('The query z is not in corpus.jsonl.');
  });

  it('have a bar for words and meaning together', () => {
    expect(duplicates.bars({ mode: 'hybrid', rows: 0 }, '')).toEqual({
      'ndcg@10': { atLeast: 0.655 },
      under_better_leg: { atMost: 0.02 },
    });
    expect(duplicates.bars({ mode: 'keyword', rows: 0 }, '')).toEqual({
      without_a_hit: { atMost: 0.01 },
    });
  });
});

const TURNS = [
  { id: 'D1:1', conversation: 'x', speaker: 'Ann', text: 'Look!', image_caption: 'a red bike' },
  { id: 'D1:2', conversation: 'x', speaker: 'Bob', text: 'Nice.' },
  { id: 'D1:1', conversation: 'y', speaker: 'Cem', text: 'Hello.', image_caption: null },
];
const question = (more: object): object => ({
  id: 'q',
  conversation: 'x',
  category: 'single-hop',
  question: 'What does Ann have?',
  evidence: ['D1:1'],
  ...more,
});

describe('Conversations', () => {
  const asking = (...questions: Lines): Promise<Collection[]> =>
    read(readConversations, { 'turns.jsonl': TURNS, 'questions.jsonl': questions });

  it('are told by their speakers, each apart', async () => {
    const sets = await asking(question({}), question({ conversation: 'y', category: 4 }));

    expect(sets.map(({ items }) => items.map(({ text }) => text))).toEqual([
      ['Ann: Look! a red bike', 'Bob: Nice.'],
      ['Cem: Hello.'],
    ]);
    expect(sets.map(({ questions }) => questions)).toEqual([
      [
        {
          text: 'What does Ann have?',
          relevant: new Set(['turn-0']),
          self: null,
          slice: 'single-hop',
        },
      ],
      [{ text: 'What does Ann have?', relevant: new Set(['turn-0']), self: null, slice: '4' }],
    ]);
  });

  it('are not asked what was never said', async () => {
    const sets = await asking(
      question({ category: 'Adversarial' }),
      question({ category: 5 }),
      question({ evidence: [] }),
      question({ evidence: null }),
      question({ evidence: ['D1:2', 'D9:9'] }),
    );

    expect(sets.flatMap(({ questions }) => questions.map(({ relevant }) => relevant))).toEqual([
      new Set(['turn-1', 'unknown D9:9']),
    ]);
  });

  it('have a bar for words and meaning together', () => {
    expect(conversation.bars({ mode: 'hybrid', rows: 0 }, '')).toEqual({
      'recall@10': { atLeast: 0.63 },
      under_better_leg: { atMost: 0.02 },
    });
    expect(conversation.bars({ mode: 'semantic', rows: 0 }, '')).toEqual({});
  });
});

describe('Lessons', () => {
  it('are asked for by the tasks that have one', async () => {
    const lesson = { task_id: 't', task_type: 'humaneval/rust', success: false };
    const [set] = await read(readLessons, {
      'executions.jsonl': [
        { ...lesson, reflections: ['Mind the end.', 'Again.'] },
        { ...lesson, reflections: [] },
        { ...lesson, task_id: 'other', reflections: [' '] },
      ],
      'tasks.jsonl': [
        { id: 't', text: 'Sum it up.' },
        { id: 'other', text: 'Nothing.' },
      ],
    });

    expect(set?.items.map(({ text, taskType }) => [text, taskType])).toEqual([
      ['Mind the end.', 'humaneval/rust'],
    ]);
    expect(set?.questions).toEqual([
      { text: 'Sum it up.', relevant: new Set(['lesson-0']), self: null, slice: 'humaneval' },
    ]);
  });
});
