import { createRequire } from 'node:module';
import { resolve } from 'node:path';
import { type Pool } from 'pg';
import { type Told } from './made-events.js';

/** Of `@event-driven-io/emmett-postgresql`, which is installed in `bench/` alone, what is used here. */
interface Emmett {
  getPostgreSQLEventStore(
    url: string,
    options: { connectionOptions: { pool: Pool } },
  ): EmmettEventStore;
  postgreSQLProjection(definition: EmmettProjection): EmmettProjection;
  rebuildPostgreSQLProjections(options: {
    connectionString: string;
    projections: readonly EmmettProjection[];
    pulling?: Pulling;
  }): EmmettConsumer;
  postgreSQLEventStoreConsumer(options: {
    connectionString: string;
    stopWhen: { noMessagesLeft: true };
    pulling?: Pulling;
  }): EmmettConsumer;
}

export interface EmmettEventStore {
  readonly schema: { migrate(): Promise<unknown> };
  appendToStream(
    stream: string,
    events: readonly EmmettEvent[],
    options: { expectedStreamVersion: bigint },
  ): Promise<unknown>;
}

/** It keeps no text apart: what is said is part of the data. */
export interface EmmettEvent {
  readonly type: Told['type'];
  readonly data: Told['data'] & Told['text'];
  readonly metadata: object;
}

/** How many events it reads at once, and how long it rests between two pages, in ms. */
export interface Pulling {
  readonly batchSize: number;
  readonly pullingFrequencyInMs: number;
}

interface EmmettProjection {
  readonly name: string;
  readonly canHandle: readonly string[];
  readonly handle: (
    events: readonly EmmettEvent[],
    context: { readonly connection: { readonly client: Pick<Pool, 'query'> } },
  ) => Promise<void>;
}

export interface EmmettConsumer {
  reactor(options: { processorId: string; eachMessage: () => void }): unknown;
  start(): Promise<void>;
  close(): Promise<void>;
}

/** Emmett and the driver that it knows; its own copy, because it asks whether a pool is one of that. */
export interface Installed {
  readonly emmett: Emmett;
  readonly driver: { readonly Pool: typeof Pool };
}

/** Null when it is not installed, which is said on the terminal. */
export function loadEmmett(): Installed | null {
  const load = createRequire(resolve('bench/package.json'));
  try {
    return {
      emmett: load('@event-driven-io/emmett-postgresql') as Emmett,
      driver: load('pg') as Installed['driver'],
    };
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'MODULE_NOT_FOUND') throw error;
    process.stderr.write(
      'Emmett is not installed (npm ci --prefix bench): nothing of it is measured.\n',
    );
    return null;
  }
}
