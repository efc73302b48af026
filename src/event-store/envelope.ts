import type { Append, EventMetadata } from './event-store.js';

/** Why the events of an append are there. */
export const envelope = ({ caller, causationId }: Append): EventMetadata => ({
  correlation_id: caller.requestId,
  causation_id: causationId,
  actor: caller.actor,
  traceparent: caller.traceparent,
});
