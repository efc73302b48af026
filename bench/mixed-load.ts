import { setTimeout as sleep } from 'node:timers/promises';
import { type Api, type Question } from './api.js';
import { some } from './made-texts.js';
import { percentile } from './metrics.js';
import { goThrough } from './progress.js';
import { timed, type Figures } from './suite.js';

/** Clients that store and search in turn, each again as soon as it is answered. */
export class MixedLoad {
  readonly searches: number[] = [];
  private readonly stores: number[] = [];
  private readonly errors: unknown[] = [];
  private isCounted = false;
  private isOver = false;
  private asked = 0;

  /** @param texts what is stored, a new one each time */
  constructor(
    private readonly api: Api,
    private readonly questions: readonly Question[],
    private readonly texts: Iterator<string, never, undefined>,
  ) {}

  /** Figures of `seconds`, after others that are not counted but for their errors. */
  async run(clients: number, warmUp: number, seconds: number): Promise<Figures> {
    const running = Array.from({ length: clients }, () => this.goOn());
    let start = 0;
    const all = Array.from({ length: warmUp + seconds }, (_, second) => second);
    await goThrough('Storing and searching', all, async (second) => {
      if (second === warmUp) {
        this.isCounted = true;
        start = performance.now();
      }
      await sleep(1_000);
    });
    this.isCounted = false;
    const took = (performance.now() - start) / 1_000;
    this.isOver = true;
    await Promise.all(running);
    if (this.errors.length > 0) process.stderr.write(`First error: ${String(this.errors[0])}\n`);

    return this.figures(took);
  }

  private figures(seconds: number): Figures {
    return {
      errors: this.errors.length,
      requests_per_second: (this.stores.length + this.searches.length) / seconds,
      store_p50_ms: percentile(this.stores, 50),
      store_p99_ms: percentile(this.stores, 99),
      search_p50_ms: percentile(this.searches, 50),
      search_p99_ms: percentile(this.searches, 99),
    };
  }

  private async goOn(): Promise<void> {
    while (!this.isOver) {
      await this.counted(this.stores, () => this.store());
      await this.counted(this.searches, () => this.search());
    }
  }

  private store(): Promise<void> {
    const [text = ''] = some(this.texts, 1);
    this.asked += 1;

    return this.api.store({
      task_id: `load-${this.asked}`,
      execution_summary: text,
      success: this.asked % 3 !== 0,
      task: { type: 'load' },
    });
  }

  private async search(): Promise<void> {
    const question = this.questions[this.asked % this.questions.length];
    if (!question) return;
    const { items } = await this.api.search(question);
    if (items.length === 0) throw new Error('A search for what is stored found nothing.');
  }

  private async counted(latencies: number[], work: () => Promise<void>): Promise<void> {
    const took: number[] = [];
    try {
      await timed(took, work);
      if (this.isCounted) latencies.push(...took);
    } catch (error) {
      this.errors.push(error);
    }
  }
}
