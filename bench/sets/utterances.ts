import { z } from 'zod';
import { grouped } from '../grouped.js';
import { readRecords } from '../records.js';
import { askable, storable, type Collection } from './collection.js';

const memoryRecord = z.object({ text: z.string(), intent: z.string() });
const queryRecord = z.object({ text: z.string(), intent: z.string().nullable() });

/** Utterances, and others of which those with the same intent ought to be found. */
export async function readUtterances(folder: string): Promise<Collection[]> {
  const memories = await readRecords(folder, 'memory.jsonl', memoryRecord);
  const queries = await readRecords(folder, 'queries.jsonl', queryRecord);
  const items = memories.map(({ text, intent }, index) => ({
    id: `utterance-${index}`,
    text: storable(text),
    taskType: 'utterance',
    success: true,
    intent,
  }));
  const alike = grouped(items, ({ intent }) => intent);
  const questions = queries.flatMap(({ text, intent }) => {
    const relevant = new Set(alike.get(intent ?? '')?.map(({ id }) => id));
    return relevant.size === 0 ? [] : [{ text: askable(text), relevant, self: null, slice: '' }];
  });

  return [{ items, questions }];
}
