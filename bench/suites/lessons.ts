import { retrievalSuite } from '../retrieval.js';
import { readLessons } from '../sets/lessons.js';

const NDCG = { semantic: 0.785, keyword: 0.75, hybrid: 0.82 };

/** Does the text of a task find the lessons that agents wrote down after failing at it? */
export const lessons = retrievalSuite({
  read: readLessons,
  bars: ({ mode }) => ({ 'ndcg@10': { atLeast: NDCG[mode] } }),
});
