import { load, type Peer, type Shelf } from './peer.js';

/** Of `natural`, what is used here. */
interface Natural {
  readonly PorterStemmer: { tokenizeAndStem(text: string): string[] };
}

const [K1, B] = [1.2, 0.75];

/** No other memory, but what keywords have to reach: BM25 over English stems, as in the textbook. */
const bm25: Peer = {
  name: 'BM25 of the textbook',
  open: () => {
    const { PorterStemmer } = load('natural') as Natural;
    const documents = new Map<string, Document>();
    const ofTerm = new Map<string, number>();
    let words = 0;

    return Promise.resolve<Shelf>({
      add: (id, text) => {
        const stems = PorterStemmer.tokenizeAndStem(text);
        const times = counted(stems);
        documents.set(id, { times, length: stems.length });
        for (const term of times.keys()) ofTerm.set(term, (ofTerm.get(term) ?? 0) + 1);
        words += stems.length;
        return Promise.resolve();
      },
      find: (text, most) => {
        const usual = words / documents.size;
        const idf = (term: string): number => {
          const there = ofTerm.get(term) ?? 0;
          return Math.log(1 + (documents.size - there + 0.5) / (there + 0.5));
        };
        const asked = PorterStemmer.tokenizeAndStem(text).map((term) => ({ term, idf: idf(term) }));
        const scored = [...documents].map(([id, document]) => ({
          id,
          score: asked.reduce((sum, one) => sum + one.idf * weight(document, one.term, usual), 0),
        }));
        const hits = scored.filter(({ score }) => score > 0);
        hits.sort((a, b) => b.score - a.score || (a.id < b.id ? -1 : 1));
        return Promise.resolve(hits.slice(0, most).map(({ id }) => id));
      },
      close: () => Promise.resolve(),
    });
  },
};

export const BM25 = [bm25];

interface Document {
  readonly times: ReadonlyMap<string, number>;
  /** In words. */
  readonly length: number;
}

/** @param usual how many words texts have on the average */
function weight({ times, length }: Document, term: string, usual: number): number {
  const there = times.get(term) ?? 0;

  return (there * (K1 + 1)) / (there + K1 * (1 - B + (B * length) / usual));
}

function counted(words: readonly string[]): Map<string, number> {
  const times = new Map<string, number>();
  for (const word of words) times.set(word, (times.get(word) ?? 0) + 1);

  return times;
}
