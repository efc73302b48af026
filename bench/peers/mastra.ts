import { load, type Peer, type Shelf } from './peer.js';

/** Of `@mastra/pg`, what is used here. */
interface Mastra {
  readonly PgVector: new (config: { id: string; connectionString: string }) => PgVector;
}

interface PgVector {
  createIndex(index: object): Promise<void>;
  upsert(rows: object): Promise<unknown>;
  query(asked: object): Promise<readonly { readonly id: string }[]>;
  disconnect(): Promise<void>;
}

const INDEX = { indexName: 'bench' };

/** Without an index it looks at every row; its search is by vector alone. */
const pgVector: Peer = {
  name: 'Mastra PgVector',
  async open({ url, vectors }): Promise<Shelf> {
    const { PgVector } = load('@mastra/pg') as Mastra;
    const store = new PgVector({ id: 'bench', connectionString: url });
    await store.createIndex({
      ...INDEX,
      dimension: vectors.dimensions,
      metric: 'cosine',
      indexConfig: { type: 'flat' },
    });

    return {
      add: async (id, text) => {
        await store.upsert({ ...INDEX, ids: [id], vectors: await vectors.of([text]) });
      },
      find: async (text, topK) => {
        const [queryVector] = await vectors.of([text]);
        const found = await store.query({ ...INDEX, queryVector, topK });
        return found.map(({ id }) => id);
      },
      close: () => store.disconnect(),
    };
  },
};

export const MASTRA = [pgVector];
