import type { Plot, Point, Range, Shape } from './plot.js';
import { scale, ticks } from './scale.js';
import { STYLE } from './style.js';
import { linesOf, rowsOf } from './words.js';
import { element, rounded, type Xml } from './xml.js';

const WIDTH = 760;
/** Of the frame; to its right is room for labels. */
const [LEFT, RIGHT, HEIGHT] = [64, 640, 300];
const BELOW = 56;
const [LINE, ROW] = [20, 16];
const [TITLE_CHARACTERS, TITLE_LINES] = [72, 2];
/** About so wide is a character of a label. */
const CHARACTER = 7;

type Mark = Extract<Shape, { is: 'mark' }>;

/**
 * A plot as an SVG document: to the byte the same for the same plot, in one piece (no script, no font,
 * no address), readable on light and dark. A scale and a path are a line each, so no library draws it.
 */
export function drawPlot(plot: Plot): string {
  const title = linesOf(plot.title, TITLE_CHARACTERS, TITLE_LINES);
  const frame = new Frame(plot, (title.length + 2.5) * LINE);
  const size = { width: WIDTH, height: frame.bottom + BELOW };
  const svg = element(
    'svg',
    {
      xmlns: 'http://www.w3.org/2000/svg',
      viewBox: `0 0 ${size.width} ${size.height}`,
      ...size,
      role: 'img',
      'aria-labelledby': 'title description',
    },
    element('title', { id: 'title' }, plot.title),
    element('desc', { id: 'description' }, plot.description),
    element('style', {}, STYLE),
    element('rect', { class: 'ground', ...size }),
    ...title.map((line, nth) => text(line, { class: 'title', x: LEFT, y: (nth + 1.4) * LINE })),
    text(plot.subtitle, { class: 'soft', x: LEFT, y: (title.length + 1.4) * LINE }),
    ...frame.axes(),
    ...frame.shapes(),
  );

  return `${svg.xml}\n`;
}

/** Where things stand in a picture, in pixels from its upper left corner. */
class Frame {
  readonly top: number;
  readonly bottom: number;
  private readonly x: (value: number) => number;
  private readonly y: (value: number) => number;
  /** By mark: in which row its label stands. */
  private readonly rows: ReadonlyMap<Shape, number>;

  /** @param below where the words above it end */
  constructor(
    private readonly plot: Plot,
    below: number,
  ) {
    const marks = plot.shapes.filter((shape): shape is Mark => shape.is === 'mark');
    this.x = scale(plot.x, LEFT, RIGHT);
    const rows = rowsOf(
      marks.map(({ at, label }) => ({ start: this.x(at.x), width: widthOf(label) })),
    );
    this.rows = new Map(marks.map((mark, nth) => [mark, rows[nth] ?? 0]));
    this.top = below + ROW * Math.max(0, ...rows.map((row) => row + 1));
    this.bottom = this.top + HEIGHT;
    this.y = scale(plot.y, this.bottom, this.top);
  }

  axes(): Xml[] {
    const { x, y } = this.plot;
    const middle = (this.top + this.bottom) / 2;
    const turned = `rotate(-90 18 ${rounded(middle)})`;

    return [
      ...ticks(y).flatMap(({ value, label }) => this.level(this.y(value), label)),
      ...ticks(x).map(({ value, label }) => this.under(this.x(value), label)),
      text(x.label, { class: 'soft', ...CENTRED, x: (LEFT + RIGHT) / 2, y: this.bottom + 42 }),
      text(y.label, { class: 'soft', ...CENTRED, x: 18, y: middle, transform: turned }),
    ];
  }

  shapes(): Xml[] {
    const { shapes } = this.plot;
    if (shapes.length === 0) {
      const middle = { x: (LEFT + RIGHT) / 2, y: (this.top + this.bottom) / 2 };
      return [text('There is nothing to show yet.', { class: 'soft', ...CENTRED, ...middle })];
    }

    return shapes.flatMap((shape) => this.shape(shape));
  }

  private shape(shape: Shape): Xml[] {
    switch (shape.is) {
      case 'band':
        return [element('path', { class: 'band', d: this.outline(shape.ranges) })];
      case 'line':
      case 'guide':
        return [element('path', { class: shape.is, d: this.path(shape.points) })];
      case 'dot':
        return this.dot(shape.at, shape.label);
      case 'mark':
        return this.mark(shape);
    }
  }

  private dot(at: Point, label: string): Xml[] {
    const { x, y } = this.place(at);

    return [
      element('circle', { class: 'dot', cx: x, cy: y, r: 4 }),
      text(label, { x: x + 8, y: y + 4 }),
    ];
  }

  private mark(mark: Mark): Xml[] {
    const { x, y } = this.place(mark.at);
    const above = this.top - ROW * (this.rows.get(mark) ?? 0) - 6;

    return [
      element('line', { class: 'stem', x1: x, y1: above + 3, x2: x, y2: y }),
      element('circle', { class: 'mark', cx: x, cy: y, r: 4 }),
      text(mark.label, { x: x + 4, y: above }),
    ];
  }

  private level(y: number, label: string): Xml[] {
    return [
      element('line', { class: 'grid', x1: LEFT, y1: y, x2: RIGHT, y2: y }),
      text(label, { class: 'soft', 'text-anchor': 'end', x: LEFT - 8, y: y + 4 }),
    ];
  }

  private under(x: number, label: string): Xml {
    return text(label, { class: 'soft', ...CENTRED, x, y: this.bottom + 18 });
  }

  private outline(ranges: readonly Range[]): string {
    const highs = ranges.map(({ x, high }) => ({ x, y: high }));
    const lows = ranges.map(({ x, low }) => ({ x, y: low }));

    return `${this.path([...highs, ...lows.reverse()])}Z`;
  }

  private path(points: readonly Point[]): string {
    const places = points.map((point) => this.place(point));

    return `M${places.map(({ x, y }) => `${rounded(x)},${rounded(y)}`).join('L')}`;
  }

  private place({ x, y }: Point): Point {
    return { x: this.x(x), y: this.y(y) };
  }
}

const CENTRED = { 'text-anchor': 'middle' };

const text = (words: string, attributes: Readonly<Record<string, string | number>>): Xml =>
  element('text', attributes, words);

const widthOf = (label: string): number => (label.length + 1) * CHARACTER;
