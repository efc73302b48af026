import { z } from 'zod';
import { Embedder, EmbeddingService } from '../../src/embedding/index.js';
import { type Asked } from '../arguments.js';
import { CannotRun } from '../cannot-run.js';
import { withEmbedding } from '../embedding.js';
import { spearman } from '../metrics.js';
import { goThrough } from '../progress.js';
import { readRecords } from '../records.js';
import { NONE, timed, type Outcome, type Suite } from '../suite.js';

const pairRecord = z.object({ a: z.string(), b: z.string(), score: z.number() });

/** Do cosines rank pairs of sentences as people do? Vectors are never served, so it asks no REST. */
export const embed: Suite = {
  records: 'given',
  bars: () => ({ spearman: { atLeast: 0.815 } }),

  async run({ data, embedder, mode }: Asked): Promise<Outcome> {
    if (mode !== 'semantic') {
      throw new CannotRun(`The suite "embed" compares vectors: the mode "${mode}" has none.`);
    }
    const pairs = await readRecords(data, 'pairs.jsonl', pairRecord);

    return withEmbedding(embedder, async (room) => {
      const service = room.get(EmbeddingService);
      const latencies: number[] = [];
      const cosines = await goThrough('Embedding', pairs, async ({ a, b }) => {
        const [left = [], right = []] = await timed(latencies, () =>
          service.batchGenerateEmbeddings([a, b]),
        );
        return service.cosineSimilarity(left, right);
      });
      const scores = pairs.map(({ score }) => score);

      return {
        n: pairs.length,
        metrics: { spearman: spearman(cosines, scores) },
        slices: {},
        latencies,
        modelKey: room.get(Embedder).profile.key,
        database: NONE,
      };
    });
  },
};
