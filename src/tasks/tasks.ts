import { EventStore, type StreamWrite } from '#event-store';
import { fold } from '#kernel';
import { Injectable } from '@nestjs/common';
import type { TaskEvent } from './domain/task.events.js';
import { streamOf, task } from './domain/task.js';
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
    const history = await this.store.read(namespace, streamOf(id));
    const state = fold(task, history as unknown as TaskEvent[]);
    if (state.status === 'unknown') return null;
    const { type, description } = state.registered;

    return { id, type, description };
  }

  /** The write that registers a task which is not there yet, to be appended with others. */
  registration({ id, ...asked }: KnownTask, at: string): StreamWrite {
    const command = { do: 'register', id, at, task: inFirstPhase(asked) } as const;

    return { stream: streamOf(id), expected: 0, events: task.decide(command, task.initial) };
  }
}
