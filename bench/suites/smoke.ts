import { type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { z } from 'zod';
import { type Api, type NewExecution } from '../api.js';
import { type Asked, type Mode } from '../arguments.js';
import { percentile } from '../metrics.js';
import { goThrough } from '../progress.js';
import { readRecords } from '../records.js';
import { remember } from '../remember.js';
import { withService } from '../service.js';
import { timed, type Figures, type Outcome, type Suite } from '../suite.js';

const CLIENTS = 4;
const PROBE = pathToFileURL(resolve('dist/bench/event-loop-probe.js')).href;

const taskRecord = z.object({ id: z.string(), task_type: z.string(), text: z.string() });
type Task = z.output<typeof taskRecord>;

/** How late the service's event loop was, in milliseconds; what the probe answers. */
interface EventLoopDelay {
  readonly p50: number;
  readonly p99: number;
  readonly max: number;
}

/** Does it answer, promptly and without an error, while others go on storing? */
export const smoke: Suite = {
  records: 'given',
  bars: () => ({ errors: { atMost: 0 }, event_loop_p99_ms: { atMost: 20 } }),

  async run({ data, embedder, mode }: Asked): Promise<Outcome> {
    const tasks = await readRecords(data, 'tasks.jsonl', taskRecord);
    const measure = async (api: Api, service: ChildProcess): Promise<[Load, EventLoopDelay]> => {
      const load = new Load(api, tasks, mode);
      service.send('begin');
      await load.run();
      service.send('end');
      const [delay] = (await once(service, 'message')) as [EventLoopDelay];
      return [load, delay];
    };

    return withService(
      embedder,
      async ({ api, process: service, database }) => {
        const { model_key } = await api.search({ task_description: 'anything', mode });
        await remember(
          api,
          tasks.map((task) => attempt(task, 0)),
        );
        const [load, delay] = await measure(api, service);

        return {
          n: tasks.length,
          metrics: { ...load.figures(), ...delayFigures(delay) },
          slices: {},
          latencies: load.searches,
          modelKey: model_key,
          database,
        };
      },
      PROBE,
    );
  },
};

/** One client that stores and searches once a task, and four others that store until it is done. */
class Load {
  readonly searches: number[] = [];
  private readonly stores: number[] = [];
  private readonly errors: unknown[] = [];
  private attempts = 0;
  private seconds = 0;
  private isOver = false;

  constructor(
    private readonly api: Api,
    private readonly tasks: readonly Task[],
    private readonly mode: Mode,
  ) {}

  async run(): Promise<void> {
    const start = performance.now();
    const clients = Array.from({ length: CLIENTS }, () => this.goOnStoring());
    await goThrough('Storing and searching', this.tasks, async (task) => {
      await this.store(task);
      await this.search(task);
    });
    this.isOver = true;
    await Promise.all(clients);
    this.seconds = (performance.now() - start) / 1000;
    if (this.errors.length > 0) process.stderr.write(`First error: ${String(this.errors[0])}\n`);
  }

  figures(): Figures {
    return {
      errors: this.errors.length,
      stores: this.stores.length,
      stores_per_second: this.stores.length / this.seconds,
      store_p50_ms: percentile(this.stores, 50),
      store_p95_ms: percentile(this.stores, 95),
      search_p50_ms: percentile(this.searches, 50),
      search_p95_ms: percentile(this.searches, 95),
    };
  }

  private async goOnStoring(): Promise<void> {
    while (!this.isOver) {
      const task = this.tasks[this.attempts % this.tasks.length];
      if (task) await this.store(task);
    }
  }

  private store(task: Task): Promise<void> {
    this.attempts += 1;
    return this.counted(this.stores, () => this.api.store(attempt(task, this.attempts)));
  }

  private search({ text }: Task): Promise<void> {
    return this.counted(this.searches, async () => {
      const { items } = await this.api.search({ task_description: text, mode: this.mode });
      if (items.length === 0) throw new Error('A search for what is stored found nothing.');
    });
  }

  private async counted(latencies: number[], work: () => Promise<void>): Promise<void> {
    try {
      await timed(latencies, work);
    } catch (error) {
      this.errors.push(error);
    }
  }
}

/** An execution whose text nobody stored before: a remembered vector would be no work. */
const attempt = ({ id, task_type, text }: Task, number: number): NewExecution => ({
  task_id: id,
  execution_summary: `${text} (attempt ${number})`,
  success: number % 3 !== 0,
  task: { type: task_type, description: text },
});

const delayFigures = ({ p50, p99, max }: EventLoopDelay): Figures => ({
  event_loop_p50_ms: p50,
  event_loop_p99_ms: p99,
  event_loop_max_ms: max,
});
