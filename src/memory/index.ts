export type {
  ContextWasSuggested,
  ExecutionStored,
  MemoryErased,
  MemoryRevoked,
  OutcomeRecorded,
} from './domain/memory.events.js';
export { unknownSuggestion } from './domain/memory.errors.js';
export { EraseMemory } from './erase-memory/erase-memory.command.js';
export { EraseNamespace } from './erase-namespace/erase-namespace.command.js';
export { EraseSubject, type SubjectWasErased } from './erase-subject/erase-subject.command.js';
export { ForgetComments } from './forget-comments/forget-comments.command.js';
export { GetMemory } from './get-memories/get-memories.query.js';
export {
  MemoryFacade,
  type ContextOptions,
  type ExecutionToStore,
  type SimilarSearch,
  type SimilarTask,
  type TaskContext,
} from './memory.facade.js';
export { MemoryModule } from './memory.module.js';
export { ContextSuggested, MemoryEmbeddingFailed, MemoryStored } from './notifications.js';
export { MatchPatterns, type MatchedPatterns } from './suggest-context/match-patterns.query.js';
