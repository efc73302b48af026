import type { Plot, Shape } from '#plot';
import type { Course, Standing, Step } from '../domain/course.js';
import type { PatternResponse } from '../read-model/pattern.response.js';

/** What is drawn of a course. */
type Drawn = Pick<Course, 'steps' | 'counted' | 'untold'>;

/** A step while the pattern was listed. */
type Listed = Step & { readonly stood: Standing };

/**
 * The confidence of a pattern with its interval. It goes by executions and not by time: they are what
 * moves it, and work comes in bursts. What people say and do moves it straight up or down.
 */
export function historyPlot(pattern: PatternResponse, { steps, counted, untold }: Drawn): Plot {
  const marked = steps.filter(isListed).filter(({ turn }) => turn !== null);
  const earlier = untold === 0 ? '' : ` ${untold} earlier ones are not marked.`;

  return {
    title: pattern.says,
    subtitle: `${standing(pattern)}${earlier}`,
    description: [
      `The confidence in this pattern with its 90 % interval, over the ${counted} executions counted for it.`,
      ...marked.map(
        (step) => `After ${step.counted}: ${labelOf(step)}, ${shown(step.stood.confidence)}.`,
      ),
      standing(pattern),
    ].join(' '),
    x: { label: 'executions counted for it', from: 0, to: Math.max(1, counted), finest: 1 },
    y: { label: 'confidence', from: 0, to: 1, finest: 0.1 },
    shapes: steps.length === 0 ? [] : shapesOf(pattern, steps, counted),
  };
}

function shapesOf(
  { confidence_score, confidence_interval, status }: PatternResponse,
  steps: readonly Step[],
  counted: number,
): Shape[] {
  // The share of an error may have moved since its last step, because of other errors.
  const stood: Standing = {
    confidence: confidence_score,
    interval: confidence_interval,
    status,
  };
  const stretches = listedOf([...steps, { counted, stood, turn: null }]);
  const marks = stretches.flat().filter(({ turn }) => turn !== null);

  return [
    ...stretches.map((stretch): Shape => ({ is: 'band', ranges: stretch.map(rangeOf) })),
    ...stretches.map((stretch): Shape => ({ is: 'line', points: stretch.map(pointOf) })),
    ...marks.map((step): Shape => ({ is: 'mark', at: pointOf(step), label: labelOf(step) })),
    { is: 'dot', at: { x: counted, y: confidence_score }, label: shown(confidence_score) },
  ];
}

/** The steps of each while in which the pattern was listed. */
function listedOf(steps: readonly Step[]): Listed[][] {
  const stretches: Listed[][] = [[]];
  for (const step of steps) {
    if (isListed(step)) stretches.at(-1)?.push(step);
    else stretches.push([]);
  }

  return stretches.filter(({ length }) => length > 0);
}

const isListed = (step: Step): step is Listed => step.stood !== null;
const pointOf = ({ counted, stood }: Listed): { x: number; y: number } => ({
  x: counted,
  y: stood.confidence,
});
const rangeOf = ({ counted, stood }: Listed): { x: number; low: number; high: number } => ({
  x: counted,
  ...stood.interval,
});

function labelOf({ turn, stood }: Listed): string {
  switch (turn) {
    case 'activation':
      return 'active';
    case 'demotion':
      return 'demoted';
    case 'retirement':
      return 'retired';
    case 'restoration':
      return `restored as ${stood.status}`;
    default:
      return turn ?? '';
  }
}

const standing = ({
  status,
  confidence_score,
  confidence_interval: { low, high },
}: PatternResponse): string =>
  `Confidence ${shown(confidence_score)}, 90 % interval ${shown(low)} to ${shown(high)}, ${status}.`;

const shown = (share: number): string => share.toFixed(2);
