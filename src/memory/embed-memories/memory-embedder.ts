import { Followers, type Step, type Worker } from '#event-store';
import { Injectable } from '@nestjs/common';
import { Spaces } from '../read-model/spaces.js';
import { VectorMaker } from './vector-maker.js';

/**
 * Embeds what was stored, behind everybody's back: a store never waits for a model, and a model that
 * fails never loses an execution.
 */
@Injectable()
export class MemoryEmbedder implements Worker {
  readonly name = 'memory-embedder';
  private readonly stopping = new AbortController();

  constructor(
    private readonly spaces: Spaces,
    private readonly maker: VectorMaker,
    followers: Followers,
  ) {
    followers.employ(this);
  }

  async step(): Promise<Step> {
    const { signal } = this.stopping;
    const applied = await this.maker.make(this.spaces.current, { signal, isTold: true });

    return { checkpoint: 0n, applied };
  }

  giveUp(): void {
    this.stopping.abort();
  }
}
