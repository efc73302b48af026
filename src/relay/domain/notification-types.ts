/** Everything that others are told. */
export const NOTIFICATION_TYPES = [
  'memory.stored',
  'memory.context.suggested',
  'memory.embedding.failed',
  'memory.pattern.learned',
  'memory.pattern.confidence_changed',
  'memory.pattern.demoted',
  'memory.pattern.matched',
] as const;

export type NotificationType = (typeof NOTIFICATION_TYPES)[number];
