import type { Followers, Step, Worker } from '#event-store';
import type { OpenSpace } from '../read-model/spaces.js';
import type { VectorMaker } from './vector-maker.js';

/** Whose vectors are made; null while there are none to make. */
interface Task {
  readonly name: string;
  readonly space: () => OpenSpace | null;
  /** Whether others hear of what failed. */
  readonly isTold: boolean;
}

/** Makes the vectors of one space, batch by batch, behind everybody's back. */
export abstract class VectorWorker implements Worker {
  readonly name: string;
  private readonly stopping = new AbortController();

  constructor(
    private readonly task: Task,
    private readonly maker: VectorMaker,
    followers: Followers,
  ) {
    this.name = task.name;
    followers.employ(this);
  }

  async step(): Promise<Step> {
    const space = this.task.space();
    const { signal } = this.stopping;
    const { isTold } = this.task;
    const applied = space ? await this.maker.make(space, { signal, isTold }) : 0;

    return { checkpoint: 0n, applied };
  }

  giveUp(): void {
    this.stopping.abort();
  }
}
