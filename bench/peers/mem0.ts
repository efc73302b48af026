import { join } from 'node:path';
import { load, type Peer, type Place, type Shelf } from './peer.js';

/** Of `mem0ai/oss`, what is used here. */
interface Mem0 {
  readonly Memory: new (config: object) => Memory;
}

interface Memory {
  /** Private, and so is that of the entities, which is made when a search first looks for one. */
  readonly vectorStore: Closable;
  readonly _entityStore?: Closable;
  add(text: string, said: object): Promise<unknown>;
  search(
    text: string,
    asked: object,
  ): Promise<{ readonly results: readonly { readonly metadata: { readonly item: string } }[] }>;
}

interface Closable {
  readonly close?: () => Promise<void>;
}

const USER = 'bench';

/** Which store holds its vectors. */
type Store = (place: Place) => { readonly provider: string; readonly config: object };

const ITS_OWN: Store = ({ folder, vectors }) => ({
  provider: 'memory',
  config: { dbPath: join(folder, 'mem0.db'), dimension: vectors.dimensions },
});

const PGVECTOR: Store = ({ url, vectors: { dimensions } }) => ({
  provider: 'pgvector',
  config: { connectionString: url, embeddingModelDims: dimensions, dimension: dimensions },
});

/**
 * Its search is meaning and words, with the boost for entities that has none to boost by: those are
 * found by a language model. None is asked (`infer: false`), so what is added is what is kept.
 */
const mem0 = (name: string, store: Store): Peer => ({
  name,
  open(place): Promise<Shelf> {
    // It would send what it is used for to its maker, and keep its settings in the home folder.
    Object.assign(process.env, { MEM0_TELEMETRY: 'false', MEM0_DIR: place.folder });
    const { Memory } = load('mem0ai/oss') as Mem0;
    const memory = new Memory({
      disableHistory: true,
      embedder: { provider: 'langchain', config: { model: embeddings(place) } },
      llm: { provider: 'openai', config: { apiKey: 'never asked' } },
      vectorStore: store(place),
    });

    return Promise.resolve({
      add: async (item, text) => {
        await memory.add(text, { userId: USER, infer: false, metadata: { item } });
      },
      find: async (text, topK) => {
        const { results } = await memory.search(text, {
          topK,
          threshold: 0,
          filters: { user_id: USER },
        });
        return results.map(({ metadata }) => metadata.item);
      },
      // It has no end of its own, and its connections would be cut off with its database.
      close: async () => {
        await memory.vectorStore.close?.();
        await memory._entityStore?.close?.();
      },
    });
  },
});

/** The shape of an embedder of LangChain. */
const embeddings = ({ vectors }: Place): object => ({
  embedQuery: async (text: string) => (await vectors.of([text]))[0],
  embedDocuments: (texts: readonly string[]) => vectors.of(texts),
});

export const MEM0 = [mem0('mem0, its own store', ITS_OWN), mem0('mem0, pgvector', PGVECTOR)];
