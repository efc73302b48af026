import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { describedOf, descriptionOf, quoted, type Told } from './description.js';
import type { Key } from './key.js';
import { likenessAmong } from './likeness.js';
import { medoidsOf } from './representatives.js';

const told = (memoryId: string, more: Partial<Told> = {}): Told => ({
  memoryId,
  task: `task of ${memoryId}`,
  success: true,
  standsFor: 1,
  summary: `Did ${memoryId}`,
  tags: [],
  tools: [],
  ...more,
});

const AGENT: Key = ['agent', 'coder'];

describe('How many executions are described', () => {
  it.each([
    [0, 0],
    [2, 0],
    [3, 3],
    [4, 3],
    [5, 5],
    [7, 5],
    [8, 8],
    [11, 8],
    [12, 12],
    [1_000, 710],
  ])('of %d: %d', (count, described) => {
    expect(describedOf(count)).toBe(described);
  });

  it('is never more than there are, and less than half as many again are left out', () => {
    fc.assert(
      fc.property(fc.integer({ min: 3, max: 10_000_000 }), (count) => {
        expect(describedOf(count)).toBeLessThanOrEqual(count);
        expect(count).toBeLessThan(Math.ceil(describedOf(count) * 1.5));
      }),
    );
  });
});

describe('A description', () => {
  it('has the commonest tools and tags of each outcome, with how often they succeed', () => {
    const { success, failure } = descriptionOf(
      [
        told('a', { tools: ['git', 'jest'], tags: ['api'] }),
        told('b', { tools: ['git', 'git'] }),
        told('c', { success: false, tools: ['git'] }),
      ],
      AGENT,
    );

    expect(success).toMatchObject({
      looked_at: 2,
      tools: [
        { name: 'git', executions: 3, success_rate: 2 / 3 },
        { name: 'jest', executions: 1, success_rate: 1 },
      ],
      tags: [{ name: 'api', executions: 1, success_rate: 1 }],
    });
    expect(failure).toMatchObject({
      looked_at: 1,
      tools: [{ name: 'git', executions: 3, success_rate: 2 / 3 }],
    });
  });

  it('says how often tools succeed among all, though of one outcome only some are looked at', () => {
    const { success } = descriptionOf(
      [told('a', { tools: ['git'], standsFor: 9 }), told('b', { success: false, tools: ['git'] })],
      AGENT,
    );

    expect(success).toMatchObject({
      looked_at: 1,
      tools: [{ name: 'git', executions: 2, success_rate: 0.9 }],
    });
  });

  it('quotes what stands for the most, and no task twice', () => {
    const { success } = descriptionOf(
      [
        told('a', { task: 't', summary: 'Cached the query' }),
        told('b', { task: 't', summary: 'Cached the query again' }),
        told('c', { summary: 'Cached the query of the user list' }),
        told('d', { summary: 'Cached the query of the order list' }),
        told('e', { summary: 'Renamed a column' }),
      ],
      AGENT,
    );

    expect(success.summaries.map(({ memory_id }) => memory_id)).not.toContain('b');
    expect(success.summaries[0]?.summary).toContain('Cached the query');
  });

  it('says nothing of words that were erased, and still counts their facts', () => {
    const { success } = descriptionOf([told('a', { summary: null, tools: ['git'] })], AGENT);

    expect(success).toEqual({
      looked_at: 1,
      summaries: [],
      tools: [{ name: 'git', executions: 1, success_rate: 1 }],
      tags: [],
    });
  });

  it('of a type splits its successes by topic, and that of an agent does not', () => {
    const some = Array.from({ length: 40 }, (_, n) =>
      told(`m${n}`, {
        summary: n % 2 ? `Added an index ${n}` : `Raised the timeout ${n}`,
      }),
    );
    const { topics } = descriptionOf(some, ['type', 'mend']).success;

    expect(topics).toMatchObject([
      { executions: 20, phrases: ['raised the timeout'] },
      { executions: 20, phrases: ['added an index'] },
    ]);
    expect(descriptionOf(some, AGENT).success).not.toHaveProperty('topics');
  });

  it('quotes three hundred code points at most', () => {
    expect(
      Array.from(quoted(told('a', { summary: '😀'.repeat(400) }))?.summary ?? ''),
    ).toHaveLength(301);
    expect(quoted(told('a', { summary: null }))).toBeNull();
  });
});

describe('Representatives', () => {
  const representativesOf = (texts: readonly string[], count: number): number[] =>
    medoidsOf(likenessAmong(texts), count);

  it('are none of nothing, and the only one of one', () => {
    expect(representativesOf([], 3)).toEqual([]);
    expect(representativesOf(['one'], 3)).toEqual([0]);
  });

  it('are of different things', () => {
    const texts = [
      'added an index to the orders table',
      'added an index to the users table',
      'raised the timeout of the client',
      'raised the timeout of the server',
    ];
    const [first = 0, second = 0] = representativesOf(texts, 2);

    expect([first, second].map((at) => at < 2).sort()).toEqual([false, true]);
  });

  it('are not said twice', () => {
    expect(representativesOf(['the same', 'the same', 'the same'], 3)).toHaveLength(1);
  });

  it('are places in the texts, each once', () => {
    fc.assert(
      fc.property(fc.array(fc.string(), { maxLength: 20 }), fc.nat(5), (texts, count) => {
        const found = representativesOf(texts, count);

        expect(new Set(found).size).toBe(found.length);
        expect(found.length).toBeLessThanOrEqual(Math.min(count, texts.length));
        expect(found.every((at) => at in texts)).toBe(true);
      }),
    );
  });
});
