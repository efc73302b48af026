import { describe, expect, it } from '@jest/globals';
import { drawPlot } from '../src/plot/index.js';
import { allIn, readSvg, textsIn } from '../test/support/svg.js';
import { calibrationPlot } from './calibration-plot.js';
import { calibration } from './metrics.js';

describe('A calibration plot', () => {
  it('has a dot with its count for each bin that is not empty, and the diagonal', () => {
    const bins = calibration(
      [0.11, 0.13, 0.7, 0.72, 0.74, 1],
      [false, true, true, true, false, true],
    );
    const plot = calibrationPlot('a-set', bins);
    const dots = plot.shapes.flatMap((shape) => (shape.is === 'dot' ? [shape] : []));

    expect(dots.map(({ label }) => label)).toEqual(['2', '3', '1']);
    expect(dots[0]?.at).toEqual({ x: 0.12, y: 0.5 });
    expect(dots[2]?.at).toEqual({ x: 1, y: 1 });
    expect(plot.shapes[0]).toMatchObject({ is: 'guide' });
    expect(plot.subtitle).toContain('6 predictions in 10 bins');
    expect(plot.description).toContain(
      'Of 3 with a predicted probability of 0.72 on average, 0.67',
    );
  });

  it('says that there is nothing when nothing was predicted', () => {
    const svg = readSvg(drawPlot(calibrationPlot('a-set', calibration([], []))));

    expect(textsIn(svg, 'text')).toContain('There is nothing to show yet.');
    expect(allIn(svg).filter(({ name }) => name === 'circle')).toEqual([]);
  });
});
