import { unavailable } from '#kernel';
import { fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { finished } from 'node:stream/promises';
import { type Embedding } from '../embedder.js';

/** How long a process may take to finish its text and leave, in milliseconds. */
const GRACE_MS = 5_000;

const REASON_CHARS = 4_000;

/** The process ended before it answered; `message` is what it said last. */
export class ProcessEnded extends Error {
  override readonly name = 'ProcessEnded';
}

interface Run {
  resolve(embedding: Embedding): void;
  reject(error: Error): void;
}

/** What every process of a pool has in it. */
export interface Model {
  /** Path of a folder with tokenizer.json, config.json and onnx/model_quantized.onnx. */
  readonly folder: string;
  readonly maxTokens: number;
}

/** A forked process with a model in it: running one blocks its thread, and may crash it. */
export class ModelProcess {
  /** Resolves when the process is gone, whatever ended it. */
  readonly ended: Promise<void>;
  readonly #child: ChildProcess;
  #run: Run | null = null;
  #stopping = false;
  #late = false;
  #said = '';

  constructor({ folder, maxTokens }: Model) {
    this.#child = fork(new URL('./child.mjs', import.meta.url), [folder, String(maxTokens)], {
      execArgv: [],
      serialization: 'advanced',
      // The parent's own streams are nothing to inherit: a pipe would stay open as long as a child.
      stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
    });
    this.#child.stderr?.setEncoding('utf8').on('data', (said: string) => {
      this.#said = (this.#said + said).slice(-REASON_CHARS);
    });
    this.#child.on('message', (answer) => {
      this.#answered(answer as Embedding);
    });
    // Not `close`: a channel that was closed on this side keeps it from ever being emitted.
    this.ended = Promise.allSettled([
      once(this.#child, 'exit'),
      this.#child.stderr && finished(this.#child.stderr),
    ]).then(() => undefined);
    this.#child.on('error', () => undefined);
    void this.ended.then(() => {
      this.#settle()?.reject(this.#late ? timedOut() : new ProcessEnded(lastError(this.#said)));
    });
  }

  get pid(): number | undefined {
    return this.#child.pid;
  }

  /**
   * Embeds a text; one at a time. A process that takes longer than `timeoutMs` is killed.
   * @throws ProcessEnded, or DomainError `embedding.timed_out`
   */
  async run(text: string, timeoutMs: number): Promise<Embedding> {
    const timer = setTimeout(() => {
      this.#late = true;
      this.#child.kill('SIGKILL');
    }, timeoutMs);

    try {
      return await new Promise<Embedding>((resolve, reject) => {
        this.#run = { resolve, reject };
        // A text that cannot be sent finds a process that is ending, which settles the run.
        this.#child.send(text, () => undefined);
      });
    } finally {
      clearTimeout(timer);
    }
  }

  /** Lets the process finish its text, and resolves when it is gone. */
  async stop(): Promise<void> {
    this.#stopping = true;
    if (this.#run === null) this.#dismiss();
    const timer = setTimeout(() => this.#child.kill('SIGKILL'), GRACE_MS);
    await this.ended;
    clearTimeout(timer);
  }

  #answered({ vector, truncated }: Embedding): void {
    const run = this.#settle();
    if (this.#stopping) this.#dismiss();
    run?.resolve({ vector: Float32Array.from(vector), truncated });
  }

  #settle(): Run | null {
    const run = this.#run;
    this.#run = null;

    return run;
  }

  #dismiss(): void {
    if (this.#child.connected) this.#child.disconnect();
  }
}

const timedOut = (): Error =>
  unavailable('embedding.timed_out', 'The embedding model took too long to read a text.');

/** The line of a stack trace that says what happened. */
const lastError = (said: string): string =>
  /^\w*Error\b.*$/m.exec(said)?.[0] ?? 'its process ended without a word';
