import { type INestApplicationContext } from '@nestjs/common';
import { CqrsModule } from '@nestjs/cqrs';
import { z } from 'zod';
import ormOptions from '../../mikro-orm.config.js';
import { ConfigModule } from '../../src/config/index.js';
import { DatabaseModule } from '../../src/database/index.js';
import { embedOne, Embedder, EmbeddingModule } from '../../src/embedding/index.js';
import { EventStoreModule } from '../../src/event-store/index.js';
import { MemoryModule } from '../../src/memory/index.js';
import { type Asked } from '../arguments.js';
import { connectionsOf, withPool } from '../connections.js';
import { withFreshDatabase } from '../database.js';
import { GrownStore } from '../grown-store.js';
import { goThrough } from '../progress.js';
import { type Sentence } from '../recombined.js';
import { readRecords } from '../records.js';
import { withRooms, type Rooms } from '../rooms.js';
import { Look, TOP_K, type Question } from '../search-look.js';
import { EMBEDDED, type Bars, type Figures, type Outcome, type Suite } from '../suite.js';

/** What most of the bars are about. */
const USUAL = 100_000;
const MILLION = 1_000_000;
const SIZES = [1_000, 10_000, 50_000, USUAL, MILLION];
const BARS: Bars = {
  service_to_sql: { atMost: 2 },
  hybrid_to_legs: { atMost: 1.5 },
  tenth_hybrid_p95_ms: { atMost: 30 },
  recall_semantic: { atLeast: 0.975 },
  recall_keyword: { atLeast: 0.975 },
  recall_hybrid: { atLeast: 0.975 },
  fewest_filtered: { atLeast: TOP_K },
  recall_filtered: { atLeast: 0.97 },
};
const SENTENCES = 3_000;
const QUERIES = 100;

const WHOEVER_SEARCHES: Rooms = (settings) => [
  ConfigModule.with(settings),
  DatabaseModule.with(ormOptions),
  CqrsModule.forRoot(),
  EventStoreModule,
  EmbeddingModule,
  MemoryModule,
];

const record = z.object({ text: z.string() });

/** How fast, and how much of what an exact search finds, among more and more memories? */
export const search: Suite = {
  records: 'given',
  bars: ({ rows }, database) => {
    if (database === EMBEDDED) return {};

    return rows < MILLION ? BARS : { ...BARS, million_semantic_p95_to_usual: { atMost: 2 } };
  },

  run: ({ data, embedder, rows: most }: Asked) =>
    withFreshDatabase(({ name, env }) =>
      withRooms({ ...env, EMBEDDING_PROVIDER: embedder }, WHOEVER_SEARCHES, async (house) => {
        const store = new GrownStore(house, await sentencesOf(house, data, 'memory.jsonl'));
        const asked = await questionsOf(house, data);
        const looked = await withPool(await connectionsOf(house), 1, async (pool) => {
          const slices: Record<string, Figures> = {};
          for (const rows of SIZES.filter((size) => size <= most)) {
            await store.growTo(rows);
            slices[rows] = await new Look(house, pool, asked, rows).figures();
          }
          return slices;
        });

        return outcomeOf(looked, house, name);
      }),
    ),
};

function outcomeOf(
  slices: Outcome['slices'],
  house: INestApplicationContext,
  database: string,
): Outcome {
  return {
    n: QUERIES,
    metrics: metricsOf(slices),
    slices,
    latencies: [],
    modelKey: house.get(Embedder).profile.key,
    mode: 'every',
    database,
  };
}

/** Those of 100,000, or of the most there are, but that of the tenth where it is 5,000 of 50,000. */
function metricsOf(slices: Outcome['slices']): Figures {
  const [largest = 0] = SIZES.filter((size) => size <= USUAL && size in slices).toReversed();
  const { tenth_hybrid_p50_ms = NaN, tenth_hybrid_p95_ms = NaN } = { ...slices[50_000] };
  const { semantic_p95_ms: usual = NaN } = { ...slices[USUAL] };
  const { semantic_p95_ms: million = NaN } = { ...slices[MILLION] };
  const figures = {
    ...slices[largest],
    tenth_hybrid_p50_ms,
    tenth_hybrid_p95_ms,
    million_semantic_p95_to_usual: million / usual,
  };

  // What was not measured is left out.
  return Object.fromEntries(Object.entries(figures).filter(([, value]) => !Number.isNaN(value)));
}

async function sentencesOf(
  house: INestApplicationContext,
  folder: string,
  file: string,
): Promise<Sentence[]> {
  const records = (await readRecords(folder, file, record)).slice(0, SENTENCES);

  return goThrough('Embedding', records, async ({ text }) => ({
    text,
    vector: (await embedOne(house.get(Embedder), text, 'query')).vector,
  }));
}

/** Each of two sentences that are in no memory. */
async function questionsOf(house: INestApplicationContext, folder: string): Promise<Question[]> {
  const records = (await readRecords(folder, 'queries.jsonl', record)).slice(0, 2 * QUERIES);
  const pairs = Array.from({ length: QUERIES }, (_, nth) => records.slice(2 * nth, 2 * nth + 2));

  return goThrough('Embedding', pairs, async (pair) => {
    const text = pair.map((one) => one.text).join('. ');

    return { text, vector: (await embedOne(house.get(Embedder), text, 'query')).vector };
  });
}
