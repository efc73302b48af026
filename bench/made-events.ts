import { newId } from '../src/kernel/index.js';
import { type ExecutionStored } from '../src/memory/domain/memory.events.js';

/** The tenant in whose name they are written. */
export const NAMESPACE = 'bench';

/** Texts come again, so that a service that follows the log finds their vectors in its cache. */
const TEXTS = 50;
const TYPES = ['implement_api', 'fix_console', 'review_database', 'deploy_api', 'fix_api'];
const AT = '2026-01-01T00:00:00.000Z';

/** An event with its text. */
export type Told = Required<ExecutionStored>;

/** A stored execution as agents tell of it: about 350 bytes of data and 300 of text. */
export function executionStored(number: number): Told {
  const part = number % TEXTS;

  return {
    type: 'memory.execution_stored',
    data: {
      memory_id: newId(),
      task_id: `task-${number % 1_000}`,
      task_type: TYPES[number % TYPES.length] ?? '',
      success: number % 3 !== 0,
      execution_id: null,
      agent_id: `agent-${number % 8}`,
      phase_id: null,
      tags: ['api', 'orders', 'paging'],
      tools: ['editor', 'shell'],
      duration_ms: 81_000 + number,
      cost_usd: 0.04,
      occurred_at: AT,
      suggestion_id: null,
      auto_extract_patterns: true,
      at: AT,
    },
    text: {
      description: `List the orders of a customer in part ${part}, newest first, page by page.`,
      execution_summary: `Wrote the controller, the query and their tests for part ${part}. The first attempt was slow for customers with many orders; an index on customer and date made the second one fast.`,
      error_patterns: null,
    },
  };
}

/** As many of them, from `number` on. */
export const executionsStored = (count: number, number = 0): Told[] =>
  Array.from({ length: count }, (_, index) => executionStored(number + index));
