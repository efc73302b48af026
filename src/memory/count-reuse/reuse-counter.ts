import { EventStore } from '#event-store';
import { Clock, ownCaller } from '#kernel';
import { Injectable, Logger, type OnApplicationShutdown } from '@nestjs/common';

const GATHER_MS = 1_000;
/** An event's data is at most 256 KiB; a memory takes about 44 bytes of it. */
const MOST_IN_ONE = 4_000;

/**
 * Counts which memories were returned, and writes one event a namespace and second instead of one a
 * search. A kill may lose the last second; a shutdown does not.
 */
@Injectable()
export class ReuseCounter implements OnApplicationShutdown {
  private readonly logger = new Logger(ReuseCounter.name);
  private gathered = new Map<string, Map<string, number>>();
  private timer: NodeJS.Timeout | null = null;
  private stopping = false;

  constructor(
    private readonly store: EventStore,
    private readonly clock: Clock,
  ) {}

  count(namespace: string, memoryIds: readonly string[]): void {
    for (const id of memoryIds) this.add(namespace, id, 1);
  }

  /** What cannot be written now is lost, as with a kill: nobody is there to write it later. */
  async onApplicationShutdown(): Promise<void> {
    this.stopping = true;
    await this.write();
  }

  private add(namespace: string, memoryId: string, times: number): void {
    const counts = this.gathered.get(namespace) ?? new Map<string, number>();
    this.gathered.set(namespace, counts);
    counts.set(memoryId, (counts.get(memoryId) ?? 0) + times);
    if (!this.stopping) this.timer ??= setTimeout(() => void this.write(), GATHER_MS);
  }

  private async write(): Promise<void> {
    if (this.timer) clearTimeout(this.timer);
    this.timer = null;
    const gathered = this.gathered;
    this.gathered = new Map();
    for (const [namespace, counts] of gathered) {
      const all = [...counts];
      for (let start = 0; start < all.length; start += MOST_IN_ONE) {
        await this.append(namespace, all.slice(start, start + MOST_IN_ONE));
      }
    }
  }

  /** What could not be written is counted again, to be written later. */
  private async append(namespace: string, counts: readonly [string, number][]): Promise<void> {
    const data = { memories: Object.fromEntries(counts), at: this.clock.now().toISOString() };
    try {
      await this.store.append({
        caller: ownCaller(namespace),
        writes: [
          { stream: 'usage-memories', expected: 'any', events: [{ type: 'memory.reused', data }] },
        ],
        keys: [],
        result: {},
        causationId: null,
      });
    } catch (error) {
      this.logger.warn(`Counts of reuse have to wait: ${(error as Error).message}`);
      for (const [id, times] of counts) this.add(namespace, id, times);
    }
  }
}
