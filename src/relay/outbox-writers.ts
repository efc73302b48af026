import { notifications } from './read-model/notifications.projection.js';

/** Whoever writes to the outbox: when one of them has moved in this process, there may be news. */
export const OUTBOX_WRITERS = [notifications.name, 'learner', 'memory-embedder'] as const;
