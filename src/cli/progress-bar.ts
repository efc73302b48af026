import { SingleBar } from 'cli-progress';

/** Between two looks at the service, in milliseconds. */
const LOOK_EVERY_MS = 250;

/** What a bar shows of something under way. */
export interface Progress {
  readonly what: string;
  readonly done: number;
  readonly total: number;
  /** In a second; null before it is known. */
  readonly speed: number | null;
  readonly left: string;
  readonly isOver: boolean;
}

/** Shows on stderr how something goes on until it is over; gives how it stands then. */
export async function watch<State>(
  look: () => Promise<State>,
  progressOf: (state: State) => Progress,
  unit: string,
): Promise<State> {
  const bar = new SingleBar({
    format: `{what}  [{bar}] {percentage} %  {value}/{total}  {speed} ${unit}/s  {left}`,
    stream: process.stderr,
    noTTYOutput: true,
    notTTYSchedule: 1_000,
    hideCursor: true,
    barsize: 30,
  });
  let now = await look();
  let progress = progressOf(now);
  bar.start(progress.total, progress.done, shown(progress));
  while (!progress.isOver) {
    await new Promise((resolve) => setTimeout(resolve, LOOK_EVERY_MS));
    now = await look();
    progress = progressOf(now);
    bar.setTotal(progress.total);
    bar.update(progress.done, shown(progress));
  }
  bar.stop();

  return now;
}

/** `eta`: in seconds; `isBusy`: whether there is anything left to do. */
export const leftOf = (isBusy: boolean, eta: number | null, status: string): string =>
  isBusy ? `${String(eta ?? '?')} s left` : status;

const shown = ({ what, speed, left }: Progress): object => ({ what, speed: speed ?? 0, left });
