export {
  isNamespace,
  ownCaller,
  SERVICE_NAMESPACE,
  type Caller,
  type CommandKey,
} from './caller.js';
export { canonicalJson, sha256 } from './canonical-json.js';
export { Clock, SystemClock } from './clock.js';
export { fold, type Decider } from './decider.js';
export {
  conflict,
  DomainError,
  notFound,
  overloaded,
  ruleBroken,
  unavailable,
  type FieldError,
  type Refusal,
} from './domain-error.js';
export type { DomainEvent } from './domain-event.js';
export { jsonObject, moment, saying, text } from './fields.js';
export { nameBasedId, newId, type Id } from './id.js';
export type {
  EventContent,
  EventOf,
  EventSchema,
  EventSchemas,
  Upcaster,
} from './event-schemas.js';
export { Notification, type CloudEvent } from './notification.js';
export {
  DESCRIPTION_MAX,
  executionFacts,
  executionFields,
  executionKeyName,
  executionText,
  factsOf,
  label,
  mustSaySomething,
  SUMMARY_MAX,
  type ExecutionFacts,
  type ExecutionFields,
} from './execution.js';
