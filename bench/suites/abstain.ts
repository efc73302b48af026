import { z } from 'zod';
import { Embedder } from '../../src/embedding/index.js';
import { type Asked } from '../arguments.js';
import { withEmbedding } from '../embedding.js';
import { auroc, share } from '../metrics.js';
import { goThrough } from '../progress.js';
import { readRecords } from '../records.js';
import { remember } from '../remember.js';
import { withService } from '../service.js';
import { timed, type Figures, type Outcome, type Suite } from '../suite.js';

const memoryRecord = z.object({ id: z.string(), text: z.string(), intent: z.string() });
const queryRecord = z.object({ text: z.string(), intent: z.string().nullable() });

const SEMANTIC_BARS: ReturnType<Suite['bars']> = {
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
  readonly cosine: number;
  /** What tells whether anything is meant: the cosine, or BM25 where only words are looked at. */
  readonly score: number;
}

/** Does it find what is meant, and does it notice when nothing in memory is meant? */
export const abstain: Suite = {
  records: 'given',
  bars: ({ mode }) => (mode === 'semantic' ? SEMANTIC_BARS : {}),

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
      const answers = await goThrough('Asking', queries, async ({ text, intent }) => {
        const { items } = await timed(latencies, () =>
          api.search({ task_description: text, mode, top_k: 1, similarity_threshold: 0 }),
        );
        const { task_id = '', similarity_score: cosine = 0, keyword_score } = items[0] ?? {};
        const score = mode === 'keyword' ? (keyword_score ?? 0) : cosine;

        return { intent, cosine, score, isRight: intentOf.get(task_id) === intent };
      });

      return {
        n: queries.length,
        ...judged(answers, threshold),
        latencies,
        modelKey: model_key,
        database,
      };
    });
  },
};

function judged(
  answers: readonly Nearest[],
  threshold: number,
): { metrics: Figures; slices: Outcome['slices'] } {
  const inScope = answers.filter(({ intent }) => intent !== null);
  const outOfScope = answers.filter(({ intent }) => intent === null);
  const scores = (part: readonly Nearest[]): number[] => part.map(({ score }) => score);
  const accepted = (part: readonly Nearest[]): number =>
    share(part.map(({ cosine }) => cosine >= threshold));
  const accuracy = share(inScope.map(({ isRight }) => isRight));

  return {
    metrics: {
      accuracy,
      auroc: auroc(scores(inScope), scores(outOfScope)),
      kept_in_scope: accepted(inScope),
      accepted_out_of_scope: accepted(outOfScope),
      suggest_threshold: threshold,
    },
    slices: {
      in_scope: { n: inScope.length, accuracy, accepted: accepted(inScope) },
      out_of_scope: { n: outOfScope.length, accepted: accepted(outOfScope) },
    },
  };
}
