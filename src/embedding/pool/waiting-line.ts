import { overloaded } from '#kernel';
import { type Embedding, type EmbedOptions } from '../embedder.js';

type Priority = EmbedOptions['priority'];

/** A text on its way through the pool. */
export class Job {
  readonly read: Promise<Embedding>;
  /** Whether a process already ended over it. */
  retried = false;
  resolve!: (embedding: Embedding) => void;
  reject!: (error: unknown) => void;

  constructor(
    readonly text: string,
    readonly priority: Priority,
  ) {
    this.read = new Promise((resolve, reject) => {
      this.resolve = resolve;
      this.reject = reject;
    });
  }
}

/** Two queues of bounded length; whoever waits for a query overtakes every ingest. */
export class WaitingLine {
  readonly #jobs: Record<Priority, Job[]> = { query: [], ingest: [] };

  constructor(private readonly limit: number) {}

  /** @throws DomainError `embedding.overloaded` when `limit` others of the same priority wait. */
  admit(priority: Priority): void {
    if (this.#jobs[priority].length < this.limit) return;

    throw overloaded(
      'embedding.overloaded',
      'Too many texts are waiting for their embedding; ask again in a moment.',
    );
  }

  add(job: Job): void {
    this.#jobs[job.priority].push(job);
  }

  putBack(job: Job): void {
    this.#jobs[job.priority].unshift(job);
  }

  next(): Job | undefined {
    return this.#jobs.query.shift() ?? this.#jobs.ingest.shift();
  }

  /** Rejects these, whether they wait or are being read. */
  dismiss(jobs: ReadonlySet<Job>, reason: unknown): void {
    this.#jobs.query = this.#jobs.query.filter((job) => !jobs.has(job));
    this.#jobs.ingest = this.#jobs.ingest.filter((job) => !jobs.has(job));
    for (const job of jobs) job.reject(reason);
  }

  /** Rejects all that wait. */
  dismissAll(reason: unknown): void {
    this.dismiss(new Set([...this.#jobs.query, ...this.#jobs.ingest]), reason);
  }
}
