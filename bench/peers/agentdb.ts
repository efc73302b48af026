import { readFile } from 'node:fs/promises';
import { fileOf, load, type Peer, type Shelf } from './peer.js';

/** Of `agentdb`, what is used here. */
interface AgentDb {
  readonly createDatabase: (path: string) => Promise<Sqlite>;
  readonly ReflexionMemory: new (database: Sqlite, embedder: Embedder) => ReflexionMemory;
}

interface Sqlite {
  exec(sql: string): unknown;
}

interface Embedder {
  embed(text: string): Promise<Float32Array>;
}

interface ReflexionMemory {
  storeEpisode(episode: object): Promise<number>;
  retrieveRelevant(asked: object): Promise<readonly { readonly id: number }[]>;
}

/** A memory of episodes, each of which is its text alone; it looks at every row, by vector alone. */
const reflexionMemory: Peer = {
  name: 'agentdb ReflexionMemory',
  async open({ vectors }): Promise<Shelf> {
    const { createDatabase, ReflexionMemory } = load('agentdb') as AgentDb;
    const database = await createDatabase(':memory:');
    database.exec(await readFile(fileOf('agentdb', 'dist/schemas/schema.sql'), 'utf8'));
    const memory = new ReflexionMemory(database, {
      embed: async (text) => Float32Array.from((await vectors.of([text]))[0] ?? []),
    });
    const ids = new Map<number, string>();

    return {
      add: async (id, task) => {
        const episode = { sessionId: 'bench', task, reward: 1, success: true };
        ids.set(await memory.storeEpisode(episode), id);
      },
      find: async (task, k) => {
        const found = await memory.retrieveRelevant({ task, k });
        return found.map(({ id }) => ids.get(id) ?? '');
      },
      close: () => Promise.resolve(),
    };
  },
};

export const AGENTDB = [reflexionMemory];
