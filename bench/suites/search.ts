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
import { onServer, type Figures, type Outcome, type Suite } from '../suite.js';

const SIZES = [1_000, 10_000, 50_000, 100_000];
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
  bars: onServer({
    service_to_sql: { atMost: 2 },
    hybrid_to_legs: { atMost: 1.5 },
    tenth_hybrid_p95_ms: { atMost: 30 },
    recall_semantic: { atLeast: 0.975 },
    recall_keyword: { atLeast: 0.975 },
    recall_hybrid: { atLeast: 0.975 },
    fewest_filtered: { atLeast: TOP_K },
    recall_filtered: { atLeast: 0.97 },
  }),

  run: ({ data, embedder }: Asked) =>
    withFreshDatabase(({ name, env }) =>
      withRooms({ ...env, EMBEDDING_PROVIDER: embedder }, WHOEVER_SEARCHES, async (house) => {
        const store = new GrownStore(house, await sentencesOf(house, data, 'memory.jsonl'));
        const asked = await questionsOf(house, data);
        const looked = await withPool(await connectionsOf(house), 1, async (pool) => {
          const slices: Record<string, Figures> = {};
          for (const rows of SIZES) {
            await store.growTo(rows);
            slices[rows] = await new Look(house, pool, asked).figures();
          }
          return slices;
        });

        return outcomeOf(looked, house, name);
      }),
    ),
};

/** The figures of the most memories, but that of the tenth where its share is 5,000 of 50,000. */
function outcomeOf(
  slices: Outcome['slices'],
  house: INestApplicationContext,
  database: string,
): Outcome {
  const [largest = 0] = SIZES.toReversed();
  const { tenth_hybrid_p50_ms, tenth_hybrid_p95_ms } = { ...slices[50_000] };

  return {
    n: QUERIES,
    metrics: { ...slices[largest], ...{ tenth_hybrid_p50_ms, tenth_hybrid_p95_ms } } as Figures,
    slices,
    latencies: [],
    modelKey: house.get(Embedder).profile.key,
    database,
  };
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
