import { executionFields, type ExecutionFields } from '#kernel';
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { z } from 'zod';
import { given } from '../../../test/support/given.js';
import { taskEvents, type TaskEvent } from './task.events.js';
import { streamOf, task, type Outcome, type Task, type TaskCommand } from './task.js';

const AT = '2026-01-31T12:00:00.000Z';
const EXITS = new Map([
  ['PHASE_DESIGN', ['PHASE_TESTING']],
  ['PHASE_TESTING', ['PHASE_DESIGN', 'PHASE_DONE']],
]);
const CONTENT = {
  type: 'fix_bug',
  description: 'Mend the login',
  phase_id: 'PHASE_DESIGN',
  metadata: { a: 1, b: { c: [2] } },
};

const said = (more: object = {}): ExecutionFields =>
  z.object(executionFields).parse({ execution_summary: 'Mended it', ...more });

const register = (content: object = {}): TaskCommand => ({
  do: 'register',
  id: 't-1',
  at: AT,
  task: { ...CONTENT, ...content },
});
const move = (to: string): TaskCommand => ({ do: 'move', id: 't-1', at: AT, to, exits: EXITS });
const finish = (outcome: Outcome, execution = said()): TaskCommand => ({
  do: 'finish',
  id: 't-1',
  at: AT,
  outcome,
  execution,
});

const registered: TaskEvent = {
  type: 'task.registered',
  data: { task_id: 't-1', type: 'fix_bug', phase_id: 'PHASE_DESIGN', at: AT },
  text: { description: CONTENT.description, metadata: CONTENT.metadata },
};
const moved = (from: string, to: string): TaskEvent => ({
  type: 'task.moved',
  data: { task_id: 't-1', from, to, at: AT },
});
const finished = (outcome: Outcome, phase_id = 'PHASE_DESIGN'): TaskEvent => ({
  type: 'task.finished',
  data: {
    task_id: 't-1',
    task_type: 'fix_bug',
    outcome,
    execution_id: null,
    agent_id: null,
    phase_id,
    tags: [],
    tools: [],
    duration_ms: null,
    cost_usd: null,
    occurred_at: AT,
    suggestion_id: null,
    auto_extract_patterns: true,
    at: AT,
  },
  text: {
    execution_summary: 'Mended it',
    description: CONTENT.description,
    error_patterns: null,
  },
});

const deleted: TaskEvent = { type: 'task.deleted', data: { task_id: 't-1', at: AT } };

const HISTORIES: Record<string, TaskEvent[]> = {
  unknown: [],
  open: [registered],
  completed: [registered, finished('completed')],
  failed: [registered, finished('failed')],
  deleted: [registered, moved('PHASE_DESIGN', 'PHASE_TESTING'), deleted],
};

const COMMANDS: Record<string, TaskCommand> = {
  'register as it is': register(),
  'register otherwise': register({ type: 'other' }),
  'move where it may go': move('PHASE_TESTING'),
  'move where it may not go': move('PHASE_DONE'),
  'move where it stands': move('PHASE_DESIGN'),
  complete: finish('completed'),
  fail: finish('failed'),
  go: { do: 'delete', id: 't-1', at: AT },
};

type Expected = TaskEvent | 'nothing' | `task.${string}`;

/** Every command in every state: what happens, `nothing`, or the code of the refusal. */
const RULES: [state: string, command: string, expected: Expected][] = [
  ['unknown', 'register as it is', registered],
  ['unknown', 'move where it may go', 'task.unknown'],
  ['unknown', 'move where it may not go', 'task.unknown'],
  ['unknown', 'move where it stands', 'task.unknown'],
  ['unknown', 'complete', 'task.unknown'],
  ['unknown', 'fail', 'task.unknown'],
  ['open', 'register as it is', 'nothing'],
  ['open', 'register otherwise', 'task.already_registered'],
  ['open', 'move where it may go', moved('PHASE_DESIGN', 'PHASE_TESTING')],
  ['open', 'move where it may not go', 'task.transition_not_allowed'],
  ['open', 'move where it stands', 'task.transition_not_allowed'],
  ['open', 'complete', finished('completed')],
  ['open', 'fail', finished('failed')],
  ['completed', 'register as it is', 'nothing'],
  ['completed', 'register otherwise', 'task.already_registered'],
  ['completed', 'move where it may go', 'task.finished'],
  ['completed', 'move where it may not go', 'task.finished'],
  ['completed', 'move where it stands', 'task.finished'],
  ['completed', 'complete', 'nothing'],
  ['completed', 'fail', 'task.finished'],
  ['failed', 'register as it is', 'nothing'],
  ['failed', 'register otherwise', 'task.already_registered'],
  ['failed', 'move where it may go', 'task.finished'],
  ['failed', 'move where it may not go', 'task.finished'],
  ['failed', 'move where it stands', 'task.finished'],
  ['failed', 'complete', 'task.finished'],
  ['failed', 'fail', 'nothing'],
  ['unknown', 'go', 'task.unknown'],
  ['open', 'go', deleted],
  ['completed', 'go', deleted],
  ['failed', 'go', deleted],
  ['deleted', 'register as it is', registered],
  ['deleted', 'move where it may go', 'task.unknown'],
  ['deleted', 'move where it may not go', 'task.unknown'],
  ['deleted', 'move where it stands', 'task.unknown'],
  ['deleted', 'complete', 'task.unknown'],
  ['deleted', 'fail', 'task.unknown'],
  ['deleted', 'go', 'task.unknown'],
];

