import { describe, expect, it } from '@jest/globals';
import { contextOf, type KnownPatterns, type Neighbours, type SimilarTask } from './context.js';

const similar = (id: string, similarity = 0.8): SimilarTask => ({
  task_id: `t-${id}`,
  memory_id: `m-${id}`,
  summary: 'Mended it',
  similarity,
});

const NO_PATTERNS: KnownPatterns = { matching: [], warnings: [] };

/** Executions above the threshold by how they ended. */
const after = (...successes: boolean[]): Neighbours => ({
  precedents: successes.map((success) => ({ success, tools: [], error_patterns: null })),
  nearest: 0.8,
  lacksVectors: false,
  threshold: 0.5,
});

const nobody = (nearest: number | null): Neighbours => ({ ...after(), nearest });

describe('A context', () => {
  it('abstains when nothing is remembered', () => {
    expect(contextOf([], nobody(null), NO_PATTERNS)).toEqual({
      similar_tasks: [],
      recommendations: [],
      abstained: true,
      reason: 'No other task is remembered yet.',
    });
  });

  it('abstains when nothing is near enough, and says how near the nearest is', () => {
    expect(contextOf([], nobody(0.31), NO_PATTERNS)).toEqual({
      similar_tasks: [],
      recommendations: [],
      abstained: true,
      reason:
        'No remembered task is near enough: the nearest has a similarity of 0.31, and 0.5 is needed.',
    });
  });

  it('says when some of what is remembered could not be looked at', () => {
    const reasonAt = (nearest: number | null): string | null =>
      contextOf([], { ...nobody(nearest), lacksVectors: true }, NO_PATTERNS).reason;

    expect(reasonAt(null)).toBe(
      'No other task is remembered yet. Some memories have no vector yet.',
    );
    expect(reasonAt(0.31)).toMatch(/0\.5 is needed\. Some memories have no vector yet\.$/);
  });

  it('does not say of one that is too far that it is as near as needed', () => {
    expect(contextOf([], nobody(0.4996), NO_PATTERNS).reason).toContain('0.49, and 0.5 is needed');
  });

  it('shows similar tasks, nearest first, and counts the failures in what it recommends', () => {
    const found = [similar('b'), similar('a'), similar('c', 0.9)];
    const context = contextOf(found, after(false, true, false), NO_PATTERNS);

    expect(context.similar_tasks).toEqual([similar('c', 0.9), similar('b'), similar('a')]);
    expect(context.recommendations).toEqual(['1 of 3 similar tasks succeeded.']);
    expect(context).toMatchObject({ abstained: false, reason: null });
  });

  it('advises although all failed', () => {
    const context = contextOf([], after(false), NO_PATTERNS);

    expect(context).toMatchObject({ similar_tasks: [], abstained: false, reason: null });
    expect(context.recommendations).toEqual(['0 of 1 similar task succeeded.']);
  });

  it('shows a task that was found by its words alone, and recommends nothing', () => {
    const context = contextOf([similar('a')], nobody(0.31), NO_PATTERNS);

    expect(context).toMatchObject({ recommendations: [], abstained: false, reason: null });
  });

  it('says in three sentences what similar tasks and the surest patterns say', () => {
    const matching = ['first', 'second', 'third'].map((says) => ({ says }));

    expect(contextOf([], after(true), { matching, warnings: [] }).recommendations).toEqual([
      '1 of 1 similar task succeeded.',
      'first',
      'second',
    ]);
  });

  it('advises by patterns and by warnings alone', () => {
    const byPattern = contextOf([], nobody(null), {
      matching: [{ says: 'It works.' }],
      warnings: [],
    });
    const byWarning = contextOf([], nobody(null), { matching: [], warnings: ['It breaks.'] });

    expect(byPattern).toMatchObject({ recommendations: ['It works.'], abstained: false });
    expect(byWarning).toMatchObject({ recommendations: [], abstained: false, reason: null });
  });
});
