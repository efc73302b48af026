import type { Embedding } from '#embedding';
import { Clock, DomainError } from '#kernel';
import { Injectable, Logger } from '@nestjs/common';
import { embeddedText } from '../domain/embedded-text.js';
import type { PendingMemory } from '../read-model/pending-vectors.js';
import type { OpenSpace } from '../read-model/spaces.js';

const BATCH = 32;

/** For whom vectors are made, and until when. */
interface Order {
  readonly signal: AbortSignal;
  /** Whether others hear of what failed: not where the memory has a vector that is searched. */
  readonly isTold: boolean;
}

/** Makes the vectors that memories wait for in a space, a batch at a time. */
@Injectable()
export class VectorMaker {
  private readonly logger = new Logger(VectorMaker.name);

  constructor(private readonly clock: Clock) {}

  /** One batch; gives how many it took on. */
  async make(space: OpenSpace, order: Order): Promise<number> {
    const claimed = await space.pending.claim(BATCH);
    const fresh = claimed.filter(({ attempts }) => attempts === 1);
    const again = claimed.filter(({ attempts }) => attempts > 1);
    // What failed in company is tried alone: one bad text must not hold back the others for ever.
    for (const group of [fresh, ...again.map((memory) => [memory])]) {
      await this.embed(space, group, order);
    }

    return claimed.length;
  }

  private async embed(
    space: OpenSpace,
    memories: readonly PendingMemory[],
    order: Order,
  ): Promise<void> {
    if (memories.length === 0) return;
    const texts = memories.map(({ description, execution_summary }) =>
      embeddedText(description, execution_summary),
    );
    const { signal } = order;
    let embeddings: Embedding[];
    try {
      embeddings = await space.embedder.embed(texts, { priority: 'ingest', signal });
    } catch (error) {
      // Nothing failed: the next start frees the claim.
      if (signal.aborted) return;
      await this.fail(space, memories, error, order);
      return;
    }
    await space.pending.settle(
      memories.flatMap((memory, index) => {
        const embedding = embeddings[index];
        return embedding ? [{ memory, embedding }] : [];
      }),
    );
  }

  private async fail(
    { pending }: OpenSpace,
    memories: readonly PendingMemory[],
    error: unknown,
    { isTold }: Order,
  ): Promise<void> {
    const code = error instanceof DomainError ? error.code : 'embedding.failed';
    this.logger.warn(`${String(memories.length)} memories wait for their vector: ${code}`);
    await pending.postpone(memories, code, isTold ? this.clock.now() : null);
  }
}
