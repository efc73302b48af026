import { type INestApplicationContext } from '@nestjs/common';
import { ConfigModule } from '../src/config/index.js';
import { EmbeddingModule } from '../src/embedding/index.js';
import { type EmbedderName } from './arguments.js';
import { withRooms, type Rooms } from './rooms.js';

const EMBEDDING_ALONE: Rooms = (settings) => [ConfigModule.with(settings), EmbeddingModule];

/**
 * Opens the embedding room alone, for what REST never shows: vectors, and the model's profile.
 * @throws CannotRun when the model cannot be used
 */
export const withEmbedding = <Result>(
  embedder: EmbedderName,
  work: (room: INestApplicationContext) => Promise<Result> | Result,
): Promise<Result> => withRooms({ EMBEDDING_PROVIDER: embedder }, EMBEDDING_ALONE, work);
