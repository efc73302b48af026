import { setTimeout as sleep } from 'node:timers/promises';
import { type Api, type NewExecution } from './api.js';
import { CannotRun } from './cannot-run.js';
import { goThrough } from './progress.js';

const BATCH = 250;
/** In UTF-16 units: a batch may have 32 MiB, and a unit three bytes, or six as an escape. */
const LONGEST_BATCH = 5_000_000;
const POLL_MS = 50;

/** Stores executions in their order, and gives the memories' ids. */
export async function storeAll(api: Api, executions: readonly NewExecution[]): Promise<string[]> {
  const ids = await goThrough('Storing', inBatches(executions), (batch) => api.storeBatch(batch));

  return ids.flat();
}

/** In their order, each batch as many as one request holds. */
export function inBatches(executions: readonly NewExecution[]): NewExecution[][] {
  const batches: NewExecution[][] = [];
  let length = 0;
  for (const execution of executions) {
    length += execution.execution_summary.length;
    const batch = batches.at(-1);
    if (batch && batch.length < BATCH && length <= LONGEST_BATCH) {
      batch.push(execution);
    } else {
      batches.push([execution]);
      length = execution.execution_summary.length;
    }
  }

  return batches;
}

/** Stores executions and waits until each of them has its vector and is found by its words. */
export async function remember(api: Api, executions: readonly NewExecution[]): Promise<void> {
  const ids = await storeAll(api, executions);
  await goThrough('Embedding', ids, (id) => embedded(api, id));
  await followed(api);
}

/** Waits until everybody who reads the log is at its end. */
async function followed(api: Api): Promise<void> {
  for (;;) {
    const { items } = await api.projections();
    if (items.every(({ lag, status }) => lag === 0 || status !== 'active')) return;
    await sleep(POLL_MS);
  }
}

async function embedded(api: Api, id: string): Promise<void> {
  for (;;) {
    const { has_embedding, embedding } = await api.memory(id);
    if (has_embedding) return;
    if (embedding.status === 'failed') throw new CannotRun('The model gave a memory no vector.');
    await sleep(POLL_MS);
  }
}
