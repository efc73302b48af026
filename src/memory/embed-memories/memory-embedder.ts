import { Embedder, type Embedding } from '#embedding';
import { Followers, type Step, type Worker } from '#event-store';
import { Clock, DomainError } from '#kernel';
import { Injectable, Logger } from '@nestjs/common';
import { embeddedText } from '../domain/embedded-text.js';
import { vectorsOf } from '../read-model/memory-vectors.projection.js';
import { PendingVectors, type PendingMemory } from '../read-model/pending-vectors.js';

const BATCH = 32;

/**
 * Embeds what was stored, behind everybody's back: a store never waits for a model, and a model that
 * fails never loses an execution.
 */
@Injectable()
export class MemoryEmbedder implements Worker {
  readonly name = 'memory-embedder';
  private readonly logger = new Logger(MemoryEmbedder.name);
  private readonly stopping = new AbortController();

  constructor(
    private readonly pending: PendingVectors,
    private readonly embedder: Embedder,
    private readonly clock: Clock,
    followers: Followers,
  ) {
    followers.employ(this, vectorsOf(embedder.profile));
  }

  async step(): Promise<Step> {
    const claimed = await this.pending.claim(BATCH);
    const fresh = claimed.filter(({ attempts }) => attempts === 1);
    const again = claimed.filter(({ attempts }) => attempts > 1);
    // What failed in company is tried alone: one bad text must not hold back the others for ever.
    for (const group of [fresh, ...again.map((memory) => [memory])]) await this.embed(group);

    return { checkpoint: 0n, applied: claimed.length };
  }

  giveUp(): void {
    this.stopping.abort();
  }

  private async embed(memories: readonly PendingMemory[]): Promise<void> {
    if (memories.length === 0) return;
    const texts = memories.map(({ description, execution_summary }) =>
      embeddedText(description, execution_summary),
    );
    const { signal } = this.stopping;
    let embeddings: Embedding[];
    try {
      embeddings = await this.embedder.embed(texts, { priority: 'ingest', signal });
    } catch (error) {
      // Nothing failed: the next start frees the claim.
      if (signal.aborted) return;
      await this.fail(memories, error);
      return;
    }
    await this.pending.settle(
      memories.flatMap((memory, index) => {
        const embedding = embeddings[index];
        return embedding ? [{ memory, embedding }] : [];
      }),
    );
  }

  private async fail(memories: readonly PendingMemory[], error: unknown): Promise<void> {
    const code = error instanceof DomainError ? error.code : 'embedding.failed';
    this.logger.warn(`${String(memories.length)} memories wait for their vector: ${code}`);
    await this.pending.postpone(memories, code, this.clock.now());
  }
}
