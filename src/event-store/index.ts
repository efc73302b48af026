export { CommandKeys } from './command-keys.js';
export { DeadLetters, type DeadLetter, type DeadLetterKey } from './dead-letters.js';
export { EventBrowser, type BrowsedEvent } from './event-browser.js';
export { EventCatalog } from './event-catalog.js';
export { EventStoreModule } from './event-store.module.js';
export { Erasures } from './erasures.js';
export {
  EventStore,
  textsOf,
  VersionConflict,
  type Append,
  type Appended,
  type CommandResult,
  type StoredEvent,
  type StreamName,
  type StreamWrite,
} from './event-store.js';
export { decideOn, execute, executeOn, type Wish } from './execute.js';
export type { FollowerState } from './follower-loop.js';
export type { Step, Worker } from './follower.js';
export { putIntoOutbox, type Outgoing, type Tell } from './outbox.js';
export { Followers } from './followers.js';
export { idUnderKey, once } from './once.js';
export type { Past } from './past.js';
export { Projections, type ProjectionVersion } from './projections.js';
export { Rebuilds } from './rebuild/rebuilds.js';
export { forgetProjection } from './rebuild/versions.js';
export { REBUILD_STATUSES, type Rebuild } from './rebuild/rebuild.js';
export { Sweep } from './sweep.js';
export type { Because, Moved, Policy, Projection, Reading } from './projection.js';
