import type { OnApplicationBootstrap, OnApplicationShutdown } from '@nestjs/common';

const EVERY_MS = 60 * 60_000;

/** Removes, once an hour, what has had its time. */
export abstract class Sweep implements OnApplicationBootstrap, OnApplicationShutdown {
  private timer: NodeJS.Timeout | null = null;

  abstract sweep(): Promise<void>;

  onApplicationBootstrap(): void {
    // A round that fails is no loss: the next one does its work.
    this.timer = setInterval(() => void this.sweep().catch(() => undefined), EVERY_MS).unref();
  }

  onApplicationShutdown(): void {
    if (this.timer) clearInterval(this.timer);
  }
}
