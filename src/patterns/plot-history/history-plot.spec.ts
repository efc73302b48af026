import { drawPlot } from '#plot';
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { pathsIn, readSvg, textsIn } from '../../../test/support/svg.js';
import type { Step, Turn } from '../domain/course.js';
import type { PatternResponse } from '../read-model/pattern.response.js';
import { historyPlot } from './history-plot.js';

const pattern = (more: Partial<PatternResponse> = {}): PatternResponse => ({
  pattern_id: '8d4f2a86-93f8-5f3d-9c8e-0d1c3a5b7e90',
  pattern_type: 'success',
  task_type_pattern: '^deploy$',
  definition: ['type', 'deploy'],
  parents: [['root']],
  status: 'active',
  says: '9 of 10 executions of deploy succeeded.',
  success_indicators: [],
  failure_indicators: [],
  recommended_context: {},
  confidence_score: 0.8,
  confidence_interval: { low: 0.6, high: 1 },
  evidence: { successes: 9, failures: 1, distinct_tasks: 10, first_at: null, last_at: null },
  usage_count: 0,
  uplift: null,
  created_at: '',
  updated_at: '',
  ...more,
});
const step = (counted: number, confidence: number, turn: Turn | null = null): Step => ({
  counted,
  stood: {
    confidence,
    interval: { low: Math.max(0, confidence - 0.2), high: Math.min(1, confidence + 0.2) },
    status: turn === 'retirement' ? 'retired' : 'active',
  },
  turn,
});
const AWAY: Step = { counted: 5, stood: null, turn: null };
const course = (steps: readonly Step[], untold = 0) => ({
  steps,
  untold,
  counted: steps.at(-1)?.counted ?? 0,
});

const TURNS: readonly Turn[] = [
  'activation',
  'demotion',
  'found helpful',
  'found unhelpful',
  'retirement',
  'restoration',
];

describe('The plot of a history', () => {
  it('says what the pattern claims, how sure that is, and what happened to it', () => {
    const plot = historyPlot(pattern(), course([step(1, 0.6), step(4, 0.7, 'activation')]));

    expect(plot).toMatchObject({
      title: '9 of 10 executions of deploy succeeded.',
      subtitle: 'Confidence 0.80, 90 % interval 0.60 to 1.00, active.',
      description:
        'The confidence in this pattern with its 90 % interval, over the 4 executions counted for it. ' +
        'After 4: active, 0.70. Confidence 0.80, 90 % interval 0.60 to 1.00, active.',
    });
  });

  it('tells what happened apart', () => {
    const { shapes } = historyPlot(pattern(), course(TURNS.map((turn) => step(3, 0.5, turn))));
    const labels = shapes.flatMap((shape) => (shape.is === 'mark' ? [shape.label] : []));

    expect(labels).toEqual([
      'active',
      'demoted',
      'found helpful',
      'found unhelpful',
      'retired',
      'restored as active',
    ]);
  });

  it('ends where the pattern stands', () => {
    const { shapes } = historyPlot(pattern(), course([step(1, 0.6), step(7, 0.7)]));

    expect(shapes.at(-1)).toEqual({ is: 'dot', at: { x: 7, y: 0.8 }, label: '0.80' });
  });

  it('has a gap where the pattern was not listed', () => {
    const { shapes } = historyPlot(pattern(), course([step(1, 0.6), AWAY, AWAY, step(7, 0.7)]));

    expect(shapes.map(({ is }) => is)).toEqual(['band', 'band', 'line', 'line', 'dot']);
  });

  it('says that there is nothing when there is nothing', () => {
    const svg = readSvg(drawPlot(historyPlot(pattern(), course([]))));

    expect(textsIn(svg, 'text')).toContain('There is nothing to show yet.');
  });

  it('says how many turns it does not mark', () => {
    expect(historyPlot(pattern(), course([step(1, 0.6)], 3)).subtitle).toContain(
      '3 earlier ones are not marked.',
    );
  });

  it.each([
    '</title><script>alert(1)</script>',
    '"><image href="https://example.org/a.png"/>',
    '&xxe; <!ENTITY xxe SYSTEM "file:///etc/passwd"> ]]>',
    'a\u0000b\uD800c\u202Ed',
    'x'.repeat(10_000),
  ])('holds no more than words of %j', (says) => {
    const names = (svg: ReturnType<typeof readSvg>): string[] => [
      svg.name,
      ...svg.children.flatMap(names),
    ];
    const one = course([step(1, 0.6), step(2, 0.7, 'found helpful')]);
    const plain = readSvg(drawPlot(historyPlot(pattern(), one)));
    const hostile = readSvg(drawPlot(historyPlot(pattern({ says }), one)));

    expect(new Set(names(hostile))).toEqual(new Set(names(plain)));
    expect(textsIn(hostile, 'title')).toEqual([
      says.replace('\u0000', '\uFFFD').replace('\uD800', '\uFFFD'),
    ]);
  });

  it('is well-formed and goes to the right, whatever the pattern is called', () => {
    const anyStep = fc.record({
      more: fc.nat(9),
      at: fc.double({ min: 0, max: 1, noNaN: true }),
      turn: fc.constantFrom(null, ...TURNS),
      isAway: fc.boolean(),
    });
    const name = fc.string({ unit: 'binary', maxLength: 200 });
    fc.assert(
      fc.property(name, fc.array(anyStep, { maxLength: 60 }), (says, made) => {
        let counted = 0;
        const steps = made.map(({ more, at, turn, isAway }): Step => {
          counted += more;
          return isAway ? { ...AWAY, counted } : step(counted, at, turn);
        });
        const text = drawPlot(historyPlot(pattern({ says }), course(steps)));
        const lines = pathsIn(readSvg(text), 'line').flat();
        expect(lines.every(([x], nth) => x >= (lines[nth - 1]?.[0] ?? 0))).toBe(true);
      }),
    );
  });
});
