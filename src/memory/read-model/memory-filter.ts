import { label, moment, text } from '#kernel';
import { z } from 'zod';

/** What searches and lists are narrowed to: null, or an empty list, does not narrow. */
export interface MemoryFilter {
  readonly task_type: string | null;
  readonly agent_id: string | null;
  readonly phase_id: string | null;
  /** All of them. */
  readonly tags: readonly string[];
  /** All of them. */
  readonly tools: readonly string[];
  /** RFC 3339, inclusive. */
  readonly occurred_from: string | null;
  readonly occurred_to: string | null;
}

/** The single values among the filters, for a body and a query string alike. */
export const filterFields = {
  task_type: label().nullable().default(null),
  agent_id: label().nullable().default(null),
  phase_id: text(50, 1).nullable().default(null),
  occurred_from: moment().nullable().default(null),
  occurred_to: moment().nullable().default(null),
};

const MOST_LABELS = 50;

export const memoryFilter = z.strictObject({
  ...filterFields,
  tags: z.array(label()).max(MOST_LABELS).default([]),
  tools: z.array(label()).max(MOST_LABELS).default([]),
});
