import { describe, expect, it } from '@jest/globals';
import type { Change } from './conclusions.js';
import type { Noted, Status } from './key-state.js';
import type { PatternType } from './key.js';
import { noticesOf } from './notices.js';

const AT = '2026-01-31T12:00:00.000Z';
const IDS = {
  success: 'id-of-success',
  failure: 'id-of-failure',
  optimization: 'id-of-optimization',
} as const;

const was = (side: PatternType, status: Status): Noted => ({ side, status, confidence: 0.6 });

function changed(before: Noted | null, side: PatternType, status: Status, cause?: string): Change {
  return {
    key: ['agent', 'coder'],
    patternId: IDS[side],
    side,
    status,
    confidence: 0.75,
    lower: 0.5,
    observations: 20,
    outOf: 20,
    executions: 20,
    position: 7n,
    at: AT,
    cause: cause ?? 'memory.execution_stored',
    was: before,
  };
}

/** What the key was before. */
const formerOf = ({ was: before, side }: Change): string => IDS[before?.side ?? side];

const told = (change: Change): string[] =>
  noticesOf(change, formerOf(change)).map(
    ({ type, pattern_id }) => `${type.replace('memory.pattern.', '')} ${pattern_id}`,
  );

describe('Others', () => {
  it.each<[what: string, before: Noted | null, side: PatternType, status: Status, told: string[]]>([
    ['that is first seen', null, 'success', 'candidate', []],
    ['that is first seen and proven', null, 'success', 'active', ['learned id-of-success']],
    [
      'that becomes active',
      was('success', 'candidate'),
      'success',
      'active',
      ['learned id-of-success'],
    ],
    [
      'that falls back',
      was('failure', 'active'),
      'failure',
      'candidate',
      ['demoted id-of-failure'],
    ],
    [
      'that is surer by now',
      was('success', 'candidate'),
      'success',
      'candidate',
      ['confidence_changed id-of-success'],
    ],
    [
      'that is active and surer by now',
      was('failure', 'active'),
      'failure',
      'active',
      ['confidence_changed id-of-failure'],
    ],
    ['that turns before it is proven', was('success', 'candidate'), 'failure', 'candidate', []],
    [
      'that turns and is proven',
      was('success', 'candidate'),
      'failure',
      'active',
      ['learned id-of-failure'],
    ],
    [
      'that was active and turns',
      was('success', 'active'),
      'failure',
      'candidate',
      ['demoted id-of-success'],
    ],
    [
      'that was active and turns into the contrary',
      was('failure', 'active'),
      'success',
      'active',
      ['demoted id-of-failure', 'learned id-of-success'],
    ],
    ['that is retired and surer by now', was('success', 'retired'), 'success', 'retired', []],
    ['that was retired and turns', was('success', 'retired'), 'failure', 'candidate', []],
    [
      'that is faster and becomes active',
      was('optimization', 'candidate'),
      'optimization',
      'active',
      ['learned id-of-optimization'],
    ],
    [
      'that is faster and falls back',
      was('optimization', 'active'),
      'optimization',
      'candidate',
      ['demoted id-of-optimization'],
    ],
  ])('are told of a pattern %s what is new to them', (_, before, side, status, expected) => {
    expect(told(changed(before, side, status))).toEqual(expected);
  });

  it.each<[cause: string, before: Status, after: Status]>([
    ['pattern.retired', 'active', 'retired'],
    ['pattern.retired', 'candidate', 'retired'],
    ['pattern.restored', 'retired', 'active'],
    ['pattern.restored', 'retired', 'candidate'],
  ])('are told nothing of what people do: %s, from %s to %s', (cause, before, after) => {
    expect(told(changed(was('success', before), 'success', after, cause))).toEqual([]);
  });
});

describe('A notice', () => {
  it('says of the pattern what the change says', () => {
    expect(noticesOf(changed(null, 'success', 'active'), IDS.failure)).toEqual([
      {
        // uuid5 of ["id-of-success","7","memory.pattern.learned"], as Python says.
        id: 'd59e8bd1-bc9b-553e-b1d1-136d0d83dd6e',
        type: 'memory.pattern.learned',
        pattern_id: 'id-of-success',
        position: 7n,
        at: AT,
        data: { pattern_type: 'success', confidence: 0.75, sample_count: 20 },
      },
    ]);
  });

  it('says of the other side what is left of it', () => {
    const [demoted] = noticesOf(
      changed(was('failure', 'active'), 'success', 'active'),
      IDS.failure,
    );

    expect(demoted).toMatchObject({
      pattern_id: 'id-of-failure',
      data: { pattern_type: 'failure', confidence: 0.25, sample_count: 20 },
    });
  });

  it('has the same id whenever it is told, and another one than any other notice', () => {
    const flip = changed(was('failure', 'active'), 'success', 'active');
    const idsOf = (change: Change): string[] =>
      noticesOf(change, formerOf(change)).map(({ id }) => id);
    const all = [
      flip,
      { ...flip, position: 8n },
      changed(was('success', 'active'), 'success', 'candidate'),
      changed(was('success', 'active'), 'success', 'active'),
    ].flatMap(idsOf);

    expect(idsOf(flip)).toEqual(idsOf(flip));
    expect(new Set(all).size).toBe(all.length);
    expect(all).toHaveLength(6);
  });
});
