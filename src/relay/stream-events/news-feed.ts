import { Followers, type Step, type Worker } from '#event-store';
import { Injectable } from '@nestjs/common';
import { OUTBOX_WRITERS } from '../outbox-writers.js';
import { NotificationReader, type Listening } from '../read-model/notification.reader.js';

interface Waiter {
  readonly namespace: string;
  readonly after: number;
  readonly wake: () => void;
}

/** One look at the outbox for all streams together; each reads only when there is something for it. */
@Injectable()
export class NewsFeed implements Worker {
  readonly name = 'event-streams';
  private readonly waiters = new Set<Waiter>();

  constructor(
    private readonly notifications: NotificationReader,
    private readonly followers: Followers,
  ) {
    followers.employ(this, ...OUTBOX_WRITERS);
  }

  async step(): Promise<Step> {
    const waiting = [...this.waiters];
    const namespaces = new Set(waiting.map(({ namespace }) => namespace));
    if (namespaces.size === 0) return { checkpoint: 0n, applied: 0 };
    const latest = await this.notifications.latestOf([...namespaces]);
    const moved = waiting.filter(({ namespace, after }) => (latest.get(namespace) ?? 0) > after);
    moved.forEach(({ wake }) => {
      wake();
    });

    return { checkpoint: 0n, applied: moved.length };
  }

  /** Whether there is more to read; false when there was not within `patienceMs`, or on `signal`. */
  hasMore(
    { namespace, after }: Listening,
    patienceMs: number,
    signal: AbortSignal,
  ): Promise<boolean> {
    return new Promise((resolve) => {
      const end = (isMore: boolean): void => {
        clearTimeout(timer);
        signal.removeEventListener('abort', giveUp);
        this.waiters.delete(waiter);
        resolve(isMore);
      };
      const giveUp = (): void => {
        end(false);
      };
      const waiter = {
        namespace,
        after,
        wake: () => {
          end(true);
        },
      };
      const timer = setTimeout(giveUp, patienceMs);
      signal.addEventListener('abort', giveUp);
      this.waiters.add(waiter);
      if (signal.aborted) giveUp();
      // Something may have been committed since it read, before it waited here.
      else this.followers.wake(this);
    });
  }
}
