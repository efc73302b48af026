import { Followers, type Step, type Worker } from '#event-store';
import { Injectable } from '@nestjs/common';
import { VectorMaker } from '../embed-memories/vector-maker.js';
import { Spaces } from '../read-model/spaces.js';

/** Makes the vectors of the space that is being filled; whoever waits for another one overtakes it. */
@Injectable()
export class SpaceFiller implements Worker {
  readonly name = 'space-filler';
  private readonly stopping = new AbortController();

  constructor(
    private readonly spaces: Spaces,
    private readonly maker: VectorMaker,
    followers: Followers,
  ) {
    followers.employ(this);
  }

  async step(): Promise<Step> {
    const { filling } = this.spaces;
    const { signal } = this.stopping;
    const applied = filling ? await this.maker.make(filling, { signal, isTold: false }) : 0;

    return { checkpoint: 0n, applied };
  }

  giveUp(): void {
    this.stopping.abort();
  }
}
