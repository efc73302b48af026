import type { ServiceProcess } from '../support/process.js';
import { ask, wait, type Answer } from './api.js';

/** Clients that read without a pause: nothing may fail, be empty, or be older than what was seen. */
export class Readers {
  reads = 0;
  errors = 0;
  firstError?: string;
  stepsBack = 0;
  private isReading = true;
  private isPaused = false;
  private newest = '';
  private readonly evidence = new Map<string, number>();
  private readonly reading: Promise<void>[];

  constructor(
    count: number,
    private readonly target: () => Pick<ServiceProcess, 'url'>,
  ) {
    this.reading = Array.from({ length: count }, (_, reader) => this.read(reader));
  }

  /** Nobody can read from a service that is dead; that is no error of the rebuild. */
  pause(): void {
    this.isPaused = true;
  }

  goOn(): void {
    this.isPaused = false;
  }

  async stop(): Promise<void> {
    this.isReading = false;
    await Promise.all(this.reading);
  }

  private async read(reader: number): Promise<void> {
    while (this.isReading) {
      if (this.isPaused) {
        await wait(50);
        continue;
      }
      await (reader % 2 === 0 ? this.readMemories() : this.readPatterns());
      await wait(10);
    }
  }

  private async readMemories(): Promise<void> {
    const seen = this.newest;
    const [latest] = this.itemsOf(await ask(this.target(), '/memory/executions?limit=1'));
    if (latest === undefined) return;
    const learnedAt = String(latest.learned_at);
    if (learnedAt < seen) this.stepsBack += 1;
    if (learnedAt > this.newest) this.newest = learnedAt;
  }

  private async readPatterns(): Promise<void> {
    const seen = new Map(this.evidence);
    for (const pattern of this.itemsOf(await ask(this.target(), '/memory/patterns?limit=10'))) {
      const { successes, failures } = pattern.evidence as { successes: number; failures: number };
      const id = String(pattern.pattern_id);
      const count = successes + failures;
      if (count < (seen.get(id) ?? 0)) this.stepsBack += 1;
      this.evidence.set(id, Math.max(count, this.evidence.get(id) ?? 0));
    }
  }

  /** An answer without items, where there were some, is an error. */
  private itemsOf(answer: Answer): Record<string, unknown>[] {
    if (this.isPaused) return [];
    this.reads += 1;
    const items = (answer?.status === 200 ? answer.body.items : []) as Record<string, unknown>[];
    if (items.length === 0) {
      this.firstError ??= `; the first that failed: ${JSON.stringify(answer)}`;
      this.errors += 1;
    }

    return items;
  }
}
