import 'reflect-metadata';
import { ConfigModule, Settings, WrongSetting } from '#config';
import { EmbeddingModule, ModelUnavailable } from '#embedding';
import { Module, type INestApplicationContext } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { type EmbedderName } from './arguments.js';
import { CannotRun } from './cannot-run.js';

@Module({})
class EmbeddingAlone {}

/**
 * Opens the embedding room alone, for what REST never shows: vectors, and the model's profile.
 * @throws CannotRun when the model cannot be used
 */
export async function withEmbedding<Result>(
  embedder: EmbedderName,
  work: (room: INestApplicationContext) => Promise<Result> | Result,
): Promise<Result> {
  const room = await open(embedder).catch((error: unknown) => {
    const isForeseen = error instanceof ModelUnavailable || error instanceof WrongSetting;
    throw isForeseen ? new CannotRun(error.message) : error;
  });
  try {
    return await work(room);
  } finally {
    await room.close();
  }
}

async function open(embedder: EmbedderName): Promise<INestApplicationContext> {
  const settings = new Settings({ ...process.env, EMBEDDING_PROVIDER: embedder });
  const imports = [ConfigModule.with(settings), EmbeddingModule];
  const options: object = { logger: ['error', 'warn'], abortOnError: false };

  return NestFactory.createApplicationContext({ module: EmbeddingAlone, imports }, options);
}
