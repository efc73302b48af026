import { executionFields, type ExecutionFields } from '#kernel';
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { z } from 'zod';
import { given } from '../../../test/support/given.js';
import { memoryEvents, type MemoryEvent } from './memory.events.js';
import { memory, type MemoryCommand } from './memory.js';

const AT = '2026-01-31T12:00:00.000Z';
const LATER = '2026-02-01T08:00:00.000Z';

const saying = (execution_summary: string, more: object = {}): ExecutionFields =>
  z.object(executionFields).parse({ execution_summary, ...more });

const storing = (execution: ExecutionFields, success = true): MemoryCommand => ({
  do: 'store',
  id: 'm-1',
  at: AT,
  task: { id: 't-1', type: 'fix_bug', description: 'Mend the login' },
  success,
  execution,
});

const revoking = (reason: string): MemoryCommand => ({
  do: 'revoke',
  id: 'm-1',
  at: LATER,
  reason,
});

const stored: MemoryEvent = {
  type: 'memory.execution_stored',
  data: {
    memory_id: 'm-1',
    task_id: 't-1',
    task_type: 'fix_bug',
    success: true,
    execution_id: null,
    agent_id: null,
    phase_id: null,
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
    description: 'Mend the login',
    error_patterns: null,
  },
};

const revoked = (reason: string): MemoryEvent => ({
  type: 'memory.revoked',
  data: { memory_id: 'm-1', at: LATER },
  text: { reason },
});

const erasing: MemoryCommand = { do: 'erase', id: 'm-1', at: LATER };

const erased: MemoryEvent = {
  type: 'memory.erased',
  data: { memory_id: 'm-1', task_id: 't-1', at: LATER },
};

describe('A memory', () => {
  it('is stored with the texts apart, and happened now when nobody says otherwise', () => {
    given(memory)
      .when(storing(saying('Mended it')))
      .thenEmits(stored);
  });

  it('keeps the time that was given', () => {
    const [event] = memory.decide(
      storing(saying('Mended it', { occurred_at: '2026-01-01T00:00:00+02:00' })),
      memory.initial,
    );

    expect(event?.data).toMatchObject({ occurred_at: '2025-12-31T22:00:00.000Z', at: AT });
  });

  it.each(['', ' ', '\n\t', '\u00a0\u3000'])('is refused when it says %j', (summary) => {
    given(memory)
      .when(storing(saying(summary)))
      .thenRefused('memory.empty_summary');
  });

  it('is stored once', () => {
    given(memory, stored)
      .when(storing(saying('Something else')))
      .thenNothing();
  });

  it('that was revoked is not stored again', () => {
    given(memory, stored, revoked('wrong'))
      .when(storing(saying('Mended it')))
      .thenNothing();
  });

  it('is revoked for a reason', () => {
    given(memory, stored).when(revoking('wrong')).thenEmits(revoked('wrong'));
  });

  it('is revoked once for the same reason, and never for another', () => {
    given(memory, stored, revoked('wrong')).when(revoking('wrong')).thenNothing();
    given(memory, stored, revoked('wrong')).when(revoking('late')).thenRefused('memory.revoked');
  });

  it('that nobody stored cannot be revoked', () => {
    given(memory).when(revoking('wrong')).thenRefused('memory.unknown');
  });

  it('is erased, revoked or not', () => {
    given(memory, stored).when(erasing).thenEmits(erased);
    given(memory, stored, revoked('wrong')).when(erasing).thenEmits(erased);
  });

  it('that was erased is unknown, and never stored again', () => {
    given(memory, stored, erased).when(erasing).thenRefused('memory.unknown');
    given(memory, stored, erased).when(revoking('wrong')).thenRefused('memory.unknown');
    given(memory, stored, erased)
      .when(storing(saying('Mended it')))
      .thenRefused('memory.erased');
    given(memory, stored, erased, revoked('late')).when(erasing).thenRefused('memory.unknown');
  });

  it('that nobody stored cannot be erased', () => {
    given(memory).when(erasing).thenRefused('memory.unknown');
  });

  it('whose words are gone is revoked for another reason only by mistake', () => {
    const { text, ...wordless } = revoked('wrong');

    expect(text).toBeDefined();
    given(memory, stored, wordless).when(revoking('wrong')).thenRefused('memory.revoked');
  });

  it('does not change by being reused', () => {
    const reused: MemoryEvent = {
      type: 'memory.reused',
      data: { memories: { 'm-1': 2 }, at: LATER },
    };

    given(memory, stored, reused).when(revoking('wrong')).thenEmits(revoked('wrong'));
    given(memory, reused).when(revoking('wrong')).thenRefused('memory.unknown');
  });

  it('becomes an event of the declared shape, whatever was said', () => {
    const { data, text } = memoryEvents['memory.execution_stored'];
    const something = fc.string({ minLength: 1, maxLength: 30, unit: 'grapheme' });
    const said = fc.record(
      {
        error_patterns: fc.dictionary(something, fc.jsonValue()),
        agent_id: something.filter((name) => name.trim() !== ''),
        duration_ms: fc.nat(),
        cost_usd: fc.double({ min: 0, max: 1e9, noNaN: true }),
        auto_extract_patterns: fc.boolean(),
      },
      { requiredKeys: [] },
    );

    fc.assert(
      fc.property(said, fc.boolean(), (more, success) => {
        const [event] = memory.decide(storing(saying('Mended it', more), success), memory.initial);

        expect(data.safeParse(event?.data).error).toBeUndefined();
        expect(text.safeParse(event?.text).error).toBeUndefined();
        expect(event?.data).toMatchObject({ success });
      }),
    );
  });
});
