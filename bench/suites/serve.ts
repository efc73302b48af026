import { Client } from 'pg';
import { z } from 'zod';
import { Embedder, type EmbeddingProfile } from '../../src/embedding/index.js';
import { type Api, type Question } from '../api.js';
import { type Asked, type EmbedderName } from '../arguments.js';
import { BareSearch, type BareQuestion } from '../bare-search.js';
import { CannotRun } from '../cannot-run.js';
import { cpuSecondsOf, parentOf } from '../cpu.js';
import { withFreshDatabase } from '../database.js';
import { withEmbedding } from '../embedding.js';
import { madeTexts, some } from '../made-texts.js';
import { MixedLoad } from '../mixed-load.js';
import { goThrough } from '../progress.js';
import { readRecords } from '../records.js';
import { remember } from '../remember.js';
import { searchCosts, type Searcher } from '../search-costs.js';
import { withServiceOn, type Service } from '../service.js';
import { EMBEDDED, type Bars, type Outcome, type Suite } from '../suite.js';

const sentenceRecord = z.object({ text: z.string() });

const SEEDS = { memories: 1, load: 2 };
const MEMORIES = 2_000;
const QUESTIONS = 200;
const CLIENTS = 20;
const [WARM_UP_SECONDS, SECONDS] = [5, 30];
const TOP = 10;
const MODE = 'hybrid' as const;

const SERVER_BARS: Bars = {
  search_p50_to_bare: { atMost: 2 },
  search_cpu_to_bare_20: { atMost: 1.5 },
};

/** How much do 20 clients get served, and what does a search cost over its bare statement? */
export const serve: Suite = {
  records: 'given',
  bars: (_asked, database) => ({
    errors: { atMost: 0 },
    ...(database === EMBEDDED ? {} : SERVER_BARS),
  }),

  async run({ data, embedder }: Asked): Promise<Outcome> {
    const records = await readRecords(data, 'memory.jsonl', sentenceRecord);
    const sentences = records.map(({ text }) => text);
    const { profile, asked } = await questionsOf(sentences, embedder);
    const questions = asked.map(({ text }) => ({
      task_description: text,
      mode: MODE,
      top_k: TOP,
      similarity_threshold: 0,
    }));

    return withFreshDatabase((database) =>
      withServiceOn(database, { embedder }, async (service): Promise<Outcome> => {
        const { api } = service;
        await remember(api, memoriesOf(sentences));
        // From here on the service has the vectors of the questions, and no model is in the figures.
        await goThrough('Asking', questions, (question) => api.search(question));
        const url = database.env.DATABASE_URL ?? '';
        const costs =
          url === ''
            ? { metrics: {}, slices: {} }
            : await withBare(url, profile, (bare) =>
                costsOf(service, questions, { bare, url, asked }),
              );
        const load = new MixedLoad(api, questions, madeTexts(sentences, SEEDS.load));
        const served = await load.run(CLIENTS, WARM_UP_SECONDS, SECONDS);

        return {
          n: MEMORIES,
          metrics: { ...served, ...costs.metrics },
          slices: costs.slices,
          latencies: load.searches,
          modelKey: profile.key,
          mode: MODE,
          database: database.name,
        };
      }),
    );
  },
};

/** Sentences as they are, from all over the set, and their vectors: the longer, the more a search costs. */
function questionsOf(
  sentences: readonly string[],
  embedder: EmbedderName,
): Promise<{ profile: EmbeddingProfile; asked: BareQuestion[] }> {
  const texts = Array.from({ length: QUESTIONS }, (_, nth) =>
    at(sentences, Math.floor((nth * sentences.length) / QUESTIONS)),
  );

  return withEmbedding(embedder, async (room) => {
    const model = room.get(Embedder);
    const vectors = await model.embed(texts, { priority: 'query' });
    const asked = vectors.map(({ vector }, nth) => ({
      text: texts[nth] ?? '',
      vector: [...vector],
    }));

    return { profile: model.profile, asked };
  });
}

const memoriesOf = (sentences: readonly string[]): Parameters<Api['storeBatch']>[0] =>
  some(madeTexts(sentences, SEEDS.memories), MEMORIES).map((text, nth) => ({
    task_id: `memory-${nth}`,
    execution_summary: text,
    success: nth % 3 !== 0,
    task: { type: 'memory' },
  }));

async function withBare<Result>(
  url: string,
  profile: EmbeddingProfile,
  work: (bare: BareSearch) => Promise<Result>,
): Promise<Result> {
  const bare = new BareSearch(url, profile, { rows: MEMORIES, connections: CLIENTS });
  try {
    return await work(bare);
  } finally {
    await bare.close();
  }
}

/** The same searches, asked of the service and of its database. */
async function costsOf(
  { api, process: { pid = 0 } }: Service,
  questions: readonly Question[],
  { bare, url, asked }: { bare: BareSearch; url: string; asked: readonly BareQuestion[] },
): Promise<Pick<Outcome, 'metrics' | 'slices'>> {
  const ofService = async (nth: number): Promise<string[]> => {
    const { items } = await api.search(at(questions, nth));
    return items.map(({ memory_id }) => memory_id);
  };
  const ofBare = (nth: number): Promise<string[]> => bare.find(at(asked, nth), TOP);
  await goThrough('Comparing', [...questions.keys()], async (nth) => {
    const [found, same] = [await ofService(nth), await ofBare(nth)];
    if (found.join() !== same.join()) {
      throw new CannotRun('The bare statement finds something else than the service does.');
    }
  });
  const server = await serverOf(url);
  const searchers: Searcher[] = [
    {
      name: 'service',
      search: ofService,
      cpu: async () => (await cpuSecondsOf(pid)) + (await cpuSecondsOf(server)),
    },
    {
      name: 'bare',
      search: ofBare,
      cpu: async () => ownCpuSeconds() + (await cpuSecondsOf(server)),
    },
  ];

  return searchCosts(searchers);
}

/** The server's first process, which all of its others descend from. @throws CannotRun */
async function serverOf(url: string): Promise<number> {
  const client = new Client({ connectionString: url });
  await client.connect();
  try {
    const { rows } = await client.query<{ pid: number }>('select pg_backend_pid() as pid');
    const server = await parentOf(rows[0]?.pid ?? 0);
    if (server > 1) return server;
    throw new CannotRun('The CPU of the server is not to be seen: it has to run on this machine.');
  } finally {
    await client.end();
  }
}

/** The client of the bare statement is this process: it does what the service does with a row. */
const ownCpuSeconds = (): number => {
  const { user, system } = process.cpuUsage();

  return (user + system) / 1e6;
};

function at<Item>(items: readonly Item[], nth: number): Item {
  const item = items[nth % items.length];
  if (item === undefined) throw new CannotRun('There is nothing to ask.');

  return item;
}
