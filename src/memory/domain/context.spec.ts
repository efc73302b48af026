import { describe, expect, it } from '@jest/globals';
import { contextOf, type Context, type KnownPatterns, type Neighbour } from './context.js';

const at = (similarity: number, more: Partial<Neighbour> = {}): Neighbour => ({
  task_id: `t-${String(similarity)}`,
  memory_id: `m-${String(similarity)}`,
  summary: 'Mended it',
  similarity,
  success: true,
  tools: [],
  error_patterns: null,
  ...more,
});

const asked = { threshold: 0.5, topK: 3 };

const NO_PATTERNS: KnownPatterns = { matching: [], warnings: [] };

const contextOfAll = (nearest: readonly Neighbour[], patterns = NO_PATTERNS): Context =>
  contextOf(
    nearest,
    asked,
    nearest.filter(({ success }) => success),
    patterns,
  );

describe('A context', () => {
  it('abstains when nothing is remembered', () => {
    expect(contextOfAll([])).toEqual({
      similar_tasks: [],
      recommendations: [],
      abstained: true,
      reason: 'No other task is remembered yet.',
    });
  });

  it('abstains when nothing is near enough, and says how near the nearest is', () => {
    expect(contextOfAll([at(0.31), at(0.2)])).toEqual({
      similar_tasks: [],
      recommendations: [],
      abstained: true,
      reason:
        'No remembered task is near enough: the nearest has a similarity of 0.31, and 0.5 is needed.',
    });
  });

  it('does not say of one that is too far that it is as near as needed', () => {
    expect(contextOfAll([at(0.4996)]).reason).toContain('0.49, and 0.5 is needed');
  });

  it('begins exactly at the threshold', () => {
    const { similar_tasks, abstained, reason } = contextOfAll([at(0.5), at(0.4999)]);

    expect(similar_tasks).toEqual([
      { task_id: 't-0.5', memory_id: 'm-0.5', summary: 'Mended it', similarity: 0.5 },
    ]);
    expect([abstained, reason]).toEqual([false, null]);
  });

  it('shows successes only, and counts the failures in what it recommends', () => {
    const { similar_tasks, recommendations } = contextOfAll([
      at(0.9, { success: false }),
      at(0.8),
      at(0.7, { success: false }),
    ]);

    expect(similar_tasks.map(({ task_id }) => task_id)).toEqual(['t-0.8']);
    expect(recommendations).toEqual(['1 of 3 similar tasks succeeded.']);
  });

  it('advises although all failed', () => {
    const context = contextOfAll([at(0.9, { success: false })]);

    expect(context).toMatchObject({ similar_tasks: [], abstained: false, reason: null });
    expect(context.recommendations).toEqual(['0 of 1 similar task succeeded.']);
  });

  it('shows the nearest execution of each task, topK of them, nearest first', () => {
    const { similar_tasks, recommendations } = contextOfAll([
      at(0.9),
      at(0.8, { task_id: 't-0.9' }),
      at(0.7, { success: false }),
      at(0.65, { task_id: 't-0.7' }),
      at(0.6),
      at(0.55),
    ]);

    expect(similar_tasks.map(({ memory_id }) => memory_id)).toEqual(['m-0.9', 'm-0.65', 'm-0.6']);
    expect(recommendations).toEqual(['5 of 6 similar tasks succeeded.']);
  });

  it('says in three sentences what similar tasks and the surest patterns say', () => {
    const matching = ['first', 'second', 'third'].map((says) => ({ says }));

    expect(contextOfAll([at(0.9)], { matching, warnings: [] }).recommendations).toEqual([
      '1 of 1 similar task succeeded.',
      'first',
      'second',
    ]);
  });

  it('advises by patterns and by warnings alone', () => {
    const byPattern = contextOfAll([], { matching: [{ says: 'It works.' }], warnings: [] });
    const byWarning = contextOfAll([], { matching: [], warnings: ['It breaks.'] });

    expect(byPattern).toMatchObject({ recommendations: ['It works.'], abstained: false });
    expect(byWarning).toMatchObject({ recommendations: [], abstained: false, reason: null });
  });
});
