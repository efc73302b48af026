import type { Axis } from './plot.js';

/** About so many parts an axis is cut into. */
const PARTS = 5;

/** From values of an axis to pixels: `from` lies at `start`, `to` at `end`. */
export const scale =
  ({ from, to }: Axis, start: number, end: number) =>
  (value: number): number =>
    start + ((value - from) / (to - from)) * (end - start);

/** Where an axis is marked, and what with: at multiples of 1, 2 or 5 times a power of ten. */
export function ticks({ from, to, finest }: Axis): { value: number; label: string }[] {
  const step = stepOf((to - from) / PARTS, finest);
  const first = Math.ceil(from / step);
  const decimals = step < 1 ? 1 : 0;

  return Array.from({ length: Math.floor(to / step) - first + 1 }, (_, nth) => {
    const value = (first + nth) * step;
    return { value, label: value.toFixed(decimals) };
  });
}

function stepOf(least: number, finest: number): number {
  const power = 10 ** Math.floor(Math.log10(least));
  const multiple = [1, 2, 5].find((one) => one * power >= least) ?? 10;

  return Math.max(finest, multiple * power);
}
