import { retrievalSuite } from '../retrieval.js';
import { readLessons } from '../sets/lessons.js';

/** Does the text of a task find the lessons that agents wrote down after failing at it? */
export const lessons = retrievalSuite({
  read: readLessons,
  figure: 'ndcg@10',
  atLeast: { semantic: 0.785, keyword: 0.75, hybrid: 0.82 },
});
