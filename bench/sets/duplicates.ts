import { z } from 'zod';
import { CannotRun } from '../cannot-run.js';
import { grouped } from '../grouped.js';
import { readRecords } from '../records.js';
import { askable, isBlank, storable, type Collection } from './collection.js';

const reportRecord = z.object({
  id: z.string(),
  project: z.string().nullish(),
  title: z.string().nullish(),
  body: z.string().nullish(),
});
const queryRecord = z.object({ id: z.string() });
const judgementRecord = z.object({ query_id: z.string(), doc_id: z.string() });
type Report = z.output<typeof reportRecord>;

/** Everybody's, so that it says nothing about a report, and a word that reports do not use. */
const TASK_TYPE = 'bugreport';

/**
 * Reports of bugs, and those that ask for their duplicates; their projects are the slices. A report
 * that says nothing is not stored; one that says nothing and asks finds nothing.
 * @throws CannotRun when a query is not in the corpus
 */
export async function readDuplicates(folder: string): Promise<Collection[]> {
  const corpus = await readRecords(folder, 'corpus.jsonl', reportRecord);
  const queries = await readRecords(folder, 'queries.jsonl', queryRecord);
  const judged = await readRecords(folder, 'qrels.jsonl', judgementRecord);
  const reports = new Map(corpus.map((report) => [report.id, report]));
  const duplicatesOf = grouped(
    judged.filter(({ query_id, doc_id }) => query_id !== doc_id),
    ({ query_id }) => query_id,
  );
  const places = new Map([...reports.keys()].map((id, index) => [id, `report-${index}`]));
  // The ids of a set may be longer than those of tasks are.
  const place = (id: string): string => places.get(id) ?? `unknown ${id}`;
  const items = [...reports.values()]
    .map((report) => ({ id: place(report.id), text: storable(textOf(report)) }))
    .filter(({ text }) => !isBlank(text))
    .map((item) => ({ ...item, taskType: TASK_TYPE, success: true }));
  const questions = queries.flatMap(({ id }) => {
    const report = reports.get(id);
    if (!report) throw new CannotRun(`The query ${id} is not in corpus.jsonl.`);
    const duplicates = duplicatesOf.get(id) ?? [];
    const relevant = new Set(duplicates.map(({ doc_id }) => place(doc_id)));
    const slice = report.project ?? '';

    return relevant.size === 0
      ? []
      : [{ text: askable(textOf(report)), relevant, self: place(id), slice }];
  });

  return [{ items, questions }];
}

const textOf = ({ title, body }: Report): string => `${title ?? ''}\n${body ?? ''}`;
