import { retrievalSuite } from '../retrieval.js';
import { readConversations } from '../sets/conversation.js';

/** Does a question about a long conversation find the turns that hold its answer? */
export const conversation = retrievalSuite({
  read: readConversations,
  figure: 'recall@10',
  atLeast: { hybrid: 0.63 },
});
