import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { Course, type Step } from './course.js';
import type { Key } from './key.js';
import { UNMEASURED } from './measure.js';
import { Past, restsOn, type Happening } from './past.js';
import { patternIdOf } from './pattern-id.js';

const KEY: Key = ['type', 'deploy'];
const ID = patternIdOf('n', 'success', KEY);
const OTHER = patternIdOf('n', 'failure', KEY);

type Told =
  'success' | 'failure' | 'elsewhere' | 'taken back' | 'yes' | 'no' | 'retire' | 'restore';

/** What happened, in the order of the log; each execution is of a task of its own. */
function happenings(told: readonly Told[], patternId = ID): Happening[] {
  const done: Extract<Happening, { is: 'evidence' }>[] = [];

  return told.flatMap((one, nth): Happening[] => {
    const position = BigInt(nth + 1);
    const of = { position, patternId, key: KEY };
    switch (one) {
      case 'yes':
      case 'no':
        return [
          { is: 'feedback', ...of, actor: null, said: { helpful: one === 'yes', adjustment: 0 } },
        ];
      case 'retire':
        return [{ is: 'retirement', ...of }];
      case 'restore':
        return [{ is: 'restoration', ...of }];
      case 'taken back': {
        const last = done.pop();
        return last ? [{ ...last, position, sign: -1 }] : [];
      }
      default: {
        const isOwn = one !== 'elsewhere';
        const [success, task] = [one === 'success', `t-${nth}`];
        const evidence = {
          position,
          task,
          success,
          voted: { task: true, agent: false },
          measures: UNMEASURED,
        };
        const happening = {
          is: 'evidence',
          position,
          evidence,
          sign: 1,
          isOwn,
          others: restsOn(KEY),
        } as const;
        if (isOwn) done.push(happening);
        return [happening];
      }
    }
  });
}

function courseOf(all: readonly Happening[]): Course {
  const course = new Course(ID, 'success');
  const past = new Past('n', KEY, 0);
  for (const one of all) {
    past.apply(one);
    course.follow(one, past);
  }

  return course;
}

const times = (count: number, ...told: Told[]): Told[] =>
  Array.from({ length: count }, () => told).flat();
const turnsOf = ({ steps }: Course): (string | null)[] =>
  steps.map(({ turn }) => turn).filter((turn) => turn !== null);

describe('The course of a pattern', () => {
  it.each<[string, Told[], string[]]>([
    ['is empty before anything happened', [], []],
    ['has no turns while nothing is proven', times(9, 'success'), []],
    [
      'tells of the gate, and of the watch',
      [
        ...times(9, 'elsewhere', 'elsewhere', 'success', 'success', 'success'),
        ...times(16, 'failure'),
      ],
      ['activation', 'demotion'],
    ],
    ['tells of words', [...times(3, 'success'), 'yes', 'no'], ['found helpful', 'found unhelpful']],
    [
      'tells of retirement and restoration',
      [...times(3, 'success'), 'retire', 'success', 'restore'],
      ['retirement', 'restoration'],
    ],
  ])('%s', (_, told, turns) => {
    expect(turnsOf(courseOf(happenings(told)))).toEqual(turns);
  });

  it('is of what was served after each step', () => {
    const all = happenings(['success', 'success', 'elsewhere', 'failure', 'no', 'success']);
    const past = new Past('n', KEY, 0);
    const served = all.flatMap((one) => {
      past.apply(one);
      const { confidence, status } = past.pattern('success') ?? {};
      return one.is === 'evidence' && !one.isOwn ? [] : [{ confidence, status }];
    });

    expect(courseOf(all).steps.map(({ stood }) => stood)).toMatchObject(served);
  });

  it('counts what was taken back, and goes down where it stands', () => {
    const { steps } = courseOf(happenings(['success', 'success', 'taken back']));

    expect(steps.map(({ counted }) => counted)).toEqual([1, 2, 2]);
  });

  it('has a gap while the other side has its place', () => {
    const { steps } = courseOf(
      happenings(['success', ...times(3, 'failure'), ...times(4, 'success')]),
    );

    expect(steps.some(({ stood }) => stood === null)).toBe(true);
    expect(steps.at(-1)?.stood).not.toBeNull();
  });

  it('does not tell what was said of the other side', () => {
    const all = [
      ...happenings(['success', 'success']),
      ...happenings(['yes'], OTHER).map((one) => ({ ...one, position: 3n })),
    ];

    expect(courseOf(all).steps).toHaveLength(2);
  });

  it('keeps of a long one the first, the last, every turn and others in even steps', () => {
    const told = [
      ...times(1_001, 'success'),
      'no' as const,
      ...times(2_000, 'success'),
      'retire' as const,
      'failure' as const,
    ];
    const course = courseOf(happenings(told));
    const { steps } = course;
    const isBetween = ({ turn }: Step): boolean => turn === null;

    expect([steps[0]?.counted, steps.at(-1)?.counted, course.counted]).toEqual([1, 3_002, 3_002]);
    expect(turnsOf(course)).toEqual(['found unhelpful', 'retirement']);
    expect(steps.length).toBeGreaterThan(100);
    expect(steps.length).toBeLessThan(210);
    const gaps = steps
      .filter(isBetween)
      .slice(1, 50)
      .map(({ counted }, nth, all) => counted - (all[nth - 1]?.counted ?? 1));
    expect(new Set(gaps)).toEqual(new Set([16]));
  });

  it('tells of the newest turns when there are many, and how many there were before', () => {
    const course = courseOf(happenings(['success', ...times(500, 'yes', 'no')]));

    expect(turnsOf(course)).toHaveLength(40);
    expect(course.untold).toBe(960);
    expect(course.steps.length).toBeLessThan(250);
    expect(course.steps.at(-1)?.turn).toBe('found unhelpful');
  });

  it('is bounded, and goes forwards, whatever happens', () => {
    const any = fc.constantFrom<Told>(
      'success',
      'failure',
      'elsewhere',
      'taken back',
      'yes',
      'no',
      'retire',
      'restore',
    );
    fc.assert(
      fc.property(
        fc.array(any, { maxLength: 300 }),
        fc.integer({ min: 1, max: 4 }),
        (told, often) => {
          const course = courseOf(happenings(times(often, ...told)));
          const { steps } = course;
          expect(steps.length).toBeLessThan(250);
          expect(steps.every(({ counted }, nth) => counted >= (steps[nth - 1]?.counted ?? 0))).toBe(
            true,
          );
          expect(steps.at(-1)?.counted ?? course.counted).toBe(course.counted);
          expect(turnsOf(course).length).toBeLessThanOrEqual(40);
        },
      ),
      { numRuns: 30 },
    );
  });
});
