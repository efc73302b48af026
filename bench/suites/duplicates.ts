import { retrievalSuite } from '../retrieval.js';
import { readDuplicates } from '../sets/duplicates.js';
import { type Bars } from '../suite.js';

const HYBRID_BARS: Bars = { 'ndcg@10': { atLeast: 0.655 } };

/** Does the report of a bug find the earlier reports of the same one? */
export const duplicates = retrievalSuite({
  read: readDuplicates,
  bars: ({ mode }) => (mode === 'hybrid' ? HYBRID_BARS : {}),
});
