import { fold } from '#kernel';
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { given } from '../../../test/support/given.js';
import { patternEvents, type PatternEvent } from './pattern.events.js';
import { pattern, type PatternCommand } from './pattern.js';

const AT = '2026-01-31T12:00:00.000Z';
const who = { id: 'p-1', at: AT } as const;
const data = { pattern_id: 'p-1', at: AT };

const extract: PatternCommand = {
  ...who,
  do: 'extract',
  side: 'failure',
  regex: 'log(in|out)',
  minSamples: 5,
};
const speak: PatternCommand = {
  ...who,
  do: 'give-feedback',
  helpful: true,
  adjustment: -0.1,
  comment: 'It helped',
};
const retire: PatternCommand = { ...who, do: 'retire', reason: 'Outdated' };
const restore: PatternCommand = { ...who, do: 'restore', reason: null };

const extracted: PatternEvent = {
  type: 'pattern.extracted',
  data: { ...data, pattern_type: 'failure', task_type_pattern: 'log(in|out)', min_samples: 5 },
};
const spoken: PatternEvent = {
  type: 'pattern.feedback_given',
  data: { ...data, helpful: true, confidence_adjustment: -0.1 },
  text: { comment: 'It helped' },
};
const retired: PatternEvent = { type: 'pattern.retired', data, text: { reason: 'Outdated' } };
const restored: PatternEvent = { type: 'pattern.restored', data, text: { reason: null } };

const HISTORIES: Record<string, PatternEvent[]> = {
  'nobody spoke of': [],
  'was extracted': [extracted],
  'was spoken of': [spoken],
  'is retired': [retired],
  'was extracted and is retired': [extracted, retired],
  'is back': [retired, restored],
  'is retired again': [retired, restored, retired],
};

type Expected = PatternEvent | 'nothing' | 'pattern.retired';

/** Every history: what comes of extracting, speaking, retiring and restoring. */
const RULES: [history: string, Expected, Expected, Expected, Expected][] = [
  ['nobody spoke of', extracted, spoken, retired, 'nothing'],
  ['was extracted', 'nothing', spoken, retired, 'nothing'],
  ['was spoken of', extracted, spoken, retired, 'nothing'],
  ['is retired', extracted, 'pattern.retired', 'nothing', restored],
  ['was extracted and is retired', 'nothing', 'pattern.retired', 'nothing', restored],
  ['is back', extracted, spoken, retired, 'nothing'],
  ['is retired again', extracted, 'pattern.retired', 'nothing', restored],
];

const answers = (history: readonly PatternEvent[], wish: PatternCommand, to: Expected): void => {
  const decided = given(pattern, ...history).when(wish);
  if (typeof to === 'object') decided.thenEmits(to);
  else if (to === 'nothing') decided.thenNothing();
  else decided.thenRefused(to);
};

describe('A pattern', () => {
  it.each(RULES)('that %s answers so', (name, ...expected) => {
    const history = HISTORIES[name];
    if (!history) throw new Error(name);
    const wishes = [extract, speak, retire, restore];

    expect.assertions(wishes.length);
    wishes.forEach((wish, index) => {
      answers(history, wish, expected[index] ?? 'nothing');
    });
  });

  it('hears those who give no number and no comment', () => {
    given(pattern)
      .when({ ...speak, helpful: false, adjustment: null, comment: null })
      .thenEmits({
        type: 'pattern.feedback_given',
        data: { ...data, helpful: false, confidence_adjustment: null },
        text: { comment: null },
      });
  });

  it('is retired for no reason, if need be', () => {
    given(pattern)
      .when({ ...retire, reason: null })
      .thenEmits({ type: 'pattern.retired', data, text: { reason: null } });
  });

  it('emits events of the declared shape, and is extracted and retired once at a time', () => {
    const wishes = fc.array(fc.constantFrom(extract, speak, retire, restore));

    fc.assert(
      fc.property(wishes, (commands) => {
        const history = commands.reduce<PatternEvent[]>(
          (past, command) => [...past, ...granted(past, command)],
          [],
        );
        const types = history.map(({ type }) => type);
        const turns = types.filter(
          (type) => type === 'pattern.retired' || type === 'pattern.restored',
        );

        for (const event of history) {
          expect(patternEvents[event.type].data.safeParse(event.data).error).toBeUndefined();
        }
        expect(types.filter((type) => type === 'pattern.extracted').length).toBeLessThanOrEqual(1);
        expect(turns.every((type, i) => (type === 'pattern.retired') === (i % 2 === 0))).toBe(true);
      }),
    );
  });
});

function granted(past: readonly PatternEvent[], command: PatternCommand): readonly PatternEvent[] {
  try {
    return pattern.decide(command, fold(pattern, past));
  } catch {
    return [];
  }
}
