export { drawPlot } from './draw-plot.js';
export type { Plot, Point, Range, Shape } from './plot.js';
export { PLOT_POLICY } from './style.js';
