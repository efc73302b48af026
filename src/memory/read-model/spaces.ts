import { Settings } from '#config';
import { Database } from '#database';
import type { Embedder, EmbeddingProfile } from '#embedding';
import { unavailable, type DomainError } from '#kernel';
import { Injectable } from '@nestjs/common';
import { memoryVectors, vectorsOf } from './memory-vectors.projection.js';
import { PendingVectors } from './pending-vectors.js';
import { VectorTable } from './vector-table.js';

/** A vector space that is kept here: its tables, and the model that makes its vectors. */
export class Space {
  readonly pending: PendingVectors;
  readonly projection: ReturnType<typeof memoryVectors>;
  /** Null while nobody here has to make vectors of it: one that is only kept. */
  embedder: Embedder | null = null;

  constructor(
    database: Database,
    readonly vectors: VectorTable,
  ) {
    this.pending = new PendingVectors(database, vectors);
    this.projection = memoryVectors(vectors, vectors.profile);
  }
}

/** One whose model is open. */
export type OpenSpace = Space & { readonly embedder: Embedder };

/**
 * The vector spaces of this process. Whoever searches takes the current one once, and asks its model
 * and its tables: a vector never meets those of another space.
 */
@Injectable()
export class Spaces {
  private readonly spaces = new Map<string, Space>();
  private isAsked: OpenSpace | null = null;
  private isFilled: OpenSpace | null = null;

  constructor(
    private readonly settings: Settings,
    private readonly database: Database,
  ) {}

  /** The one that is searched. @throws DomainError `embedding.model_missing` when there is none here */
  get current(): OpenSpace {
    if (!this.isAsked) throw modelMissing();

    return this.isAsked;
  }

  /** The same; null before the start, and when there is none here any more. */
  get asked(): OpenSpace | null {
    return this.isAsked;
  }

  /** The one that is being filled beside it, when there is one. */
  get filling(): OpenSpace | null {
    return this.isFilled;
  }

  get all(): Space[] {
    return [...this.spaces.values()];
  }

  /** The projections of all of them. */
  get projections(): string[] {
    return this.all.map(({ vectors }) => vectorsOf(vectors.profile));
  }

  find(modelKey: string): Space | undefined {
    return this.spaces.get(modelKey);
  }

  /** Its tables, whether they are there or not. */
  tableOf(profile: EmbeddingProfile): VectorTable {
    return new VectorTable(this.settings, this.database, profile);
  }

  make(profile: EmbeddingProfile): Space {
    return new Space(this.database, this.tableOf(profile));
  }

  add(space: Space): void {
    this.spaces.set(space.vectors.profile.key, space);
  }

  remove(space: Space): void {
    this.spaces.delete(space.vectors.profile.key);
    if (this.isFilled === space) this.isFilled = null;
  }

  /** From now on this one is searched. */
  ask(space: Space): void {
    if (!isOpen(space)) throw new Error(`The model of ${space.vectors.name} is not open.`);
    this.isAsked = space;
  }

  /** The one that was searched is gone, and the next one cannot be. */
  askNone(): void {
    this.isAsked = null;
  }

  /** From now on this one is filled, once its model is open. */
  fill(space: Space | null): void {
    this.isFilled = space && isOpen(space) ? space : null;
  }
}

const modelMissing = (): DomainError =>
  unavailable(
    'embedding.model_missing',
    'The vectors that were searched are gone, and the model of the new ones cannot be opened here.',
  );

const isOpen = (space: Space): space is OpenSpace => space.embedder !== null;
