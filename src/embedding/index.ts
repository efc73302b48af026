export {
  Embedder,
  embedOne,
  ModelUnavailable,
  type Embedding,
  type EmbedOptions,
} from './embedder.js';
export { CurrentEmbedder } from './current-embedder.js';
export { EmbedderModule } from './embedder.module.js';
export { EmbeddingModule } from './embedding.module.js';
export { EmbeddingService } from './embedding.service.js';
export { HashingEmbedder } from './hashing-embedder.js';
export { ofSpace } from './first-model.js';
export { Models } from './models.js';
export type { EmbeddingProfile, NamedModel, Ranking } from './profile.js';
export {
  EmbeddingProfiles,
  type RegisteredSpace,
  type SpaceStatus,
} from './read-model/embedding-profiles.js';
export {
  CannotPull,
  mustBePullable,
  pullModel,
  type Pull,
  type Pulling,
} from './pull-model/pull-model.js';
export { SharedVectors } from './cache/shared-vectors.js';
export { textKey } from './text-key.js';
