import { describe, expect, it } from '@jest/globals';
import { z } from 'zod';
import { DomainError } from './domain-error.js';
import { executionFields, factsOf, label, mustSaySomething, SUMMARY_MAX } from './execution.js';

const execution = z.strictObject(executionFields);
const NOW = '2026-01-31T12:00:00.000Z';
const said = (more: object = {}): z.output<typeof execution> =>
  execution.parse({ execution_summary: 'Mended it', ...more });
const refusedFields = (more: object): PropertyKey[] =>
  execution
    .safeParse({ execution_summary: 'Mended it', ...more })
    .error?.issues.map(({ path }) => path[0] ?? '') ?? [];

describe('What is said about an execution', () => {
  it('is complete with a summary alone', () => {
    expect(said()).toEqual({
      execution_summary: 'Mended it',
      error_patterns: null,
      execution_id: null,
      agent_id: null,
      phase_id: null,
      tags: [],
      tools: [],
      duration_ms: null,
      cost_usd: null,
      occurred_at: null,
      suggestion_id: null,
      auto_extract_patterns: true,
    });
  });

  it.each([
    ['execution_summary', 'x'.repeat(SUMMARY_MAX), 'x'.repeat(SUMMARY_MAX + 1)],
    ['execution_summary', '😀'.repeat(SUMMARY_MAX), '\u0000'],
    ['execution_id', 'x'.repeat(200), 'x'.repeat(201)],
    ['agent_id', 'ann', ''],
    ['phase_id', 'P'.repeat(50), 'P'.repeat(51)],
    ['tags', Array.from({ length: 50 }, (_, n) => `t${String(n)}`), Array(51).fill('t')],
    ['tools', ['git'], ['git', ' ']],
    ['duration_ms', 0, -1],
    ['duration_ms', 1e12, 1.5],
    ['cost_usd', 1e9, Infinity],
    ['cost_usd', 0, -0.01],
    ['occurred_at', NOW, 'yesterday'],
    ['suggestion_id', '7d0f3b0e-4a54-4cf5-9d3e-0d9a2f7a1c11', '7d0f3b0e'],
    ['error_patterns', { a: 1 }, ['a']],
    ['auto_extract_patterns', false, 'false'],
  ])('has a bound for %s', (field, inside, outside) => {
    expect(refusedFields({ [field]: inside })).toEqual([]);
    expect(refusedFields({ [field]: outside })).toContain(field);
  });

  it('names a tag and a tool once, in the order they came', () => {
    expect(said({ tags: ['b', 'a', 'b'], tools: ['git', 'git'] })).toMatchObject({
      tags: ['b', 'a'],
      tools: ['git'],
    });
  });

  it.each(['', ' ', '\n'])('must say something, and not %j', (execution_summary) => {
    const refusal = (): void => {
      mustSaySomething({ ...said(), execution_summary });
    };

    expect(refusal).toThrow(DomainError);
    expect(refusal).toThrow(
      expect.objectContaining({
        code: 'memory.empty_summary',
        fields: [{ field: 'execution_summary', message: 'must not be blank' }],
      }),
    );
    expect(() => {
      mustSaySomething(said());
    }).not.toThrow();
  });
});

describe('The facts of an execution', () => {
  it('are all but its texts', () => {
    const facts = factsOf(said({ error_patterns: { a: 1 }, tags: ['auth'] }), NOW);

    expect(Object.keys(facts).sort()).toEqual([
      'agent_id',
      'auto_extract_patterns',
      'cost_usd',
      'duration_ms',
      'execution_id',
      'occurred_at',
      'phase_id',
      'suggestion_id',
      'tags',
      'tools',
    ]);
    expect(facts.tags).toEqual(['auth']);
  });

  it('happened when it was said, else now', () => {
    expect(factsOf(said(), NOW).occurred_at).toBe(NOW);
    expect(factsOf(said({ occurred_at: '2025-12-31T23:00:00-01:00' }), NOW).occurred_at).toBe(
      '2026-01-01T00:00:00.000Z',
    );
  });
});

describe('A label', () => {
  it.each(['a', 'x'.repeat(200), '😀'.repeat(200), 'with space'])('can be %j', (value) => {
    expect(label().parse(value)).toBe(value);
  });

  it.each(['', ' ', 'x'.repeat(201), '\ud800', 'a\u0000'])('cannot be %j', (value) => {
    expect(label().safeParse(value).success).toBe(false);
  });
});
