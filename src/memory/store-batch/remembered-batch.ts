import { conflict, DomainError } from '#kernel';
import type { Transitions } from '#phases';
import { problemOf } from '#rest';
import { undescribed } from '../store-execution/execution-writer.js';
import { readOrRefusal } from './batch-run.js';
import type { BatchOutcome, StoreBatchResponse } from './store-batch.response.js';

/** What is remembered of a batch under its key: ids, numbers and codes, because texts can be erased. */
export interface RememberedBatch extends Readonly<Record<string, unknown>> {
  readonly request_id: string;
  readonly items: readonly RememberedItem[];
}

type RememberedItem =
  | { readonly status: number; readonly memory_id: string }
  | { readonly status: number; readonly code: string };

export const remember = ({ items }: StoreBatchResponse, requestId: string): RememberedBatch => ({
  request_id: requestId,
  items: items.map((item) =>
    'problem' in item ? { status: item.status, code: item.problem.code } : item,
  ),
});

/** The answer to a batch, from what is remembered of it and the same executions sent again. */
export function retell(
  { request_id, items }: RememberedBatch,
  executions: readonly unknown[],
  phases: Transitions,
): StoreBatchResponse {
  return {
    items: items.map((item, index): BatchOutcome => {
      if ('memory_id' in item) return item;
      const problem = problemOf(refusalOf(item.code, executions[index], phases), request_id);
      return { status: item.status, problem: { ...problem, status: item.status } };
    }),
  };
}

/** Why an execution was refused, said again. */
function refusalOf(code: string, sent: unknown, phases: Transitions): DomainError {
  const execution = readOrRefusal(sent, phases);
  if (execution instanceof DomainError) return execution;
  if (!(execution instanceof Error) && code === 'task.unknown') {
    return undescribed(execution.task_id);
  }
  // All that is left to refuse an execution that could be read, and whose task is there.
  return conflict(code, 'This execution_id was used before with another content.');
}
