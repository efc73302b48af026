import { load, type Peer, type Shelf } from './peer.js';

/** Of `@langchain/langgraph-checkpoint-postgres/store`, what is used here. */
interface LangGraph {
  readonly PostgresStore: {
    fromConnString(url: string, options: object): Store;
  };
}

interface Store {
  setup(): Promise<void>;
  stop(): Promise<void>;
  put(namespace: readonly string[], key: string, value: object): Promise<void>;
  vectorSearch(namespace: readonly string[], query: string, options: object): Promise<Found>;
  hybridSearch(namespace: readonly string[], query: string, options: object): Promise<Found>;
}

type Found = readonly { readonly key: string }[];

const NAMESPACE = ['bench'];

const langGraph = (name: string, way: 'vectorSearch' | 'hybridSearch'): Peer => ({
  name,
  async open({ url, vectors }): Promise<Shelf> {
    const { PostgresStore } = load('@langchain/langgraph-checkpoint-postgres/store') as LangGraph;
    const store = PostgresStore.fromConnString(url, {
      index: {
        dims: vectors.dimensions,
        embed: (texts: readonly string[]) => vectors.of(texts),
        fields: ['text'],
      },
    });
    await store.setup();

    return {
      add: (key, text) => store.put(NAMESPACE, key, { text }),
      find: async (text, limit) => {
        const found = await store[way](NAMESPACE, text, { limit });
        return found.map(({ key }) => key);
      },
      close: () => store.stop(),
    };
  },
});

export const LANGGRAPH = [
  langGraph('LangGraph, vectorSearch', 'vectorSearch'),
  langGraph('LangGraph, hybridSearch', 'hybridSearch'),
];
