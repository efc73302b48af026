import { type Api, type NewExecution } from './api.js';
import { type Mode } from './arguments.js';
import { grouped } from './grouped.js';
import { inEachLeg, underBetterLeg, WHATEVER_THE_SET } from './legs.js';
import { mean, ndcgAt10, recallAt10, share } from './metrics.js';
import { goThrough } from './progress.js';
import { remember } from './remember.js';
import { withService } from './service.js';
import { isBlank, type Collection, type Item, type Question } from './sets/collection.js';
import { timed, type Bars, type Figures, type Outcome, type Suite } from './suite.js';

/** As many as the service gives. */
export const MOST_RESULTS = 20;

/** One answer, held against what ought to be found. */
export interface Scored {
  readonly slice: string;
  readonly ndcg: number;
  readonly recall: number;
  /** Whether the best is relevant. */
  readonly isRight: boolean;
  readonly isWithoutHit: boolean;
}

/** Items of a set, which of them belong to a question, and what has to be reached. */
interface Retrieval {
  readonly read: (folder: string) => Promise<Collection[]>;
  readonly figure: 'ndcg@10' | 'recall@10';
  readonly atLeast: Partial<Record<Mode, number>>;
}

/** A suite that stores a set, each collection in a namespace of its own, and asks what belongs to it. */
export const retrievalSuite = ({ read, figure, atLeast }: Retrieval): Suite => ({
  records: 'given',

  bars({ mode }): Bars {
    const least = atLeast[mode];
    return {
      ...(least !== undefined && { [figure]: { atLeast: least } }),
      ...WHATEVER_THE_SET[mode],
    };
  },

  async run({ data, embedder, mode }): Promise<Outcome> {
    const collections = await read(data);
    mentionUnknown(collections);

    return withService(embedder, async ({ api, database }) => {
      const { model_key } = await api.search({ task_description: 'anything', mode });
      await store(api, collections);
      const latencies: number[] = [];
      const scored = await ask(api, collections, mode, latencies);
      const metrics = figuresOf(scored);
      const legs = await inEachLeg(mode, async (leg) =>
        figuresOf(await ask(api, collections, leg, [])),
      );

      return {
        n: scored.length,
        metrics: { ...metrics, ...underBetterLeg(figure, metrics, legs) },
        slices: slicesOf(scored),
        latencies,
        modelKey: model_key,
        database,
      };
    });
  },
});

/** Stores every collection in its namespace, until all of it is found. */
export async function store(api: Api, collections: readonly Collection[]): Promise<void> {
  for (const [index, { items }] of collections.entries()) {
    await remember(within(api, index), items.map(asExecution));
  }
}

/** Asks every question, and scores the answers; what each took is noted in `latencies`. */
export function ask(
  api: Api,
  collections: readonly Collection[],
  mode: Mode,
  latencies: number[],
): Promise<Scored[]> {
  const asked = collections.flatMap(({ questions }, index) =>
    questions.map((question) => ({ question, room: within(api, index) })),
  );

  return goThrough('Asking', asked, async ({ question, room }) => {
    const found = isBlank(question.text)
      ? []
      : await timed(latencies, () => search(room, question, mode));

    return scoredAs(question, found);
  });
}

/** How good the ids are that were found for a question, best first. */
export function scoredAs({ relevant, slice }: Question, found: readonly string[]): Scored {
  const hits = found.map((id) => relevant.has(id));

  return {
    slice,
    ndcg: ndcgAt10(hits, relevant.size),
    recall: recallAt10(hits, relevant.size),
    isRight: hits[0] ?? false,
    isWithoutHit: hits.length === 0,
  };
}

export const figuresOf = (scored: readonly Scored[]): Figures => ({
  'ndcg@10': mean(scored.map(({ ndcg }) => ndcg)),
  'recall@10': mean(scored.map(({ recall }) => recall)),
  without_a_hit: share(scored.map(({ isWithoutHit }) => isWithoutHit)),
});

const within = (api: Api, collection: number): Api => api.within(`collection-${collection}`);

const asExecution = ({ id, text, taskType, success }: Item): NewExecution => ({
  task_id: id,
  execution_summary: text,
  success,
  task: { type: taskType },
});

async function search(api: Api, { text, self }: Question, mode: Mode): Promise<string[]> {
  const { items } = await api.search({
    task_description: text,
    task_id: self,
    mode,
    top_k: MOST_RESULTS,
    similarity_threshold: 0,
  });

  return items.map(({ task_id }) => task_id);
}

function slicesOf(scored: readonly Scored[]): Outcome['slices'] {
  const parts = grouped(scored, ({ slice }) => slice);
  const names = [...parts.keys()].sort();

  return Object.fromEntries(
    names.map((name) => {
      const part = parts.get(name) ?? [];
      return [name, { n: part.length, ...figuresOf(part) }];
    }),
  );
}

/** What is relevant and not there can be found by nobody, and counts as not found. */
function mentionUnknown(collections: readonly Collection[]): void {
  const unknown = collections.flatMap(({ items, questions }) => {
    const known = new Set(items.map(({ id }) => id));
    return questions.flatMap(({ relevant }) => [...relevant].filter((id) => !known.has(id)));
  });
  if (unknown.length === 0) return;

  process.stderr.write(`${unknown.length} that ought to be found are not among what is stored.\n`);
}
