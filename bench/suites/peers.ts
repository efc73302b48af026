import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Embedder } from '../../src/embedding/index.js';
import { MODES, type Asked, type EmbedderName } from '../arguments.js';
import { CannotRun } from '../cannot-run.js';
import { withFreshDatabase } from '../database.js';
import { withEmbedding } from '../embedding.js';
import { AGENTDB } from '../peers/agentdb.js';
import { BM25 } from '../peers/bm25.js';
import { LANGGRAPH } from '../peers/langgraph.js';
import { MASTRA } from '../peers/mastra.js';
import { MEM0 } from '../peers/mem0.js';
import { type Peer, type Vectors } from '../peers/peer.js';
import { remarkOf, type System } from '../peers/remark.js';
import { SameVectors } from '../peers/same-vectors.js';
import { setsIn, type PeerSet } from '../peers/sets.js';
import { goThrough } from '../progress.js';
import { ask, MOST_RESULTS, scoredAs, store, type Scored } from '../retrieval.js';
import { withService } from '../service.js';
import { isBlank, type Collection, type Question } from '../sets/collection.js';
import { type Outcome, type Suite } from '../suite.js';

const PEERS: readonly Peer[] = [...MEM0, ...LANGGRAPH, ...MASTRA, ...AGENTDB, ...BM25];
/** How long a peer may take over a set. */
const PATIENCE_MS = 900_000;

/** Do other memories find more, given the same vectors of the same texts? */
export const peers: Suite = {
  records: 'given',
  bars: () => ({ peers_without_a_figure: { atMost: 0 } }),

  run({ data, embedder }: Asked): Promise<Outcome> {
    const sets = setsIn(data);
    if (!process.env.DATABASE_URL) {
      throw new CannotRun('Peers keep what they know on a server: npm run bench:server -- peers.');
    }

    return withEmbedding(embedder, async (room) => {
      const ours: System[] = MODES.map((mode) => ({ name: `ours, ${mode}`, figures: {} }));
      const others: System[] = PEERS.map(({ name }) => ({ name, figures: {}, failed: [] }));
      const asked = new Run(embedder, new SameVectors(room.get(Embedder)));
      for (const set of sets) await asked.compare(set, ours, others);

      return {
        n: asked.questions,
        metrics: {
          systems: ours.length + others.length,
          peers_without_a_figure: others.filter(({ failed }) => failed?.length).length,
        },
        slices: Object.fromEntries(
          [...ours, ...others].map(({ name, figures }) => [name, figures]),
        ),
        remarks: Object.fromEntries(others.map((peer) => [peer.name, remarkOf(peer, ours)])),
        latencies: [],
        modelKey: room.get(Embedder).profile.key,
        mode: 'every',
        database: asked.database,
      };
    });
  },
};

class Run {
  questions = 0;
  database = '';

  constructor(
    private readonly embedder: EmbedderName,
    private readonly vectors: Vectors,
  ) {}

  async compare(set: PeerSet, ours: readonly System[], others: readonly System[]): Promise<void> {
    const collections = await set.read();
    this.questions += collections.flatMap(({ questions }) => questions).length;
    await withService(this.embedder, async ({ api, database }) => {
      this.database = database;
      await store(api, collections);
      for (const [index, mode] of MODES.entries()) {
        const scored = await ask(api, collections, mode, []);
        note(ours[index], set, scored);
      }
    });
    for (const [index, peer] of PEERS.entries()) {
      const system = others[index];
      if (system) await this.measure(peer, system, set, collections);
    }
  }

  /** Why a peer gives no figure is said, and the others go on. */
  private async measure(
    peer: Peer,
    system: System,
    set: PeerSet,
    collections: readonly Collection[],
  ): Promise<void> {
    const deadline = performance.now() + PATIENCE_MS;
    try {
      const scored: Scored[] = [];
      for (const collection of collections) {
        scored.push(...(await this.askOne(peer, collection, deadline)));
      }
      note(system, set, scored);
    } catch (error) {
      const [reason = ''] = (error as Error).message.split('\n');
      system.failed?.push(`${set.figure}: ${reason}`);
      process.stderr.write(`${peer.name} gives no ${set.figure}: ${reason}\n`);
    }
  }

  private askOne(peer: Peer, collection: Collection, deadline: number): Promise<Scored[]> {
    return withFreshDatabase(async ({ env }) => {
      const folder = await mkdtemp(join(tmpdir(), 'omoi-peer-'));
      const shelf = await peer.open({ url: env.DATABASE_URL ?? '', folder, vectors: this.vectors });
      const inTime = mustBeBefore(deadline);
      try {
        await goThrough(`${peer.name}: storing`, collection.items, ({ id, text }) =>
          inTime(() => shelf.add(id, text)),
        );
        return await goThrough(`${peer.name}: asking`, collection.questions, (question) =>
          inTime(async () => scoredAs(question, await found(question, shelf.find.bind(shelf)))),
        );
      } finally {
        await shelf.close();
        await rm(folder, { recursive: true, force: true });
      }
    });
  }
}

/** The figure is said at once, because others may take long. */
function note(
  system: System | undefined,
  { figure, of }: PeerSet,
  scored: readonly Scored[],
): void {
  const value = of(scored);
  Object.assign(system?.figures ?? {}, { [figure]: value });
  process.stderr.write(`${system?.name}: ${figure} ${value.toFixed(4)} (n = ${scored.length})\n`);
}

/** One more is asked for, because the one that asks may be among them. */
async function found(
  { text, self }: Question,
  find: (text: string, most: number) => Promise<string[]>,
): Promise<string[]> {
  if (isBlank(text)) return [];
  const ids = await find(text, MOST_RESULTS + 1);

  return ids.filter((id) => id !== self).slice(0, MOST_RESULTS);
}

const mustBeBefore =
  (deadline: number) =>
  <Result>(work: () => Promise<Result>): Promise<Result> => {
    if (performance.now() <= deadline) return work();
    throw new Error(`was not done after ${PATIENCE_MS / 60_000} minutes`);
  };
