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
  readonly ranking: Ranking;
}

/** Where a model is: `provider`, and what that calls it. */
export interface NamedModel {
  readonly provider: 'local' | 'openai';
  /** A folder with a model (local), or the provider's name of one (openai). */
  readonly model: string;
}

/** How a search weighs meaning and words, and how far it looks; measured with a space. */
export interface Ranking {
  /** Of the cosine in a fused score, 0..1; the words have the rest. */
  readonly meaningWeight: number;
  /** How many tasks meaning and words put forward each, at most. */
  readonly candidates: number;
  /**
   * How many executions the index of vectors is asked for: several may belong to one task. The more
   * there are, the more of the nearest ones it misses (`large`, for the usual accuracy).
   */
  readonly neighbours: { readonly fast: number; readonly balanced: number; readonly large: number };
  /** How many rows the terms looked for may stand in together, the telling ones first. */
  readonly postings: { readonly usual: number; readonly large: number };
  /** From so many memories on a namespace, or for the vectors the table of all, is large. */
  readonly largeFrom: number;
}

/** Measured for the bundled model, and flat around these values; the others' starting point. */
export const RANKING: Ranking = {
  meaningWeight: 0.7,
  candidates: 50,
  neighbours: { fast: 40, balanced: 200, large: 400 },
  postings: { usual: 10_000, large: 20_000 },
  largeFrom: 50_000,
};
