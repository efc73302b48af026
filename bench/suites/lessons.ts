import { z } from 'zod';
import { type Api, type NewExecution } from '../api.js';
import { type Asked, type Mode } from '../arguments.js';
import { mean, ndcgAt10, recallAt10 } from '../metrics.js';
import { goThrough } from '../progress.js';
import { readRecords } from '../records.js';
import { remember } from '../remember.js';
import { withService } from '../service.js';
import { timed, type Figures, type Outcome, type Suite } from '../suite.js';

const NDCG = { semantic: 0.785, keyword: 0.75, hybrid: 0.82 };
const MOST_RESULTS = 20;

const taskRecord = z.object({ id: z.string(), text: z.string() });
const executionRecord = z.object({
  task_id: z.string(),
  task_type: z.string(),
  success: z.boolean(),
  reflections: z.array(z.string()),
});

/** One lesson, and the id under which it is stored: of its own, because a search gives one hit a task. */
interface Lesson {
  readonly id: string;
  readonly text: string;
  readonly task: string;
  readonly taskType: string;
  readonly success: boolean;
}

interface Query {
  readonly text: string;
  readonly relevant: ReadonlySet<string>;
  /** The benchmark that the task is from: its type up to the slash. */
  readonly slice: string;
}

interface Scored {
  readonly slice: string;
  readonly ndcg: number;
  readonly recall: number;
}

/** Does the text of a task find the lessons that agents wrote down after failing at it? */
export const lessons: Suite = {
  records: 'given',
  bars: (mode) => ({ 'ndcg@10': { atLeast: NDCG[mode] } }),

  async run({ data, embedder, mode }: Asked): Promise<Outcome> {
    const stored = await readLessons(data);
    const queries = await readQueries(data, stored);

    return withService(embedder, async ({ api, database }) => {
      const { model_key } = await api.search({ task_description: 'anything', mode });
      await remember(api, stored.map(asExecution));
      const latencies: number[] = [];
      const scored = await goThrough('Asking', queries, (query) =>
        score(api, query, mode, latencies),
      );

      return {
        n: queries.length,
        metrics: figuresOf(scored),
        slices: slicesOf(scored),
        latencies,
        modelKey: model_key,
        database,
      };
    });
  },
};

async function readLessons(folder: string): Promise<Lesson[]> {
  const executions = await readRecords(folder, 'executions.jsonl', executionRecord);

  return executions.flatMap(({ reflections, task_id, task_type, success }, index) => {
    const [text = ''] = reflections;
    const id = `lesson-${index}`;

    return text.trim() === '' ? [] : [{ id, text, task: task_id, taskType: task_type, success }];
  });
}

async function readQueries(folder: string, stored: readonly Lesson[]): Promise<Query[]> {
  const tasks = await readRecords(folder, 'tasks.jsonl', taskRecord);

  return tasks.flatMap(({ id, text }) => {
    const own = stored.filter(({ task }) => task === id);
    const [slice = ''] = own[0]?.taskType.split('/') ?? [];
    const relevant = new Set(own.map((lesson) => lesson.id));

    return own.length === 0 ? [] : [{ text, relevant, slice }];
  });
}

const asExecution = ({ id, text, taskType, success }: Lesson): NewExecution => ({
  task_id: id,
  execution_summary: text,
  success,
  task: { type: taskType },
});

async function score(
  api: Api,
  { text, relevant, slice }: Query,
  mode: Mode,
  latencies: number[],
): Promise<Scored> {
  const { items } = await timed(latencies, () =>
    api.search({ task_description: text, mode, top_k: MOST_RESULTS, similarity_threshold: 0 }),
  );
  const hits = items.map(({ task_id }) => relevant.has(task_id));

  return {
    slice,
    ndcg: ndcgAt10(hits, relevant.size),
    recall: recallAt10(hits, relevant.size),
  };
}

const figuresOf = (scored: readonly Scored[]): Figures => ({
  'ndcg@10': mean(scored.map((query) => query.ndcg)),
  'recall@10': mean(scored.map((query) => query.recall)),
});

function slicesOf(scored: readonly Scored[]): Outcome['slices'] {
  const names = [...new Set(scored.map(({ slice }) => slice))].sort();

  return Object.fromEntries(
    names.map((name) => {
      const part = scored.filter(({ slice }) => slice === name);
      return [name, { n: part.length, ...figuresOf(part) }];
    }),
  );
}
