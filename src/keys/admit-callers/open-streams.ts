import { DomainError } from '#kernel';
import { type ServerResponse } from 'node:http';
import {
  Injectable,
  type OnApplicationBootstrap,
  type OnApplicationShutdown,
} from '@nestjs/common';
import { Doorkeeper } from './doorkeeper.js';

const LOOK_EVERY_MS = 250;
const STREAM = 'text/event-stream';

/** Streams outlive their admission: whose key was revoked, or rotated, is shown out within a second. */
@Injectable()
export class OpenStreams implements OnApplicationBootstrap, OnApplicationShutdown {
  private readonly open = new Map<ServerResponse, string>();
  private timer: NodeJS.Timeout | null = null;
  private isLooking = false;

  constructor(private readonly doorkeeper: Doorkeeper) {}

  onApplicationBootstrap(): void {
    if (!this.doorkeeper.asks) return;
    this.timer = setInterval(() => void this.look(), LOOK_EVERY_MS).unref();
  }

  onApplicationShutdown(): void {
    if (this.timer) clearInterval(this.timer);
  }

  /** Looks after an answer until it is over, which it is when its client left while it was admitted. */
  follow(response: ServerResponse, authorization: string): void {
    if (response.destroyed) return;
    this.open.set(response, authorization);
    response.once('close', () => this.open.delete(response));
  }

  private async look(): Promise<void> {
    if (this.isLooking) return;
    this.isLooking = true;
    const streams = [...this.open].filter(([response]) => isStream(response));
    for (const authorization of new Set(streams.map(([, key]) => key))) {
      if (await this.isRefused(authorization)) end(streams, authorization);
    }
    this.isLooking = false;
  }

  /** A database that does not answer is no reason to end anything. */
  private async isRefused(authorization: string): Promise<boolean> {
    try {
      await this.doorkeeper.admit(authorization);
      return false;
    } catch (error) {
      return error instanceof DomainError && error.kind === 'unauthenticated';
    }
  }
}

const isStream = (response: ServerResponse): boolean =>
  response.headersSent && String(response.getHeader('Content-Type')).startsWith(STREAM);

function end(streams: readonly (readonly [ServerResponse, string])[], refused: string): void {
  for (const [response, authorization] of streams) {
    if (authorization === refused) response.destroy();
  }
}
