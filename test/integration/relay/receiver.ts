import { createHmac } from 'node:crypto';
import { once } from 'node:events';
import {
  createServer,
  type IncomingHttpHeaders,
  type Server,
  type ServerResponse,
} from 'node:http';
import type { AddressInfo } from 'node:net';
import type { CloudEvent } from '../../../src/kernel/index.js';
import { eventually } from '../../support/app.js';

export interface Delivery {
  readonly path: string;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
  readonly event: CloudEvent;
}

export type Answering = (response: ServerResponse) => void;

export const answers =
  (status: number, headers: Record<string, string> = {}): Answering =>
  (response) => {
    response.writeHead(status, headers).end('whatever');
  };

export const neverAnswers: Answering = () => undefined;

/** A receiver of webhooks, of our own; it takes everything unless `replies` says otherwise. */
export class Receiver {
  readonly deliveries: Delivery[] = [];
  readonly replies: Answering[] = [];
  usual: Answering = answers(204);
  private readonly server: Server = createServer((request, response) => {
    let body = '';
    request.setEncoding('utf8').on('data', (text: string) => {
      body += text;
    });
    request.on('end', () => {
      const { url: path = '', headers } = request;
      this.deliveries.push({ path, headers, body, event: JSON.parse(body) as CloudEvent });
      (this.replies.shift() ?? this.usual)(response);
    });
  });

  async open(): Promise<string> {
    this.server.listen(0, '127.0.0.1');
    await once(this.server, 'listening');
    return `http://127.0.0.1:${String((this.server.address() as AddressInfo).port)}`;
  }

  async close(): Promise<void> {
    this.server.closeAllConnections();
    this.server.close();
    await once(this.server, 'close');
  }

  at(path: string): Delivery[] {
    return this.deliveries.filter((delivery) => delivery.path === path);
  }

  async gets(count: number, path: string): Promise<Delivery[]> {
    await eventually(
      () => Promise.resolve(this.at(path).length),
      (so_far) => so_far >= count,
    );
    return this.at(path);
  }
}

export const taskIds = (deliveries: readonly Delivery[]): unknown[] =>
  deliveries.map(({ event }) => event.data.task_id);

/** Whether a delivery is what it says, as the Standard Webhooks have it; nothing of ours helps. */
export function isGenuine({ headers, body }: Delivery, secret: string): boolean {
  const key = Buffer.from(secret.replace(/^whsec_/, ''), 'base64');
  const signed = [headers['webhook-id'], headers['webhook-timestamp'], body].join('.');
  const expected = createHmac('sha256', key).update(signed).digest('base64');
  const isRecent = Math.abs(Date.now() / 1_000 - Number(headers['webhook-timestamp'])) < 300;

  return isRecent && headers['webhook-signature'] === `v1,${expected}`;
}
