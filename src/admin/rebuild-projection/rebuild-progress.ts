import { Rebuilds } from '#event-store';
import type { ServerSentEvent } from '#rest';
import { Injectable, type BeforeApplicationShutdown } from '@nestjs/common';
import { rebuildAnswer } from './rebuild.response.js';

const LOOK_EVERY_MS = 250;

/** Tells how a rebuild goes on. */
@Injectable()
export class RebuildProgress implements BeforeApplicationShutdown {
  private isStopping = false;

  constructor(private readonly rebuilds: Rebuilds) {}

  beforeApplicationShutdown(): void {
    this.isStopping = true;
  }

  /**
   * Every change, until the rebuild is over or waits to be swapped.
   * @throws DomainError `rebuild.unknown`
   */
  async *follow(id: string): AsyncGenerator<ServerSentEvent> {
    let last = '';
    for (;;) {
      const rebuild = await this.rebuilds.find(id);
      const data = JSON.stringify(rebuildAnswer(rebuild));
      if (data !== last) yield { event: rebuild.status, data };
      last = data;
      const isWaiting = rebuild.status === 'ready' && !rebuild.swap;
      if (rebuild.ended_at !== null || isWaiting || this.isStopping) return;
      await new Promise((resolve) => setTimeout(resolve, LOOK_EVERY_MS));
    }
  }
}
