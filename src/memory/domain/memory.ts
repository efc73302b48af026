import { factsOf, mustSaySomething, type Decider, type ExecutionFields } from '#kernel';
import { erasedMemory, revokedOtherwise, unknownMemory } from './memory.errors.js';
import type { MemoryEvent } from './memory.events.js';

/** The stream of one memory. */
export const memoryStreamOf = (id: string): `memory-${string}` => `memory-${id}`;

/** The task that an execution belongs to, as far as a memory keeps it. */
interface RememberedTask {
  readonly id: string;
  readonly type: string;
  readonly description: string | null;
}

export type MemoryCommand = { readonly id: string; readonly at: string } & (
  | {
      readonly do: 'store';
      readonly task: RememberedTask;
      readonly success: boolean;
      readonly execution: ExecutionFields;
    }
  | { readonly do: 'revoke'; readonly reason: string }
  | { readonly do: 'erase' }
);

export type Memory =
  | { readonly status: 'unknown' }
  | { readonly status: 'stored'; readonly taskId: string }
  | { readonly status: 'revoked'; readonly taskId: string; readonly reason: string | undefined }
  | { readonly status: 'erased' };

type Kept = Exclude<Memory, { status: 'unknown' | 'erased' }>;

type Asking<Verb extends MemoryCommand['do']> = Extract<MemoryCommand, { do: Verb }>;

export const memory: Decider<Memory, MemoryCommand, MemoryEvent> = {
  initial: { status: 'unknown' },

  decide(command, state) {
    if (command.do === 'store') return store(command, state);
    if (!isKept(state)) throw unknownMemory(command.id);

    return command.do === 'revoke' ? revoke(command, state) : erase(command, state);
  },

  evolve(state, event) {
    switch (event.type) {
      case 'memory.execution_stored':
        return { status: 'stored', taskId: event.data.task_id };
      case 'memory.revoked':
        return isKept(state)
          ? { status: 'revoked', taskId: state.taskId, reason: event.text?.reason }
          : state;
      case 'memory.erased':
        return { status: 'erased' };
      default:
        return state;
    }
  },
};

const isKept = (state: Memory): state is Kept =>
  state.status === 'stored' || state.status === 'revoked';

function store(command: Asking<'store'>, state: Memory): MemoryEvent[] {
  if (state.status === 'erased') throw erasedMemory(command.id);
  if (state.status !== 'unknown') return [];
  const { id, at, task, success, execution } = command;
  mustSaySomething(execution);

  return [
    {
      type: 'memory.execution_stored',
      data: {
        memory_id: id,
        task_id: task.id,
        task_type: task.type,
        success,
        ...factsOf(execution, at),
        at,
      },
      text: {
        execution_summary: execution.execution_summary,
        description: task.description,
        error_patterns: execution.error_patterns,
      },
    },
  ];
}

function revoke({ id, at, reason }: Asking<'revoke'>, state: Kept): MemoryEvent[] {
  if (state.status === 'stored') {
    return [{ type: 'memory.revoked', data: { memory_id: id, at }, text: { reason } }];
  }
  if (state.reason !== reason) throw revokedOtherwise(id);
  return [];
}

const erase = ({ id, at }: Asking<'erase'>, { taskId }: Kept): MemoryEvent[] => [
  { type: 'memory.erased', data: { memory_id: id, task_id: taskId, at } },
];
