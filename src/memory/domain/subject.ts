import type { MemoryEvent } from './memory.events.js';

/** An event with the text that somebody wrote for it. */
interface Written {
  readonly id: string;
  readonly type: string;
  readonly data: object;
  readonly text?: object;
}

/** Whether there is anything in a text at all: every word of it may have been left out. */
export const isSaying = ({ text = {} }: Written): boolean =>
  Object.values(text).some((value) => value !== null && JSON.stringify(value) !== '{}');

const among = (written: readonly Written[], type: string, field: string): string[] => [
  ...new Set(
    written
      .filter((event) => event.type === type)
      .map(({ data }) => String((data as Record<string, unknown>)[field])),
  ),
];

/** The tasks that somebody put into words: those, and all memories of them, say them again. */
export const tasksIn = (written: readonly Written[]): string[] =>
  among(written.filter(isSaying), 'task.registered', 'task_id');

export const memoriesIn = (written: readonly Written[]): string[] =>
  among(written, 'memory.execution_stored', 'memory_id');

/** That these texts went, and which rows have to lose them. */
export const subjectErased = (written: readonly Written[], at: string): MemoryEvent => ({
  type: 'subject.erased',
  data: { revoked: among(written, 'memory.revoked', 'memory_id'), at },
});
