import { createHash } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { allIn, pathsIn, readSvg, textsIn, type Drawn } from '../../test/support/svg.js';
import { drawPlot } from './draw-plot.js';
import type { Plot, Shape } from './plot.js';
import { ticks } from './scale.js';
import { PLOT_POLICY } from './style.js';

const SHARE = { from: 0, to: 1, finest: 0.1 };
const plotOf = (shapes: readonly Shape[], more: Partial<Plot> = {}): Plot => ({
  title: 'A title',
  subtitle: 'A subtitle',
  description: 'A description',
  x: { label: 'executions', from: 0, to: 40, finest: 1 },
  y: { label: 'confidence', ...SHARE },
  shapes,
  ...more,
});
const drawn = (plot: Plot): Drawn => readSvg(drawPlot(plot));

const share = fc.double({ min: 0, max: 1, noNaN: true });
const at = fc.record({ x: fc.nat(40), y: share });
const label = fc.string({ unit: 'binary', maxLength: 20 });
const anyShape: fc.Arbitrary<Shape> = fc.oneof(
  fc.record({ is: fc.constantFrom('line', 'guide'), points: fc.array(at, { minLength: 1 }) }),
  fc.record({ is: fc.constantFrom('dot', 'mark'), at, label }),
  fc.record({
    is: fc.constant('band' as const),
    ranges: fc.array(fc.record({ x: fc.nat(40), low: share, high: share }), { minLength: 1 }),
  }),
);

/** Where the grid begins and ends. */
function frameOf(svg: Drawn): { left: number; right: number; top: number; bottom: number } {
  const lines = allIn(svg).filter(({ attributes }) => attributes.class === 'grid');
  const all = (name: string): number[] => lines.map(({ attributes }) => Number(attributes[name]));

  return {
    left: Math.min(...all('x1')),
    right: Math.max(...all('x2')),
    top: Math.min(...all('y1')),
    bottom: Math.max(...all('y1')),
  };
}

describe('A plot', () => {
  it('says what it is to those who do not see it', () => {
    const { name, attributes, children } = drawn(plotOf([]));

    expect([name, attributes.role]).toEqual(['svg', 'img']);
    expect(children.slice(0, 2)).toMatchObject([
      { name: 'title', text: 'A title', attributes: { id: 'title' } },
      { name: 'desc', text: 'A description', attributes: { id: 'description' } },
    ]);
    expect(attributes['aria-labelledby']).toBe('title description');
  });

  it('says so when there is nothing to show', () => {
    expect(textsIn(drawn(plotOf([])), 'text')).toContain('There is nothing to show yet.');
  });

  it('puts values where they belong', () => {
    const points = [
      { x: 0, y: 0 },
      { x: 20, y: 1 },
      { x: 40, y: 0.5 },
    ];
    const svg = drawn(plotOf([{ is: 'line', points }]));
    const { left, right, top, bottom } = frameOf(svg);

    expect(pathsIn(svg, 'line')).toEqual([
      [
        [left, bottom],
        [(left + right) / 2, top],
        [right, (top + bottom) / 2],
      ],
    ]);
  });

  it('grows above its frame for marks that stand in the way of each other', () => {
    const mark: Shape = { is: 'mark', at: { x: 10, y: 0.5 }, label: 'found helpful' };
    const [one, three] = [drawn(plotOf([mark])), drawn(plotOf([mark, { ...mark }, { ...mark }]))];

    expect(frameOf(three).top - frameOf(one).top).toBe(32);
    expect(Number(three.attributes.height) - Number(one.attributes.height)).toBe(32);
  });

  it('carries its style, which is all that its policy lets be', () => {
    const [style = ''] = textsIn(drawn(plotOf([])), 'style');
    const hash = createHash('sha256').update(style).digest('base64');

    expect(style).toContain('prefers-color-scheme: dark');
    expect(PLOT_POLICY).toBe(`default-src 'none'; style-src 'sha256-${hash}'; sandbox`);
  });

  it('is well-formed, in its frame and the same again, whatever is on it', () => {
    fc.assert(
      fc.property(fc.array(anyShape), label, label, label, (shapes, title, subtitle, words) => {
        const plot = plotOf(shapes, { title, subtitle, description: words });
        const text = drawPlot(plot);
        const svg = readSvg(text);
        const { left, right, top, bottom } = frameOf(svg);
        const dots = allIn(svg)
          .filter(({ name }) => name === 'circle')
          .map(({ attributes: { cx, cy } }) => [Number(cx), Number(cy)] as const);
        const paths = ['band', 'line', 'guide'].flatMap((kind) => pathsIn(svg, kind).flat());
        for (const [x, y] of [...dots, ...paths]) {
          expect(x >= left && x <= right && y >= top && y <= bottom).toBe(true);
        }
        const values = allIn(svg).flatMap(({ attributes: { id: _, ...rest } }) =>
          Object.values(rest),
        );
        expect(values.filter((value) => /NaN|Infinity|undefined/.test(value))).toEqual([]);
        expect(new Set(allIn(svg).map(({ name }) => name))).not.toContain('script');
        expect(drawPlot(plot)).toBe(text);
      }),
    );
  });
});

describe('An axis', () => {
  it.each([
    [0, 1, 0.1, ['0.0', '0.2', '0.4', '0.6', '0.8', '1.0']],
    [0, 1, 1, ['0', '1']],
    [0, 3, 1, ['0', '1', '2', '3']],
    [0, 40, 1, ['0', '10', '20', '30', '40']],
    [0, 99, 1, ['0', '20', '40', '60', '80']],
    [0, 100_000, 1, ['0', '20000', '40000', '60000', '80000', '100000']],
  ])('from %d to %d has its ticks at %j', (from, to, finest, labels) => {
    const found = ticks({ label: '', from, to, finest });

    expect(found.map(({ label: said }) => said)).toEqual(labels);
  });

  it('has a few ticks, all on it', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 10_000_000 }), (to) => {
        const found = ticks({ label: '', from: 0, to, finest: 1 });
        expect(found.length).toBeGreaterThan(1);
        expect(found.length).toBeLessThan(8);
        expect(found.every(({ value }) => value >= 0 && value <= to)).toBe(true);
      }),
    );
  });
});
