export {
  Embedder,
  embedOne,
  ModelUnavailable,
  type Embedding,
  type EmbedOptions,
} from './embedder.js';
export { EmbedderModule } from './embedder.module.js';
export { EmbeddingModule } from './embedding.module.js';
export { EmbeddingService } from './embedding.service.js';
export { HashingEmbedder } from './hashing-embedder.js';
export type { EmbeddingProfile, Ranking } from './profile.js';
export { textKey } from './text-key.js';
