import type { CloudEvent } from '../../../src/kernel/index.js';
import { eventually } from '../../support/app.js';

export interface Heard {
  readonly id: string;
  readonly event: string;
  readonly data: CloudEvent;
}

/** A reader of Server-Sent Events, of our own, that understands no more than it must. */
export class Listener {
  readonly heard: Heard[] = [];
  readonly comments: string[] = [];
  retry = '';
  /** When the other side ended it. */
  readonly ended: Promise<void>;

  private constructor(
    readonly answer: Response,
    private readonly leaving: AbortController,
  ) {
    this.ended = this.read().catch(() => undefined);
  }

  static async open(
    url: string,
    namespace: string,
    { query = '', lastId, key }: { query?: string; lastId?: string; key?: string } = {},
  ): Promise<Listener> {
    const leaving = new AbortController();
    const headers = {
      'x-namespace': namespace,
      ...(lastId ? { 'last-event-id': lastId } : {}),
      ...(key ? { authorization: `Bearer ${key}` } : {}),
    };
    const answer = await fetch(`${url}/events/stream${query}`, { headers, signal: leaving.signal });

    return new Listener(answer, leaving);
  }

  async hears(count: number): Promise<Heard[]> {
    await eventually(
      () => Promise.resolve(this.heard.length),
      (so_far) => so_far >= count,
    );
    return this.heard;
  }

  async leave(): Promise<void> {
    this.leaving.abort();
    await this.ended;
  }

  private async read(): Promise<void> {
    let text = '';
    const decoder = new TextDecoder();
    for await (const chunk of this.answer.body ?? []) {
      text += decoder.decode(chunk, { stream: true });
      const blocks = text.split('\n\n');
      text = blocks.pop() ?? '';
      blocks.forEach((block) => {
        this.take(block);
      });
    }
  }

  private take(block: string): void {
    if (block.startsWith(':')) {
      this.comments.push(block);
      return;
    }
    const fields = Object.fromEntries(
      block.split('\n').map((line) => line.split(/: (.*)/s).slice(0, 2) as [string, string]),
    );
    if (fields.retry !== undefined) this.retry = fields.retry;
    if (fields.data === undefined) return;
    const { id = '', event = '', data } = fields;
    this.heard.push({ id, event, data: JSON.parse(data) as CloudEvent });
  }
}
