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

const INCLUDED = 'This moment included; to the millisecond, and what is finer is cut off.';

/** The single values among the filters, for a body and a query string alike. */
export const filterFields = {
  task_type: label().nullable().default(null),
  agent_id: label().nullable().default(null),
  phase_id: text(50, 1).nullable().default(null),
  occurred_from: moment().nullable().default(null).meta({ description: INCLUDED }),
  occurred_to: moment().nullable().default(null).meta({ description: INCLUDED }),
};

const MOST_LABELS = 50;

export const memoryFilter = z.strictObject({
  ...filterFields,
  tags: z.array(label()).max(MOST_LABELS).default([]),
  tools: z.array(label()).max(MOST_LABELS).default([]),
});

/** The parameters of `narrowed`, seven of them. */
export const narrowedBy = (filter: MemoryFilter): unknown[] => [
  filter.task_type,
  filter.agent_id,
  filter.phase_id,
  filter.tags,
  filter.tools,
  filter.occurred_from,
  filter.occurred_to,
];

/**
 * The condition of a filter on the rows of `table`; what is not given is gone before anything is planned.
 * @param first the number of its first parameter
 */
export function narrowed(table: string, first: number): string {
  const nth = (at: number): string => `$${String(first + at)}`;
  const [type, agent, phase] = [nth(0), nth(1), nth(2)];
  const [tags, tools, from, to] = [nth(3), nth(4), nth(5), nth(6)];

  return `(${type}::text is null or ${table}.task_type = ${type})
  and (${agent}::text is null or ${table}.agent_id = ${agent})
  and (${phase}::text is null or ${table}.phase_id = ${phase})
  and (cardinality(${tags}::text[]) = 0 or ${table}.tags @> ${tags})
  and (cardinality(${tools}::text[]) = 0 or ${table}.tools @> ${tools})
  and (${from}::timestamptz is null or ${table}.occurred_at >= ${from})
  and (${to}::timestamptz is null or ${table}.occurred_at <= ${to})`;
}
