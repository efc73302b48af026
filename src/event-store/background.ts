import { availableParallelism } from 'node:os';
import pLimit from 'p-limit';

/** Half the processors, so that the other half is for those somebody waits for. */
const lane = pLimit(Math.max(1, Math.floor(availableParallelism() / 2)));

/**
 * Gives way to the work somebody waits for: lets its own gather, and does it in turn with others in
 * the background of this process. Whoever comes to wait for it hurries it past both.
 */
export class Background {
  private hurried: () => void = () => undefined;

  /** @param gathers in ms; with 0 it gives way to nobody */
  constructor(private readonly gathers: number) {}

  hurry(): void {
    this.hurried();
  }

  /** Resolves when its work has gathered. */
  async gather(): Promise<void> {
    if (this.gathers === 0) return;
    await new Promise<void>((resolve) => {
      const timer = setTimeout(resolve, this.gathers);
      this.hurried = () => {
        clearTimeout(timer);
        resolve();
      };
    });
  }

  /** Resolves when it is its turn, with what ends the turn. */
  async turn(): Promise<() => void> {
    if (this.gathers === 0) return outOfTurn;

    return new Promise((resolve) => {
      let isHurried = false;
      this.hurried = () => {
        isHurried = true;
        resolve(outOfTurn);
      };
      void lane(() =>
        isHurried
          ? undefined
          : new Promise<void>((leave) => {
              resolve(leave);
            }),
      );
    });
  }
}

const outOfTurn = (): void => undefined;
