import { retrievalSuite } from '../retrieval.js';
import { readDuplicates } from '../sets/duplicates.js';

/** Does the report of a bug find the earlier reports of the same one? */
export const duplicates = retrievalSuite({
  read: readDuplicates,
  figure: 'ndcg@10',
  atLeast: { hybrid: 0.655 },
});
