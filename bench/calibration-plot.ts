import { type Plot } from '../src/plot/index.js';
import { type CalibrationBin } from './metrics.js';

/** What was predicted against what happened, a dot for each bin that is not empty with its count. */
export function calibrationPlot(set: string, bins: readonly CalibrationBin[]): Plot {
  const filled = bins.filter(({ n }) => n > 0);
  const total = filled.reduce((sum, { n }) => sum + n, 0);

  return {
    title: `Predictions of success and what happened (${set})`,
    subtitle: `${total} predictions in ${bins.length} bins; beside each dot how many. On the dashed line they came true.`,
    description: filled
      .map(
        ({ n, predicted, observed }) =>
          `Of ${n} with a predicted probability of ${shown(predicted)} on average, ${shown(observed)} succeeded.`,
      )
      .join(' '),
    x: { label: 'predicted probability of success', ...SHARE },
    y: { label: 'success rate', ...SHARE },
    shapes: filled.length === 0 ? [] : [DIAGONAL, ...filled.map(dotOf)],
  };
}

const SHARE = { from: 0, to: 1, finest: 0.1 };

const DIAGONAL: Plot['shapes'][number] = {
  is: 'guide',
  points: [
    { x: 0, y: 0 },
    { x: 1, y: 1 },
  ],
};

const dotOf = ({ n, predicted, observed }: CalibrationBin): Plot['shapes'][number] => ({
  is: 'dot',
  at: { x: predicted, y: observed },
  label: String(n),
});

const shown = (share: number): string => share.toFixed(2);
