/** What a plot shows, in the units of what it is about. */
export interface Plot {
  /** What it is about, in words; two lines of it are seen, all of it is read out. */
  readonly title: string;
  /** What it comes to, in one line. */
  readonly subtitle: string;
  /** What there is to see, for those who do not see it. */
  readonly description: string;
  readonly x: Axis;
  readonly y: Axis;
  /** Those that come later lie upon those before. When there are none, the plot says so. */
  readonly shapes: readonly Shape[];
}

/** Everything on it lies between `from` and `to`, which is greater. */
export interface Axis {
  readonly label: string;
  readonly from: number;
  readonly to: number;
  /** The least that two ticks may be apart. */
  readonly finest: number;
}

export interface Point {
  readonly x: number;
  readonly y: number;
}

export interface Range {
  readonly x: number;
  readonly low: number;
  readonly high: number;
}

export type Shape =
  | { readonly is: 'band'; readonly ranges: readonly Range[] }
  | { readonly is: 'line' | 'guide'; readonly points: readonly Point[] }
  /** Its label stands to its right. */
  | { readonly is: 'dot'; readonly at: Point; readonly label: string }
  /** Its label stands above the frame. */
  | { readonly is: 'mark'; readonly at: Point; readonly label: string };
