/** The identity of a vector space. Vectors of different profiles are never compared. */
export interface EmbeddingProfile {
  /** `model@revision/dtype/pooling/max_tokens`; stands beside every vector. */
  readonly key: string;
  /** Short name that can stand in a table's name: `[a-z0-9_]{1,40}`. */
  readonly slug: string;
  readonly dimensions: number;
  /** Cosine from which a hit is worth showing to one who searched (0..1, measured). */
  readonly searchThreshold: number;
  /** Cosine from which a hit is worth serving to one who did not ask for it (0..1, measured). */
  readonly suggestThreshold: number;
}
