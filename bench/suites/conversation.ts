import { retrievalSuite } from '../retrieval.js';
import { readConversations } from '../sets/conversation.js';
import { type Bars } from '../suite.js';

const HYBRID_BARS: Bars = { 'recall@10': { atLeast: 0.63 } };

/** Does a question about a long conversation find the turns that hold its answer? */
export const conversation = retrievalSuite({
  read: readConversations,
  bars: ({ mode }) => (mode === 'hybrid' ? HYBRID_BARS : {}),
});
