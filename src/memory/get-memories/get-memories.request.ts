import { label } from '#kernel';
import { pageQuery, queryList } from '#rest';
import { z } from 'zod';
import { filterFields } from '../read-model/memory-filter.js';

const MOST_LABELS = 50;

export const listMemoriesQuery = z.strictObject({
  ...pageQuery(),
  ...filterFields,
  task_id: label().nullable().default(null),
  tags: queryList(label(), MOST_LABELS).default([]),
  tools: queryList(label(), MOST_LABELS).default([]),
});
export type ListMemoriesQuery = z.output<typeof listMemoriesQuery>;

export const taskMemoriesQuery = z.strictObject(pageQuery());
export type TaskMemoriesQuery = z.output<typeof taskMemoriesQuery>;
