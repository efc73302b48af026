import { type Response } from 'express';

/** One event of a stream, as the HTML standard has them. */
export interface ServerSentEvent {
  readonly id?: string;
  readonly event: string;
  /** One line. */
  readonly data: string;
}

/**
 * Sends events as they come and ends when they do, or when nobody listens any more. Whatever is thrown
 * before the first event is an answer like any other.
 */
export async function sendEvents(
  response: Response,
  events: AsyncIterator<ServerSentEvent>,
): Promise<void> {
  let next = await events.next();
  response.status(200).type('text/event-stream').set('Cache-Control', 'no-cache').flushHeaders();
  while (next.done !== true && !response.destroyed) {
    response.write(framed(next.value));
    next = await events.next();
  }
  await events.return?.();
  response.end();
}

const framed = ({ id, event, data }: ServerSentEvent): string =>
  `${id === undefined ? '' : `id: ${id}\n`}event: ${event}\ndata: ${data}\n\n`;
