export { MemoryModule } from './memory.module.js';
export { ContextSuggested, MemoryEmbeddingFailed, MemoryStored } from './notifications.js';
