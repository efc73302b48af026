import { overloaded, type CloudEvent, type DomainError } from '#kernel';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { Injectable, type BeforeApplicationShutdown } from '@nestjs/common';
import { type Response } from 'express';
import { NotificationReader, type Listening } from '../read-model/notification.reader.js';
import { RelayPace } from '../relay-pace.js';
import { NewsFeed } from './news-feed.js';

const MOST_STREAMS = 300;
/** So that one tenant cannot keep all others out. */
const MOST_OF_ONE = MOST_STREAMS / 3;
const PAGE = 100;
const MOST_LISTENERS = 20;
const HEADERS = {
  'Content-Type': 'text/event-stream; charset=utf-8',
  'Cache-Control': 'no-cache, no-transform',
  // It is good for this stream alone, so that a stopping service waits for nothing afterwards.
  Connection: 'close',
  'X-Accel-Buffering': 'no',
};
const COME_BACK_AFTER = 'retry: 2000\n\n';
const HEARTBEAT = ':\n\n';

/** Where a stream begins. */
export interface Beginning extends Omit<Listening, 'after'> {
  /** The last notification that was received; null: from now on. */
  readonly lastId: string | null;
}

/** Whose stream it is, and how it is ended. */
interface Open {
  readonly namespace: string;
  readonly ending: AbortController;
}

/** The streams of Server-Sent Events that are open. */
@Injectable()
export class EventStreams implements BeforeApplicationShutdown {
  private readonly open = new Map<Response, Open>();
  private isClosing = false;

  constructor(
    private readonly notifications: NotificationReader,
    private readonly feed: NewsFeed,
    private readonly pace: RelayPace,
  ) {}

  /**
   * Sends what there is to tell until the reader leaves or the service stops. It reads on when the
   * reader took what it had: nothing is gathered for the slow.
   * @throws DomainError `events.too_many_streams`, `events.too_many_of_namespace`,
   *   `database.unavailable` before anything was sent
   */
  async send(response: Response, beginning: Beginning): Promise<void> {
    const { signal } = this.begin(response, beginning.namespace);
    try {
      const after = await this.startOf(beginning);
      response.writeHead(200, HEADERS).flushHeaders();
      if (response.req.method === 'HEAD') {
        response.end();
        return;
      }
      // Whoever left, or lost the database with us, comes back and says what it had last.
      await pipeline(
        Readable.from(this.lines({ ...beginning, after }, signal), { highWaterMark: 1 }),
        response,
      ).catch(() => undefined);
    } finally {
      this.open.delete(response);
    }
  }

  beforeApplicationShutdown(): void {
    this.isClosing = true;
    for (const [response, { ending }] of this.open) {
      ending.abort();
      if (response.writableNeedDrain) response.destroy();
    }
  }

  private begin(response: Response, namespace: string): AbortController {
    if (this.isClosing || this.open.size >= MOST_STREAMS) throw tooManyStreams();
    if (this.openOf(namespace) >= MOST_OF_ONE) throw tooManyOfNamespace();
    const ending = new AbortController();
    this.open.set(response, { namespace, ending });
    // What sees it through, its pipeline most of all, listens eleven times, and warns of a leak at ten.
    response.setMaxListeners(MOST_LISTENERS);
    response.once('close', () => {
      ending.abort();
    });
    response.setTimeout(this.pace.patience, () => {
      response.destroy();
    });

    return ending;
  }

  private openOf(namespace: string): number {
    return [...this.open.values()].filter((one) => one.namespace === namespace).length;
  }

  private startOf({ namespace, lastId }: Beginning): Promise<number> {
    return lastId === null
      ? this.notifications.latest(namespace)
      : this.notifications.numberOf(namespace, lastId);
  }

  private async *lines(listening: Listening, signal: AbortSignal): AsyncGenerator<string> {
    let { after } = listening;
    yield COME_BACK_AFTER;
    while (!signal.aborted) {
      const { items, to, isLast } = await this.notifications.page({ ...listening, after }, PAGE);
      for (const { event } of items) yield asServerSent(event);
      after = to;
      if (!isLast) continue;
      const isMore = await this.feed.hasMore({ ...listening, after }, this.pace.heartbeat, signal);
      if (!isMore) yield HEARTBEAT;
    }
  }
}

const asServerSent = (event: CloudEvent): string =>
  `id: ${event.id}\nevent: ${event.type}\ndata: ${JSON.stringify(event)}\n\n`;

const tooManyStreams = (): DomainError =>
  overloaded('events.too_many_streams', 'Too many streams are open. Try again in a moment.');

const tooManyOfNamespace = (): DomainError =>
  overloaded(
    'events.too_many_of_namespace',
    `${String(MOST_OF_ONE)} streams of this namespace are open, and that is most. Try again in a moment.`,
  );
