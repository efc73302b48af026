import {
  EmbeddingProfiles,
  type EmbeddingProfile,
  type RegisteredSpace,
  type SpaceStatus,
} from '#embedding';
import { Followers, type Step, type Worker } from '#event-store';
import { Injectable, Logger, type OnApplicationBootstrap, type OnModuleInit } from '@nestjs/common';
import { EmbeddingMigrationsTable } from '../read-model/embedding-migrations.table.js';
import { Spaces, type Space } from '../read-model/spaces.js';
import type { VectorTable } from '../read-model/vector-table.js';
import { SpaceModels } from './space-models.js';

/** Who has to know at once that the projection of a space has moved. */
const WOKEN = ['memory-embedder', 'space-filler'];

/**
 * Keeps what this process has of vector spaces as the database says it is: whichever process begins a
 * migration or switches, all of them follow within a second. A space that is only kept for a while is
 * followed too, without its model, so that what is erased is erased there, and the way back is short.
 */
@Injectable()
export class SpaceKeeper implements Worker, OnModuleInit, OnApplicationBootstrap {
  readonly name = 'vector-spaces';
  private readonly logger = new Logger(SpaceKeeper.name);
  /** Spaces whose tables are known to be gone. */
  private readonly gone = new Set<string>();

  constructor(
    private readonly spaces: Spaces,
    private readonly profiles: EmbeddingProfiles,
    private readonly models: SpaceModels,
    private readonly followers: Followers,
    private readonly table: EmbeddingMigrationsTable,
  ) {
    followers.employ(this, 'embedding-migration');
  }

  /** Nothing is searched before the space is there that was asked last. */
  async onModuleInit(): Promise<void> {
    const { first } = this.models;
    const table = await this.tableOf(first.profile);
    await table.make();
    const space = await this.join(table.profile);
    space.embedder = first;
    await this.models.ask(space);
  }

  async onApplicationBootstrap(): Promise<void> {
    const remark = await this.profiles.remark();
    if (remark !== null) this.logger.warn(remark);
  }

  /** The tables of a space, whether it is registered or not. */
  async tableOf(profile: EmbeddingProfile): Promise<VectorTable> {
    return this.spaces.tableOf(await this.profiles.asRegistered(profile));
  }

  /** There is something to do. */
  wake(): void {
    this.followers.wake(this);
  }

  async step(): Promise<Step> {
    const registered = await this.profiles.all();
    for (const one of registered) await (isGone(one) ? this.leave(one) : this.keep(one));
    this.spaces.fill(this.withStatus(registered, 'filling', 'ready'));
    const active = this.withStatus(registered, 'active');
    if (active) await this.models.ask(active);

    return { checkpoint: 0n, applied: 0 };
  }

  private async keep(registered: RegisteredSpace): Promise<void> {
    const { profile, status } = registered;
    this.gone.delete(profile.key);
    const space = this.spaces.find(profile.key) ?? (await this.join(profile));
    if (status !== 'retired') await this.models.open(space, registered);
  }

  private async join(profile: RegisteredSpace['profile']): Promise<Space> {
    const space = this.spaces.make(profile);
    await space.pending.release();
    await this.followers.join(space.projection, ...WOKEN);
    this.spaces.add(space);

    return space;
  }

  private async leave({ profile }: RegisteredSpace): Promise<void> {
    const space = this.spaces.find(profile.key);
    if (space) {
      this.spaces.remove(space);
      await this.followers.leave(space.projection.name);
      await this.models.closeUnused(space);
    }
    if (this.gone.has(profile.key)) return;
    if (await this.table.forget(this.spaces.tableOf(profile))) this.gone.add(profile.key);
  }

  private withStatus(
    registered: readonly RegisteredSpace[],
    ...statuses: readonly SpaceStatus[]
  ): Space | null {
    const found = registered.find(({ status }) => statuses.includes(status));

    return (found && this.spaces.find(found.profile.key)) ?? null;
  }
}

const isGone = ({ status }: RegisteredSpace): boolean =>
  status === 'cancelled' || status === 'dropped';
