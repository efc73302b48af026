import { EventStore, type StreamWrite } from '#event-store';
import { Injectable } from '@nestjs/common';
import type { TaskEvent } from './domain/task.events.js';
import { streamOf, task, type Task } from './domain/task.js';
import { tasksProjection } from './read-model/tasks.projection.js';
import { inFirstPhase } from './register-task/register-task.request.js';

/** A task as the rooms above see it. */
export interface KnownTask {
  readonly id: string;
  readonly type: string;
  readonly description: string | null;
}

/** What the rooms above may ask of tasks; read from the log itself, so it is never behind. */
@Injectable()
export class Tasks {
  /** What a writer of tasks waits for, so that they can be read. */
  readonly projection = tasksProjection.name;

  constructor(private readonly store: EventStore) {}

  async find(namespace: string, id: string): Promise<KnownTask | null> {
    return (await this.findAll(namespace, [id])).get(id) ?? null;
  }

  /** Those of `ids` that are registered, by id. */
  async findAll(namespace: string, ids: readonly string[]): Promise<Map<string, KnownTask>> {
    const events = await this.store.read(namespace, ...ids.map(streamOf));
    const states = new Map<string, Task>();
    for (const event of events as unknown as TaskEvent[]) {
      const id = event.data.task_id;
      states.set(id, task.evolve(states.get(id) ?? task.initial, event));
    }
    const found = new Map<string, KnownTask>();
    for (const [id, state] of states) {
      if (state.status === 'unknown') continue;
      const { type, description } = state.registered;
      found.set(id, { id, type, description });
    }
    return found;
  }

  /** The write that registers a task which is not there yet, to be appended with others. */
  registration({ id, ...asked }: KnownTask, at: string): StreamWrite {
    const command = { do: 'register', id, at, task: inFirstPhase(asked) } as const;

    return { stream: streamOf(id), expected: 0, events: task.decide(command, task.initial) };
  }
}
