import 'reflect-metadata';
import { once } from 'node:events';
import {
  Module,
  type DynamicModule,
  type INestApplicationContext,
  type Type,
} from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { Settings, WrongSetting } from '../src/config/index.js';
import { DatabaseNotReady } from '../src/database/index.js';
import { ModelUnavailable } from '../src/embedding/index.js';
import { CannotRun } from './cannot-run.js';

@Module({})
class SomeRooms {}

/** Which rooms, and with them the settings that they ask for. */
export type Rooms = (settings: Settings) => (DynamicModule | Type)[];

/** Why rooms may not open through no fault of theirs. */
const FORESEEN = [ModelUnavailable, WrongSetting, DatabaseNotReady];

/**
 * Opens some rooms of the house in this process, does `work` in them, and leaves nothing behind: for
 * what REST never shows, or would measure with HTTP in it.
 * @param env completes the environment of this process
 * @throws CannotRun when they cannot be opened, or somebody ends the benchmark
 */
export async function withRooms<Result>(
  env: Readonly<Record<string, string>>,
  rooms: Rooms,
  work: (house: INestApplicationContext) => Promise<Result> | Result,
): Promise<Result> {
  const house = await open({ ...process.env, LOG_LEVEL: 'warn', ...env }, rooms);
  const ended = new AbortController();
  try {
    return await Promise.race([work(house), interruption(ended.signal)]);
  } finally {
    ended.abort();
    await house.close();
  }
}

async function open(
  env: Readonly<Record<string, string | undefined>>,
  rooms: Rooms,
): Promise<INestApplicationContext> {
  const options: object = { logger: ['error', 'warn'], abortOnError: false };
  try {
    const imports = rooms(new Settings(env));

    return await NestFactory.createApplicationContext({ module: SomeRooms, imports }, options);
  } catch (error) {
    const isForeseen = FORESEEN.some((kind) => error instanceof kind);
    throw isForeseen ? new CannotRun((error as Error).message) : error;
  }
}

/** Rejects when somebody ends the benchmark, so that what it opened is closed before it is gone. */
async function interruption(signal: AbortSignal): Promise<never> {
  const said = ['SIGINT', 'SIGTERM'].map((name) => once(process, name, { signal }));
  await Promise.race(said).catch(() => new Promise(() => undefined));
  throw new CannotRun('The benchmark was ended before it was done.');
}