describe('A task', () => {
  it.each(RULES)('that is %s, asked to %s, answers so', (state, command, expected) => {
    const wish = COMMANDS[command];
    if (!wish) throw new Error(command);
    const decided = given(task, ...(HISTORIES[state] ?? [])).when(wish);

    if (typeof expected === 'object') decided.thenEmits(expected);
    else if (expected === 'nothing') decided.thenNothing();
    else decided.thenRefused(expected);
  });

  it('lives in a stream of its own', () => {
    expect(streamOf('t-1')).toBe('task-t-1');
  });

  it('is the same task with its metadata in another order', () => {
    given(task, registered)
      .when(register({ metadata: { b: { c: [2] }, a: 1 } }))
      .thenNothing();
    given(task, registered)
      .when(register({ metadata: { a: 1, b: { c: [2, 2] } } }))
      .thenRefused('task.already_registered');
  });

  it('is the same task wherever it stands by now', () => {
    given(task, registered, moved('PHASE_DESIGN', 'PHASE_TESTING')).when(register()).thenNothing();
  });

  it('goes on from where it was moved to', () => {
    given(task, registered, moved('PHASE_DESIGN', 'PHASE_TESTING'))
      .when(move('PHASE_DONE'))
      .thenEmits(moved('PHASE_TESTING', 'PHASE_DONE'));
  });

  it('cannot leave a phase that nobody knows any more', () => {
    given(task, registered, moved('PHASE_DESIGN', 'PHASE_GONE'))
      .when(move('PHASE_DESIGN'))
      .thenRefused('task.transition_not_allowed');
  });

  it('is finished in the phase where it stands, unless another is named', () => {
    const history = [registered, moved('PHASE_DESIGN', 'PHASE_TESTING')];

    given(task, ...history)
      .when(finish('failed'))
      .thenEmits(finished('failed', 'PHASE_TESTING'));
    given(task, ...history)
      .when(finish('failed', said({ phase_id: 'PHASE_DONE' })))
      .thenEmits(finished('failed', 'PHASE_DONE'));
  });

  it('is not finished without a word, and needs none to be finished again', () => {
    const blank = said({ execution_summary: ' ' });

    given(task, registered).when(finish('completed', blank)).thenRefused('memory.empty_summary');
    given(task, registered, finished('completed')).when(finish('completed', blank)).thenNothing();
  });

  it('is still known after its texts were erased', () => {
    const { text, ...erased } = registered;

    given(task, erased)
      .when(move('PHASE_TESTING'))
      .thenEmits(moved('PHASE_DESIGN', 'PHASE_TESTING'));
    expect(text).toBeDefined();
  });

  it('that was deleted is another one when it is registered anew', () => {
    const anew: TaskEvent = { ...registered, data: { ...registered.data, type: 'other' } };

    given(task, registered, finished('failed'), deleted, anew)
      .when(move('PHASE_TESTING'))
      .thenEmits(moved('PHASE_DESIGN', 'PHASE_TESTING'));
    given(task, registered, deleted, anew).when(register()).thenRefused('task.already_registered');
  });

  it('never changes once it is finished, whatever is asked of it', () => {
    const { go, ...others } = COMMANDS;
    const anything = fc.constantFrom(...Object.values(others));
    expect(go).toBeDefined();

    fc.assert(
      fc.property(fc.array(anything), (commands) => {
        let state: Task = task.initial;
        for (const command of commands) {
          const before = state;
          const events = granted(command, state);
          for (const event of events) {
            expect(taskEvents[event.type].data.safeParse(event.data).error).toBeUndefined();
          }
          state = events.reduce<Task>((now, event) => task.evolve(now, event), state);
          if (before.status === 'completed' || before.status === 'failed') {
            expect(state).toEqual(before);
          }
        }
      }),
    );
  });
});

function granted(command: TaskCommand, state: Task): readonly TaskEvent[] {
  try {
    return task.decide(command, state);
  } catch {
    return [];
  }
}
