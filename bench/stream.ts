import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { sha256 } from '../src/kernel/index.js';
import { type NewExecution } from './api.js';
import { CannotRun } from './cannot-run.js';
import { readRecords } from './records.js';

const LOG = 'stream.jsonl';
const RUNS = 'executions.jsonl';

const told = {
  id: z.string(),
  agent: z.string().nullable(),
  task_id: z.string(),
  task_type: z.string(),
  success: z.boolean(),
  error: z.string().nullable().default(null),
  reflections: z.array(z.string()).default([]),
};
const logRecord = z.object({ ...told, seq: z.number() });
const runRecord = z.object({ ...told, run: z.string(), order: z.number() });
type Told = z.output<z.ZodObject<typeof told>>;

/**
 * The executions of a set in the order in which they happened, as they are stored: those of
 * `stream.jsonl` by `seq`, or those of `executions.jsonl` by the hash of their run, then `order`; ties by
 * id. A task has one type, so each has the type of its task's first execution.
 * @throws CannotRun
 */
export async function readStream(folder: string): Promise<NewExecution[]> {
  const executions = await readInOrder(folder);
  const types = firstTypes(executions);

  return executions.map((one) => asExecution(one, one.task_id, types.get(one.task_id) ?? ''));
}

/** The same with the types of the set: a task that comes under another type is another task there. */
export async function readStreamByType(folder: string): Promise<NewExecution[]> {
  const executions = await readInOrder(folder);
  const types = firstTypes(executions);

  return executions.map((one) => {
    const { task_id, task_type } = one;
    const isFirst = types.get(task_id) === task_type;
    return asExecution(one, isFirst ? task_id : `${task_id} (${task_type})`, task_type);
  });
}

function firstTypes(executions: readonly Told[]): Map<string, string> {
  const types = new Map<string, string>();
  for (const { task_id, task_type } of executions) {
    if (!types.has(task_id)) types.set(task_id, task_type);
  }

  return types;
}

async function readInOrder(folder: string): Promise<Told[]> {
  const has = (file: string): boolean => existsSync(join(folder, file));
  if (has(LOG)) {
    const log = await readRecords(folder, LOG, logRecord);
    return log.sort((a, b) => compare([a.seq, a.id], [b.seq, b.id]));
  }
  if (!has(RUNS)) {
    throw new CannotRun(`The data are missing: ${folder} has neither ${LOG} nor ${RUNS}.`);
  }
  const runs = await readRecords(folder, RUNS, runRecord);

  return runs
    .map((one) => ({ one, place: [sha256(one.run), one.order, one.id] }))
    .sort((a, b) => compare(a.place, b.place))
    .map(({ one }) => one);
}

type Place = readonly (number | string)[];

/** By the first part that differs; texts by UTF-16 code unit. */
function compare(a: Place, b: Place): number {
  const at = a.findIndex((part, index) => part !== b[index]);
  const [left, right] = [a[at] ?? 0, b[at] ?? 0];

  return left < right ? -1 : Number(left > right);
}

/** What its author said of it; a bare word where they said nothing, because a summary is not blank. */
function asExecution(one: Told, task_id: string, type: string): NewExecution {
  const { agent, success, error, reflections } = one;
  const [said = ''] = reflections;

  return {
    task_id,
    agent_id: agent,
    success,
    execution_summary: said.trim() === '' ? (success ? 'done' : 'failed') : said,
    error_patterns: error === null || error.trim() === '' ? null : { error },
    task: { type },
  };
}
