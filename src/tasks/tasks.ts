import { decideOn, EventStore, type StreamWrite } from '#event-store';
import { fold } from '#kernel';
import { Injectable } from '@nestjs/common';
import type { TaskEvent } from './domain/task.events.js';
import { streamOf, task } from './domain/task.js';
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
  constructor(private readonly store: EventStore) {}

  async find(namespace: string, id: string): Promise<KnownTask | null> {
    const history = await this.store.read(namespace, streamOf(id));
    const state = fold(task, history as unknown as TaskEvent[]);
    if (state.status === 'unknown') return null;
    const { type, description } = state.registered;

    return { id, type, description };
  }

  /** The write that registers a task which is not there yet, to be appended with others. */
  registration(namespace: string, { id, ...asked }: KnownTask, at: string): Promise<StreamWrite> {
    const place = { namespace, stream: streamOf(id) };

    return decideOn(this.store, place, task, { do: 'register', id, at, task: inFirstPhase(asked) });
  }
}
