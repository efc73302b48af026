import { z } from 'zod';
import { Embedder } from '../../src/embedding/index.js';
import { type Api } from '../api.js';
import { type Asked, type Mode } from '../arguments.js';
import { withEmbedding } from '../embedding.js';
import { inEachLeg, underBetterLeg, WHATEVER_THE_SET } from '../legs.js';
import { auroc, share } from '../metrics.js';
import { goThrough } from '../progress.js';
import { readRecords } from '../records.js';
import { remember } from '../remember.js';
import { withService } from '../service.js';
import { timed, type Bars, type Figures, type Outcome, type Suite } from '../suite.js';

const memoryRecord = z.object({ id: z.string(), text: z.string(), intent: z.string() });
const queryRecord = z.object({ text: z.string(), intent: z.string().nullable() });

const SEMANTIC_BARS: Bars = {
  accuracy: { atLeast: 0.85 },
  auroc: { atLeast: 0.945 },
  kept_in_scope: { atLeast: 0.93 },
  accepted_out_of_scope: { atMost: 0.25 },
};

/** The nearest memory of one query. */
interface Nearest {
  /** What was meant; null: nothing that is in memory. */
  readonly intent: string | null;
  readonly isRight: boolean;
  readonly isThere: boolean;
  readonly cosine: number;
  /** What tells whether anything is meant: the cosine, or BM25 where only words are looked at. */
  readonly score: number;
}

/** Does it find what is meant, and does it notice when nothing in memory is meant? */
export const abstain: Suite = {
  records: 'given',
  bars: ({ mode }) => (mode === 'semantic' ? SEMANTIC_BARS : WHATEVER_THE_SET[mode]),

  async run({ data, embedder, mode }: Asked): Promise<Outcome> {
    const memories = await readRecords(data, 'memory.jsonl', memoryRecord);
    const queries = await readRecords(data, 'queries.jsonl', queryRecord);
    const intentOf = new Map(memories.map(({ id, intent }) => [id, intent]));
    // REST does not say from which cosine the product serves what nobody asked for.
    const threshold = await withEmbedding(
      embedder,
      (room) => room.get(Embedder).profile.suggestThreshold,
    );

    return withService(embedder, async ({ api, database }) => {
      const { model_key } = await api.search({ task_description: 'anything', mode });
      await remember(
        api,
        memories.map(({ id, text }) => ({
          task_id: id,
          execution_summary: text,
          success: true,
          task: { type: 'utterance' },
        })),
      );
      const latencies: number[] = [];
      const askIn = async (how: Mode, took: number[]): Promise<Judged> =>
        judged(await ask(api, { queries, intentOf, mode: how }, took), threshold);
      const { metrics, slices } = await askIn(mode, latencies);
      const legs = await inEachLeg(mode, async (leg) => (await askIn(leg, [])).metrics);

      return {
        n: queries.length,
        metrics: { ...metrics, ...underBetterLeg('accuracy', metrics, legs) },
        slices,
        latencies,
        modelKey: model_key,
        database,
      };
    });
  },
};

interface Questions {
  readonly queries: readonly z.output<typeof queryRecord>[];
  /** By the id of a memory. */
  readonly intentOf: ReadonlyMap<string, string>;
  readonly mode: Mode;
}

function ask(
  api: Api,
  { queries, intentOf, mode }: Questions,
  latencies: number[],
): Promise<Nearest[]> {
  return goThrough('Asking', queries, async ({ text, intent }) => {
    const { items } = await timed(latencies, () =>
      api.search({ task_description: text, mode, top_k: 1, similarity_threshold: 0 }),
    );
    const { task_id = '', similarity_score: cosine = 0, keyword_score } = items[0] ?? {};
    const score = mode === 'keyword' ? (keyword_score ?? 0) : cosine;
    const isRight = intentOf.get(task_id) === intent;

    return { intent, cosine, score, isRight, isThere: items.length > 0 };
  });
}

interface Judged {
  readonly metrics: Figures;
  readonly slices: Outcome['slices'];
}

function judged(answers: readonly Nearest[], threshold: number): Judged {
  const inScope = answers.filter(({ intent }) => intent !== null);
  const outOfScope = answers.filter(({ intent }) => intent === null);
  const scores = (part: readonly Nearest[]): number[] => part.map(({ score }) => score);
  const accepted = (part: readonly Nearest[]): number =>
    share(part.map(({ cosine }) => cosine >= threshold));
  const accuracy = share(inScope.map(({ isRight }) => isRight));
  const withoutHit = (part: readonly Nearest[]): number =>
    share(part.map(({ isThere }) => !isThere));

  return {
    metrics: {
      accuracy,
      auroc: auroc(scores(inScope), scores(outOfScope)),
      kept_in_scope: accepted(inScope),
      accepted_out_of_scope: accepted(outOfScope),
      suggest_threshold: threshold,
      without_a_hit: withoutHit(inScope),
    },
    slices: {
      in_scope: { n: inScope.length, accuracy, accepted: accepted(inScope) },
      out_of_scope: {
        n: outOfScope.length,
        accepted: accepted(outOfScope),
        without_a_hit: withoutHit(outOfScope),
      },
    },
  };
}
