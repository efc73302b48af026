import { DomainError } from '#kernel';
import { Logger } from '@nestjs/common';
import { Background } from './background.js';
import type { Follower, Worker } from './follower.js';
import { Pace } from './pace.js';
import type { News } from './postgres-event-store.js';

const SHORTEST_PAUSE_MS = 100;
const LONGEST_PAUSE_MS = 1_000;
/** Who gets so many at once is behind, and lets nothing gather. */
const GOOD_PAGE = 100;
const LONGEST_PAUSE_WHEN_POISONED_MS = 5_000;

export interface FollowerState {
  readonly name: string;
  readonly checkpoint: bigint;
  /** Why it stands still; null while it moves. */
  readonly error: string | null;
  /** The same in words that may be said to anybody: never a text, never SQL. */
  readonly reason: string | null;
  /** Positions passed in a second, over the last minute. */
  readonly rate: number;
}

interface Waiter {
  readonly position: bigint;
  readonly resolve: () => void;
}

/**
 * Keeps one follower at the end of the log (or other work at its end): at once when this process appended, and by looking every
 * 100 ms, slowing down to 1 s, for what other processes appended.
 */
export class FollowerLoop {
  private readonly logger = new Logger(FollowerLoop.name);
  private checkpoint = -1n;
  private error: string | null = null;
  private reason: string | null = null;
  private readonly pace = new Pace();
  /** It would fail on the same event again, however often it is woken. */
  private isPoisoned = false;
  private running: Promise<void> | null = null;
  private stopped = false;
  private woken = false;
  private wakeUp: () => void = () => undefined;
  private waiters: Waiter[] = [];
  private readonly listeners: (() => void)[] = [];
  private readonly background: Background;
  /** How far this process has told it of; what is above `nothingAbove` up to there is not for it. */
  private heardTo = -1n;
  private nothingAbove = -1n;

  constructor(readonly worker: Worker) {
    this.background = new Background(worker.gathers ?? 0);
  }

  get state(): FollowerState {
    return {
      name: this.worker.name,
      checkpoint: this.checkpoint,
      error: this.error,
      reason: this.reason,
      rate: this.pace.rate(),
    };
  }

  private get mayWait(): boolean {
    return this.waiters.length === 0 && !this.stopped;
  }

  /** Once; later calls change nothing. */
  start(): void {
    this.running ??= this.run();
  }

  /** Calls `listener` after each batch. */
  onMoved(listener: () => void): void {
    this.listeners.push(listener);
  }

  /** Hears what this process appended: passes over what is not for it, and goes on otherwise. */
  hear({ after, to, types }: News, follower: Follower): void {
    const isForIt = types.some((type) => follower.types.includes(type));
    // Between the last time and now, another process has appended.
    const hasGap = after !== this.heardTo;
    if (isForIt || hasGap) this.nothingAbove = isForIt ? to : after;
    this.heardTo = to;
    if (isForIt || (hasGap && this.checkpoint < after)) this.wake();
    else this.arrive(this.checkpoint);
  }

  wake(): void {
    this.woken = true;
    this.wakeUp();
  }

  async stop(): Promise<void> {
    this.stopped = true;
    this.background.hurry();
    this.wake();
    await this.running;
    this.waiters.forEach(({ resolve }) => {
      resolve();
    });
  }

  /** Resolves when the follower has passed `position`, or after `patienceMs`; gives whether it has. */
  async passed(position: bigint, patienceMs: number): Promise<boolean> {
    if (this.checkpoint >= position || this.stopped) return this.checkpoint >= position;
    await new Promise<void>((resolve) => {
      const waiter = {
        position,
        resolve: () => {
          clearTimeout(timer);
          resolve();
        },
      };
      const timer = setTimeout(() => {
        this.waiters = this.waiters.filter((other) => other !== waiter);
        resolve();
      }, patienceMs);
      this.waiters.push(waiter);
      this.background.hurry();
      this.wake();
    });

    return this.checkpoint >= position;
  }

  private async run(): Promise<void> {
    let pause = SHORTEST_PAUSE_MS;
    // The first look is at once: it is not ready before it knows where it stands.
    let applied = GOOD_PAGE;
    while (!this.stopped) {
      if (applied < GOOD_PAGE && this.mayWait) await this.background.gather();
      this.woken = false;
      applied = await this.stepInTurn();
      if (applied > 0) {
        pause = SHORTEST_PAUSE_MS;
        continue;
      }
      await this.rest(pause);
      const longest = this.isPoisoned ? LONGEST_PAUSE_WHEN_POISONED_MS : LONGEST_PAUSE_MS;
      pause = Math.min(2 * pause, longest);
    }
  }

  private async stepInTurn(): Promise<number> {
    if (!this.mayWait) return this.step();
    const leave = await this.background.turn();
    try {
      return await this.step();
    } finally {
      leave();
    }
  }

  private async step(): Promise<number> {
    try {
      const { checkpoint, applied } = await this.worker.step();
      this.error = null;
      this.reason = null;
      this.isPoisoned = false;
      this.arrive(checkpoint);
      if (applied > 0)
        this.listeners.forEach((listener) => {
          listener();
        });
      return applied;
    } catch (error) {
      this.error = (error as Error).message;
      this.reason = reasonOf(error as Error);
      this.isPoisoned = !(error instanceof DomainError && error.kind === 'unavailable');
      this.logger.error(`${this.worker.name} stands still: ${this.error}`);
      return 0;
    }
  }

  private arrive(checkpoint: bigint): void {
    // What was passed over unread is noted in the database with the next batch, so that may be behind.
    if (checkpoint > this.checkpoint) this.checkpoint = checkpoint;
    const isPassedOver = this.nothingAbove <= this.checkpoint && this.checkpoint < this.heardTo;
    if (isPassedOver) this.checkpoint = this.heardTo;
    this.pace.note(this.checkpoint);
    const [here, notYet] = [[] as Waiter[], [] as Waiter[]];
    for (const waiter of this.waiters)
      (waiter.position <= this.checkpoint ? here : notYet).push(waiter);
    this.waiters = notYet;
    here.forEach(({ resolve }) => {
      resolve();
    });
  }

  private async rest(ms: number): Promise<void> {
    if (this.woken && !this.isPoisoned) return;
    await new Promise<void>((resolve) => {
      const timer = setTimeout(resolve, ms);
      this.wakeUp = () => {
        if (this.isPoisoned && !this.stopped) return;
        clearTimeout(timer);
        resolve();
      };
    });
  }
}

function reasonOf(error: Error & { code?: unknown }): string {
  if (error instanceof DomainError) return error.message;

  return typeof error.code === 'string'
    ? `the database refused it (${error.code})`
    : `its code failed (${error.name})`;
}
