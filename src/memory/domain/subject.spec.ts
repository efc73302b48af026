import { describe, expect, it } from '@jest/globals';
import { isSaying, memoriesIn, subjectErased, tasksIn } from './subject.js';

const event = (type: string, data: object, text: object): Parameters<typeof isSaying>[0] => ({
  id: 'e-1',
  type,
  data,
  text,
});

const registered = (
  task_id: string,
  description: string | null,
  metadata = {},
): ReturnType<typeof event> => event('task.registered', { task_id }, { description, metadata });

describe('What somebody wrote', () => {
  it.each([
    ['a description', { description: 'Mend it', metadata: {} }, true],
    ['metadata', { description: null, metadata: { a: 1 } }, true],
    ['nothing', { description: null, metadata: {} }, false],
    ['no comment', { comment: null }, false],
    ['a comment', { comment: 'Thank you' }, true],
  ])('says something, or nothing: %s', (_what, text, says) => {
    expect(isSaying(event('anything', {}, text))).toBe(says);
  });

  it('are the tasks that they put into words, each once', () => {
    const written = [
      registered('said', 'Mend it'),
      registered('bare', null),
      registered('tagged', null, { a: 1 }),
      registered('said', 'Mend it'),
    ];

    expect(tasksIn(written)).toEqual(['said', 'tagged']);
  });

  it('are the memories that they stored', () => {
    const stored = event('memory.execution_stored', { memory_id: 'm-1' }, {});

    expect(memoriesIn([stored, registered('t', 'x')])).toEqual(['m-1']);
  });

  it('is forgotten in one event, which names the memories that lose a reason', () => {
    const written = [
      event('memory.revoked', { memory_id: 'm-1' }, { reason: 'wrong' }),
      event('pattern.retired', { pattern_id: 'p-1' }, { reason: 'old' }),
    ];

    expect(subjectErased(written, 'now')).toEqual({
      type: 'subject.erased',
      data: { revoked: ['m-1'], at: 'now' },
    });
  });
});
