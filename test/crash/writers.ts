import type { ServiceProcess } from '../support/process.js';
import { ask, execution, wait } from './api.js';

/** Clients that store without a pause, and remember what was acknowledged. */
export class Writers {
  /** Memory ids by execution id. */
  readonly acknowledged = new Map<string, string>();
  private isWriting = true;
  private readonly writing: Promise<void>[];

  /** @param target the service to speak to at the moment */
  constructor(
    count: number,
    private readonly target: (writer: number) => Pick<ServiceProcess, 'url'>,
    private readonly pauseMs = 0,
  ) {
    this.writing = Array.from({ length: count }, (_, writer) => this.write(writer));
  }

  async stop(): Promise<void> {
    this.isWriting = false;
    await Promise.all(this.writing);
  }

  /** One that was not acknowledged is said again, as any client would. */
  private async write(writer: number): Promise<void> {
    for (let n = 0; this.isWriting;) {
      const id = `writer-${String(writer)}`;
      const answer = await ask(this.target(writer), '/memory/store', execution(id, n));
      if (answer?.status === 201 || answer?.status === 200) {
        this.acknowledged.set(`${id}-${String(n)}`, String(answer.body.memory_id));
        n += 1;
      } else await wait(50);
      if (this.pauseMs > 0) await wait(this.pauseMs);
    }
  }
}
