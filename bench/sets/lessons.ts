import { z } from 'zod';
import { grouped } from '../grouped.js';
import { readRecords } from '../records.js';
import {
  askable,
  isBlank,
  storable,
  type Collection,
  type Item,
  type Question,
} from './collection.js';

const taskRecord = z.object({ id: z.string(), text: z.string() });
const executionRecord = z.object({
  task_id: z.string(),
  task_type: z.string(),
  success: z.boolean(),
  reflections: z.array(z.string()),
});

interface Lesson extends Item {
  readonly task: string;
}

/** The lessons that agents wrote down, and the tasks that have one: their benchmarks are the slices. */
export async function readLessons(folder: string): Promise<Collection[]> {
  const executions = await readRecords(folder, 'executions.jsonl', executionRecord);
  const tasks = await readRecords(folder, 'tasks.jsonl', taskRecord);
  const items = executions.flatMap(
    ({ reflections, task_id, task_type, success }, index): Lesson[] => {
      const text = storable(reflections[0] ?? '');
      const id = `lesson-${index}`;

      return isBlank(text) ? [] : [{ id, text, task: task_id, taskType: task_type, success }];
    },
  );
  const lessonsOf = grouped(items, ({ task }) => task);

  return [{ items, questions: tasks.flatMap(({ id, text }) => asked(text, lessonsOf.get(id))) }];
}

/** A benchmark is the type of its tasks up to the slash. */
function asked(text: string, lessons: readonly Lesson[] = []): Question[] {
  const [first] = lessons;
  if (!first) return [];
  const [slice = ''] = first.taskType.split('/');
  const relevant = new Set(lessons.map(({ id }) => id));

  return [{ text: askable(text), relevant, self: null, slice }];
}
