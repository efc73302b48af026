import { EventStore, type StreamWrite } from '#event-store';
import { Injectable } from '@nestjs/common';
import type { TaskEvent } from './domain/task.events.js';
import { streamOf, task, type Task } from './domain/task.js';
import { TaskReader } from './read-model/task.reader.js';
import { tasksProjection } from './read-model/tasks.projection.js';
import { inFirstPhase } from './register-task/register-task.request.js';

/** A task as the rooms above see it. */
export interface KnownTask {
  readonly id: string;
  readonly type: string;
  readonly description: string | null;
}

/** Where a task stands in the log, for what is decided about it. */
export interface TaskStanding {
  /** Null when there is none, or none any more. */
  readonly known: KnownTask | null;
  readonly version: number;
  /** The version with which it was last deleted; 0 when it never was. */
  readonly deletedAt: number;
}

const PAGE = 100;
const NOWHERE: TaskStanding = { known: null, version: 0, deletedAt: 0 };

/** What the rooms above may ask of tasks; read from the log itself, so it is never behind. */
@Injectable()
export class Tasks {
  /** What a writer of tasks waits for, so that they can be read. */
  readonly projection = tasksProjection.name;

  constructor(
    private readonly store: EventStore,
    private readonly reader: TaskReader,
  ) {}

  async find(namespace: string, id: string): Promise<KnownTask | null> {
    return (await this.standing(namespace, id)).known;
  }

  async standing(namespace: string, id: string): Promise<TaskStanding> {
    return (await this.standings(namespace, [id])).get(id) ?? NOWHERE;
  }

  /** All of `ids`, by id. */
  async standings(namespace: string, ids: readonly string[]): Promise<Map<string, TaskStanding>> {
    const events = await this.store.read(namespace, ...ids.map(streamOf));
    const states = new Map<string, Task>();
    const found = new Map(ids.map((id) => [id, NOWHERE]));
    for (const { version, ...event } of events) {
      const { type, data } = event as unknown as TaskEvent;
      const id = data.task_id;
      const state = task.evolve(states.get(id) ?? task.initial, event as unknown as TaskEvent);
      states.set(id, state);
      const deletedAt = type === 'task.deleted' ? version : (found.get(id)?.deletedAt ?? 0);
      found.set(id, { known: knownIn(id, state), version, deletedAt });
    }
    return found;
  }

  /** The ids of all tasks of a namespace, a hundred at a time, as far as its projection has read. */
  async *pagesOf(namespace: string): AsyncGenerator<string[]> {
    let ids = await this.reader.ids(namespace, '', PAGE);
    while (ids.length > 0) {
      yield ids;
      ids = await this.reader.ids(namespace, ids.at(-1) ?? '', PAGE);
    }
  }

  /** Nothing happens to the task, but what is appended with this rests on its being there still. */
  unchanged({ id }: KnownTask, { version }: TaskStanding): StreamWrite {
    return { stream: streamOf(id), expected: version, events: [] };
  }

  /** The write that registers a task which is not there yet, to be appended with others. */
  registration({ id, ...asked }: KnownTask, { version }: TaskStanding, at: string): StreamWrite {
    const command = { do: 'register', id, at, task: inFirstPhase(asked) } as const;

    return { stream: streamOf(id), expected: version, events: task.decide(command, task.initial) };
  }
}

function knownIn(id: string, state: Task): KnownTask | null {
  if (state.status === 'unknown') return null;
  const { type, description } = state.registered;

  return { id, type, description };
}
