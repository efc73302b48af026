import { factsOf, mustSaySomething, type Decider, type ExecutionFields } from '#kernel';
import { revokedOtherwise, unknownMemory } from './memory.errors.js';
import type { MemoryEvent } from './memory.events.js';

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
);

export type Memory =
  | { readonly status: 'unknown' }
  | { readonly status: 'stored' }
  | { readonly status: 'revoked'; readonly reason: string | undefined };

type Asking<Verb extends MemoryCommand['do']> = Extract<MemoryCommand, { do: Verb }>;

export const memory: Decider<Memory, MemoryCommand, MemoryEvent> = {
  initial: { status: 'unknown' },

  decide: (command, state) =>
    command.do === 'store' ? store(command, state) : revoke(command, state),

  evolve(state, event) {
    switch (event.type) {
      case 'memory.execution_stored':
        return { status: 'stored' };
      case 'memory.revoked':
        return { status: 'revoked', reason: event.text?.reason };
      default:
        return state;
    }
  },
};

function store(command: Asking<'store'>, state: Memory): MemoryEvent[] {
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

function revoke({ id, at, reason }: Asking<'revoke'>, state: Memory): MemoryEvent[] {
  if (state.status === 'unknown') throw unknownMemory(id);
  if (state.status === 'stored') {
    return [{ type: 'memory.revoked', data: { memory_id: id, at }, text: { reason } }];
  }
  if (state.reason !== reason) throw revokedOtherwise(id);
  return [];
}
