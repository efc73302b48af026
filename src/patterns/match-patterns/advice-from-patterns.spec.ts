import { describe, expect, it } from '@jest/globals';
import type { PatternResponse } from '../read-model/pattern.response.js';
import { adviceFrom } from './advice-from-patterns.js';

const FIX = { memory_id: 'm', task_id: 't', summary: 'Raised the limit', tools: ['git'] };
const AT = '2026-01-31T12:00:00.000Z';

const pattern = (pattern_id: string, more: Partial<PatternResponse> = {}): PatternResponse => ({
  pattern_id,
  pattern_type: 'success',
  task_type_pattern: '^fix_bug$',
  definition: ['type', 'fix_bug'],
  parents: [['prefix', 'fix']],
  status: 'active',
  says: `${pattern_id} says so.`,
  success_indicators: [],
  failure_indicators: [],
  recommended_context: {},
  confidence_score: 0.9,
  confidence_interval: { low: 0.8, high: 1 },
  evidence: { successes: 9, failures: 1, distinct_tasks: 10, first_at: AT, last_at: AT },
  usage_count: 0,
  uplift: null,
  created_at: AT,
  updated_at: AT,
  ...more,
});

const behind = (distinct_tasks: number): PatternResponse['evidence'] => ({
  successes: distinct_tasks,
  failures: 0,
  distinct_tasks,
  first_at: AT,
  last_at: AT,
});

const error = (id: string, more: Partial<PatternResponse> = {}): PatternResponse =>
  pattern(id, {
    pattern_type: 'failure',
    definition: ['type_signature', 'fix_bug', 'Timeout'],
    confidence_score: 0.3,
    ...more,
  });

const matching = (...found: PatternResponse[]): string[] =>
  adviceFrom(found).matching.map(({ pattern_id }) => pattern_id);
const warnings = (...found: PatternResponse[]): string[] =>
  adviceFrom(found).warnings.map(({ pattern_id }) => pattern_id);

describe('Advice from patterns', () => {
  it('is none when none match', () => {
    expect(adviceFrom([])).toEqual({ matching: [], warnings: [], rules: {} });
  });

  it('says of a pattern what helps with a task', () => {
    const found = pattern('p', {
      success_indicators: ['tests first'],
      failure_indicators: ['no tests'],
      recommended_context: { tools: ['git'] },
    });

    expect(adviceFrom([found]).matching).toEqual([
      {
        pattern_id: 'p',
        pattern_type: 'success',
        status: 'active',
        confidence: 0.9,
        says: 'p says so.',
        success_indicators: ['tests first'],
        failure_indicators: ['no tests'],
        recommended_context: { tools: ['git'] },
      },
    ]);
  });

  it('puts what is proven before what is not, and else keeps the order', () => {
    const candidate = { status: 'candidate', confidence_score: 0.99 } as const;

    expect(matching(pattern('c', candidate), pattern('a'), pattern('b'))).toEqual(['a', 'b', 'c']);
    expect(adviceFrom([pattern('c', candidate)]).matching[0]?.status).toBe('candidate');
  });

  it('has three patterns at most, and fills up with candidates', () => {
    const all = ['a', 'b', 'c', 'd'].map((id) => pattern(id));
    const candidates = ['x', 'y', 'z'].map((id) => pattern(id, { status: 'candidate' }));

    expect(matching(...all)).toEqual(['a', 'b', 'c']);
    expect(matching(...candidates, ...all)).toEqual(['a', 'b', 'c']);
    expect(matching(...candidates, ...all.slice(0, 2))).toEqual(['a', 'b', 'x']);
  });

  it('mentions a candidate from three distinct tasks on, however many executions there were', () => {
    const candidates = [2, 3, 4].map((tasks) =>
      pattern(`of ${String(tasks)}`, { status: 'candidate', evidence: behind(tasks) }),
    );

    expect(matching(...candidates)).toEqual(['of 3', 'of 4']);
    expect(matching(pattern('active', { evidence: behind(1) }))).toEqual(['active']);
  });

  it('mentions what is faster or cheaper only when that is proven', () => {
    const better = (id: string, kind: string, more: Partial<PatternResponse>): PatternResponse =>
      pattern(id, {
        pattern_type: 'optimization',
        definition: [kind, 'type_tool', 'fix_bug', 'git'],
        ...more,
      });
    const candidate = { status: 'candidate', evidence: behind(9) } as const;

    expect(matching(better('f', 'faster', candidate), better('c', 'cheaper', candidate))).toEqual(
      [],
    );
    expect(matching(better('f', 'faster', {}), better('c', 'cheaper', {}))).toEqual(['f', 'c']);
    expect(matching(better('rarely', 'faster', { confidence_score: 0.49 }))).toEqual([]);
  });

  it('mentions what holds at least as often as not', () => {
    const found = [0.499, 0.5].map((confidence_score) =>
      pattern(String(confidence_score), { confidence_score }),
    );

    expect(matching(...found)).toEqual(['0.5']);
  });

  it('does not mention what was retired', () => {
    const retired = { status: 'retired' } as const;

    expect(adviceFrom([pattern('p', retired), error('e', retired)])).toEqual({
      matching: [],
      warnings: [],
      rules: {},
    });
  });

  it('warns of errors and never takes them for advice, however rare or sure they are', () => {
    const found = [
      error('rare', { confidence_score: 0.1 }),
      error('sure', { confidence_score: 1, recommended_context: { fixes: [FIX] } }),
    ];

    expect(matching(...found)).toEqual([]);
    expect(adviceFrom(found).warnings).toEqual([
      { text: 'rare says so.', pattern_id: 'rare', confidence: 0.1, fixes: [] },
      { text: 'sure says so.', pattern_id: 'sure', confidence: 1, fixes: [FIX] },
    ]);
  });

  it('warns three times at most, and only of what several tasks met', () => {
    const all = ['a', 'b', 'c', 'd'].map((id) => error(id));

    expect(warnings(...all)).toEqual(['a', 'b', 'c']);
    expect(warnings(error('once', { status: 'candidate' }), error('often'))).toEqual(['often']);
  });

  it('says nothing of the errors of one agent', () => {
    const definition = ['agent_type_signature', 'coder', 'fix_bug', 'Timeout'];

    expect(adviceFrom([error('e', { definition, confidence_score: 0.9 })])).toEqual({
      matching: [],
      warnings: [],
      rules: {},
    });
  });

  it('says of each why it was chosen, and of nothing else', () => {
    const found = [
      pattern('a'),
      pattern('c', { status: 'candidate' }),
      pattern('unsure', { confidence_score: 0.4 }),
      error('e'),
    ];

    expect(adviceFrom(found).rules).toEqual({
      a: 'Active, with a confidence of at least 0.5.',
      c: 'A candidate from at least 3 distinct tasks, with a confidence of at least 0.5.',
      e: 'An error that at least 3 distinct tasks of the type met.',
    });
  });

  it('does not warn by patterns that are no errors', () => {
    expect(warnings(pattern('p', { pattern_type: 'failure' }))).toEqual([]);
  });
});
