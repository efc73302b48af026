import { Followers } from '#event-store';
import { Injectable } from '@nestjs/common';
import { VectorMaker } from '../embed-memories/vector-maker.js';
import { VectorWorker } from '../embed-memories/vector-worker.js';
import { Spaces } from '../read-model/spaces.js';

/** Makes the vectors of the space that is being filled; whoever waits for another one overtakes it. */
@Injectable()
export class SpaceFiller extends VectorWorker {
  constructor(spaces: Spaces, maker: VectorMaker, followers: Followers) {
    const space = (): Spaces['filling'] => spaces.filling;
    super({ name: 'space-filler', space, isTold: false }, maker, followers);
  }
}
