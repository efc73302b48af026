import { Followers, type Step, type Worker } from '#event-store';
import { Injectable } from '@nestjs/common';
import type { EmbeddingMigration } from '../read-model/embedding-migration.js';
import { EmbeddingMigrationsTable } from '../read-model/embedding-migrations.table.js';
import { EmbeddingStepsTable, type Between } from '../read-model/embedding-steps.table.js';
import { Spaces } from '../read-model/spaces.js';
import { ModelChange } from './model-change.js';

const NOTE_EVERY_MS = 1_000;
const SWEEP_EVERY_MS = 60_000;

/**
 * Brings a migration forward while others fill its space: notes how far it is, makes the space ready,
 * has it searched. Whatever process is there goes on where another stopped.
 */
@Injectable()
export class Migrator implements Worker {
  readonly name = 'embedding-migration';
  private notedAt = 0;
  private sweptAt = 0;

  constructor(
    private readonly spaces: Spaces,
    private readonly table: EmbeddingMigrationsTable,
    private readonly steps: EmbeddingStepsTable,
    private readonly change: ModelChange,
    private readonly followers: Followers,
  ) {
    followers.employ(this, 'space-filler');
  }

  wake(): void {
    this.followers.wake(this);
  }

  async step(): Promise<Step> {
    for (const switched of await this.table.untold()) {
      await this.change.tell(switched);
      await this.table.told(switched.id);
    }
    const migration = await this.table.open();
    if (!migration) await this.sweep();
    const between = migration && this.between(migration);
    const hasMoved = between ? await this.advance(migration, between) : false;

    return { checkpoint: 0n, applied: Number(hasMoved) };
  }

  private async advance(migration: EmbeddingMigration, between: Between): Promise<boolean> {
    if (performance.now() - this.notedAt > NOTE_EVERY_MS) {
      this.notedAt = performance.now();
      await this.steps.note(migration, between);
    }
    if (migration.status === 'filling') {
      return (
        (await this.steps.isFilled(between)) && (await this.steps.makeReady(migration, between))
      );
    }

    return migration.switch && (await this.steps.trySwitch(migration, between));
  }

  /** Null while this process does not keep both. */
  private between({ from_key, to_key }: EmbeddingMigration): Between | null {
    const [from, to] = [this.spaces.find(from_key), this.spaces.find(to_key)];

    return from && to ? { from: from.vectors, to: to.vectors } : null;
  }

  private async sweep(): Promise<void> {
    if (performance.now() - this.sweptAt < SWEEP_EVERY_MS) return;
    this.sweptAt = performance.now();
    await this.table.dropOld();
  }
}
