import { ruleBroken } from '#kernel';
import { Injectable } from '@nestjs/common';
import { Embedder } from './embedder.js';
import * as vectors from './vector.js';

/** How long a padded vector is, whatever the model. */
const PADDED_DIMENSIONS = 1536;

export interface VectorOptions {
  /** Zeros behind the vector, up to 1536 numbers; cosines stay as they are. */
  readonly pad?: boolean;
}

/** Texts to vectors and vectors to distances, for whoever knows no priorities and profiles. */
@Injectable()
export class EmbeddingService {
  constructor(private readonly embedder: Embedder) {}

  /** A unit vector. @throws DomainError `embedding.blank_text`, and as `Embedder.embed`. */
  async generateEmbedding(text: string, options: VectorOptions = {}): Promise<number[]> {
    const [vector] = await this.batchGenerateEmbeddings([text], options);

    return vector ?? [];
  }

  /** One unit vector a text, in the order given. @throws DomainError as `generateEmbedding`. */
  async batchGenerateEmbeddings(
    texts: readonly string[],
    { pad = false }: VectorOptions = {},
  ): Promise<number[][]> {
    if (texts.some((text) => text.trim() === '')) {
      throw ruleBroken('embedding.blank_text', 'text', 'must not be blank');
    }
    const embeddings = await this.embedder.embed(texts, { priority: 'query' });

    return embeddings.map(({ vector }) => vectors.padded(vector, pad ? PADDED_DIMENSIONS : 0));
  }

  /** -1..1; 0 for an empty or a zero vector. @throws DomainError `embedding.different_dimensions` */
  cosineSimilarity(a: ArrayLike<number>, b: ArrayLike<number>): number {
    return vectors.cosineSimilarity(a, b);
  }

  /** 0 or more; infinite for an empty one. @throws DomainError `embedding.different_dimensions` */
  euclideanDistance(a: ArrayLike<number>, b: ArrayLike<number>): number {
    return vectors.euclideanDistance(a, b);
  }
}
