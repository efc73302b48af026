import { CurrentEmbedder, Models, ofSpace, type RegisteredSpace } from '#embedding';
import { Injectable, Logger } from '@nestjs/common';
import { Spaces, type Space } from '../read-model/spaces.js';

/** How long a model stays open that is asked no more: somebody may have begun to ask it. */
const LAST_ORDERS_MS = 60_000;
/** How long a model is left alone that could not be opened. */
const REST_MS = 30_000;

/** Opens the models of spaces, has one of them asked, and closes those that nobody asks any more. */
@Injectable()
export class SpaceModels {
  private readonly logger = new Logger(SpaceModels.name);
  /** By space: not before then. */
  private readonly restsUntil = new Map<string, number>();

  constructor(
    private readonly spaces: Spaces,
    private readonly models: Models,
    private readonly embedder: CurrentEmbedder,
  ) {}

  /** The one that is asked from the start on. */
  get first(): CurrentEmbedder['now'] {
    return this.embedder.now;
  }

  /** Opens the model of a space; when it cannot be, it is said, and tried again half a minute later. */
  async open(space: Space, registered: RegisteredSpace): Promise<void> {
    const { key } = registered.profile;
    if (space.embedder || performance.now() < (this.restsUntil.get(key) ?? 0)) return;
    try {
      space.embedder = await ofSpace(this.models, registered);
    } catch (error) {
      this.restsUntil.set(key, performance.now() + REST_MS);
      this.logger.error(`${cannotOpen(key)}: ${(error as Error).message}`);
    }
  }

  /**
   * From now on this space is searched; while its model cannot be opened, this process is not ready, and
   * goes on with the one before for as long as that is kept.
   */
  async ask(space: Space): Promise<void> {
    const before = this.spaces.asked;
    if (!space.embedder) {
      this.embedder.lacks(cannotOpen(space.vectors.profile.key));
      if (before && !this.spaces.all.includes(before)) await this.lose(before);
      return;
    }
    this.embedder.use(space.embedder);
    if (before === space) return;
    this.spaces.ask(space);
    if (!before) return;
    this.logger.log(`Memories are searched in the space of ${space.vectors.profile.key} now.`);
    setTimeout(() => void this.closeUnused(before), LAST_ORDERS_MS).unref();
  }

  private async lose(space: Space): Promise<void> {
    this.spaces.askNone();
    await this.closeUnused(space);
  }

  /** Closes the model of a space that is neither searched nor filled, nor was made anew since. */
  async closeUnused(space: Space): Promise<void> {
    const { key } = space.vectors.profile;
    const kept = this.spaces.find(key) ?? space;
    if (kept !== space || space === this.spaces.asked || space === this.spaces.filling) return;
    space.embedder = null;
    await this.models.close(key);
  }
}

const cannotOpen = (key: string): string => `The model of ${key} cannot be opened here`;
