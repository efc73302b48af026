import { Followers } from '#event-store';
import { Injectable } from '@nestjs/common';
import { Spaces } from '../read-model/spaces.js';
import { VectorMaker } from './vector-maker.js';
import { VectorWorker } from './vector-worker.js';

/**
 * Embeds what was stored, behind everybody's back: a store never waits for a model, and a model that
 * fails never loses an execution.
 */
@Injectable()
export class MemoryEmbedder extends VectorWorker {
  constructor(spaces: Spaces, maker: VectorMaker, followers: Followers) {
    const space = (): Spaces['asked'] => spaces.asked;
    super({ name: 'memory-embedder', space, isTold: true }, maker, followers);
  }
}
