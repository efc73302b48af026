import {
  canonicalJson,
  factsOf,
  mustSaySomething,
  type Decider,
  type ExecutionFields,
} from '#kernel';
import { otherTask, taskIsFinished, transitionNotAllowed, unknownTask } from './task.errors.js';
import type { TaskEvent } from './task.events.js';

/** What a task is made of when it is registered. */
interface NewTask {
  readonly type: string;
  readonly description: string | null;
  readonly phase_id: string;
  readonly metadata: Record<string, unknown>;
}

/** The stream of one task. */
export const streamOf = (id: string): `task-${string}` => `task-${id}`;

export type Outcome = 'completed' | 'failed';

export type TaskCommand = { readonly id: string; readonly at: string } & (
  | { readonly do: 'register'; readonly task: NewTask }
  | {
      readonly do: 'move';
      readonly to: string;
      readonly exits: ReadonlyMap<string, readonly string[]>;
    }
  | { readonly do: 'finish'; readonly outcome: Outcome; readonly execution: ExecutionFields }
  | { readonly do: 'delete' }
);

export type Task =
  | { readonly status: 'unknown' }
  | {
      readonly status: 'open' | Outcome;
      readonly registered: NewTask;
      readonly phase: string;
      readonly since: string;
    };

type Known = Exclude<Task, { status: 'unknown' }>;
type Asking<Verb extends TaskCommand['do']> = Extract<TaskCommand, { do: Verb }>;

export const task: Decider<Task, TaskCommand, TaskEvent> = {
  initial: { status: 'unknown' },

  decide(command, state) {
    if (command.do === 'register') return register(command, state);
    if (state.status === 'unknown') throw unknownTask(command.id);

    switch (command.do) {
      case 'move':
        return move(command, state);
      case 'finish':
        return finish(command, state);
      case 'delete':
        return [{ type: 'task.deleted', data: { task_id: command.id, at: command.at } }];
    }
  },

  evolve(state, event) {
    if (event.type === 'task.registered') return opened(event);
    if (event.type === 'task.deleted' || state.status === 'unknown') return task.initial;
    if (event.type === 'task.moved') return { ...state, phase: event.data.to };

    return { ...state, status: event.data.outcome };
  },
};

function opened({ data, text }: Extract<TaskEvent, { type: 'task.registered' }>): Known {
  const { type, phase_id, at } = data;
  const { description = null, metadata = {} } = text ?? {};

  return {
    status: 'open',
    registered: { type, description, phase_id, metadata },
    phase: phase_id,
    since: at,
  };
}

function register({ id, at, task: asked }: Asking<'register'>, state: Task): TaskEvent[] {
  if (state.status !== 'unknown') {
    if (canonicalJson(state.registered) !== canonicalJson(asked)) throw otherTask(id);
    return [];
  }
  const { type, phase_id, description, metadata } = asked;

  return [
    {
      type: 'task.registered',
      data: { task_id: id, type, phase_id, at },
      text: { description, metadata },
    },
  ];
}

function move({ id, at, to, exits }: Asking<'move'>, state: Known): TaskEvent[] {
  if (state.status !== 'open') throw taskIsFinished(id, state.status);
  if (!exits.get(state.phase)?.includes(to)) throw transitionNotAllowed(state.phase, to);

  return [{ type: 'task.moved', data: { task_id: id, from: state.phase, to, at } }];
}

function finish({ id, at, outcome, execution }: Asking<'finish'>, state: Known): TaskEvent[] {
  if (state.status === outcome) return [];
  if (state.status !== 'open') throw taskIsFinished(id, state.status);
  mustSaySomething(execution);
  const { type, description } = state.registered;

  return [
    {
      type: 'task.finished',
      data: {
        task_id: id,
        task_type: type,
        outcome,
        ...factsOf({ ...execution, phase_id: execution.phase_id ?? state.phase }, at),
        at,
      },
      text: {
        execution_summary: execution.execution_summary,
        description,
        error_patterns: execution.error_patterns,
      },
    },
  ];
}
