import { unavailable, type DomainError } from '#kernel';
import { setTimeout as pause } from 'node:timers/promises';
import { type Embedding, type EmbedOptions } from '../embedder.js';
import { ModelProcess, ProcessEnded, type Model } from './model-process.js';
import { Job, WaitingLine } from './waiting-line.js';

/** How long a model may take to load and read its first words, in milliseconds. */
const START_TIMEOUT_MS = 60_000;
const FIRST_PAUSE_MS = 250;
const LONGEST_PAUSE_MS = 30_000;

interface Limits {
  /** Texts of one priority that may wait before the next call is refused. */
  readonly waiting: number;
  /** How long a process may read one text before it is killed, in milliseconds. */
  readonly timeoutMs: number;
}

/** Processes with a model in them, each reading one text at a time, and a line before them. */
export class ModelPool {
  readonly #line: WaitingLine;
  readonly #processes = new Set<ModelProcess>();
  readonly #idle = new Set<ModelProcess>();
  readonly #closing = new AbortController();
  /** Processes that ended since a text was last read. */
  #deaths = 0;
  /** Why nothing can be read, while nothing can. */
  #refusal: DomainError | null = null;

  constructor(
    private readonly model: Model,
    private readonly limits: Limits = { waiting: 5_000, timeoutMs: 10_000 },
  ) {
    this.#line = new WaitingLine(limits.waiting);
  }

  /** Why nothing can be read, while nothing can. */
  get refusal(): DomainError | null {
    return this.#refusal;
  }

  /** The processes that are loading or ready. */
  get pids(): number[] {
    return [...this.#processes].flatMap(({ pid }) => pid ?? []);
  }

  /** Resolves when all processes are warm. @throws ProcessEnded, DomainError when one is not. */
  async start(processes: number): Promise<void> {
    const started = Array.from({ length: processes }, () => this.#launch());
    const ready = await Promise.all(started);
    for (const process of ready) void this.#keep(process);
  }

  /** As `Embedder.embed`; a call is taken on whole, or refused whole. */
  async embed(texts: readonly string[], { priority, signal }: EmbedOptions): Promise<Embedding[]> {
    signal?.throwIfAborted();
    if (this.#refusal !== null) throw this.#refusal;
    this.#line.admit(priority);

    const jobs = texts.map((text) => new Job(text, priority));
    const giveUp = (): void => {
      this.#line.dismiss(new Set(jobs), signal?.reason);
    };
    signal?.addEventListener('abort', giveUp, { once: true });
    for (const job of jobs) this.#line.add(job);
    this.#dispatch();

    return Promise.all(jobs.map(({ read }) => read)).finally(() => {
      signal?.removeEventListener('abort', giveUp);
    });
  }

  async close(): Promise<void> {
    this.#closing.abort();
    this.#refuse('The service is stopping.');
    await Promise.all([...this.#processes].map((process) => process.stop()));
  }

  #dispatch(): void {
    for (const process of this.#idle) {
      const job = this.#line.next();
      if (!job) return;
      this.#idle.delete(process);
      void this.#work(process, job);
    }
  }

  async #work(process: ModelProcess, job: Job): Promise<void> {
    try {
      job.resolve(await process.run(job.text, this.limits.timeoutMs));
      this.#deaths = 0;
      this.#idle.add(process);
    } catch (error) {
      this.#lost(job, error);
    }
    this.#dispatch();
  }

  #lost(job: Job, error: unknown): void {
    if (!(error instanceof ProcessEnded)) job.reject(error);
    else if (job.retried) job.reject(failed('The embedding model ended while reading a text.'));
    else if (this.#refusal !== null) job.reject(this.#refusal);
    else this.#line.putBack(Object.assign(job, { retried: true }));
  }

  /** Adds a warm process to those that wait for texts. */
  async #launch(): Promise<ModelProcess> {
    const process = new ModelProcess(this.model);
    this.#processes.add(process);
    void process.ended.then(() => {
      this.#processes.delete(process);
      this.#idle.delete(process);
    });
    await process.run('warm up', START_TIMEOUT_MS);
    if (!this.#closing.signal.aborted) this.#refusal = null;
    this.#idle.add(process);
    this.#dispatch();

    return process;
  }

  /** Replaces a process that ended, and its replacement, for as long as the pool is open. */
  async #keep(first: ModelProcess): Promise<void> {
    await first.ended;
    while (await this.#open()) await this.#replacement();
  }

  /** Whether the pool is still open after a pause, longer with every death in a row. */
  async #open(): Promise<boolean> {
    const { signal } = this.#closing;
    this.#deaths += 1;
    await pause(pauseMs(this.#deaths), null, { signal }).catch(() => null);

    return !signal.aborted;
  }

  /** Resolves when the replacement, too, has ended or could not be started. */
  async #replacement(): Promise<void> {
    try {
      const process = await this.#launch();
      await process.ended;
    } catch {
      if (this.#processes.size === 0) this.#refuse('The embedding model cannot be started now.');
    }
  }

  #refuse(why: string): void {
    this.#refusal = failed(why);
    this.#line.dismissAll(this.#refusal);
  }
}

const failed = (why: string): DomainError => unavailable('embedding.failed', why);

/** None after the first death, for a kill is no sign of a broken model. */
const pauseMs = (deaths: number): number =>
  deaths === 1 ? 0 : Math.min(LONGEST_PAUSE_MS, FIRST_PAUSE_MS * 2 ** (deaths - 2));
