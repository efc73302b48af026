import { text } from '#kernel';
import { z } from 'zod';
import { MIGRATION_STATUSES, type EmbeddingMigration } from '../read-model/embedding-migration.js';

export const migrateEmbeddingsRequest = z.strictObject({
  provider: z.enum(['local', 'openai']).nullable().default(null).meta({
    description:
      'That of the settings when left out. Keys and addresses are those of the settings.',
  }),
  model: text(500, 1).meta({
    description: 'A folder with a model (local), or the name that the provider calls it by.',
    example: 'text-embedding-3-small',
  }),
  switch: z.boolean().default(true).meta({
    description: 'false: stop when the new vectors are complete, and wait to be switched.',
  }),
});
export type MigrateEmbeddingsRequest = z.output<typeof migrateEmbeddingsRequest>;

export const migrationBegun = z.object({ migration_id: z.uuid() });

export const migrationResponse = z
  .object({
    migration_id: z.uuid(),
    from: z.string().meta({ description: 'The key of the model that is left.' }),
    to: z.string(),
    status: z.enum(MIGRATION_STATUSES),
    switch: z.boolean(),
    done: z.int().meta({ description: 'Memories that have their new vector.' }),
    total: z.int(),
    percent: z.number().min(0).max(100),
    per_second: z.number().nullable(),
    eta_seconds: z.number().nullable(),
    began_at: z.string(),
    ended_at: z.string().nullable(),
  })
  .meta({ id: 'EmbeddingMigration' });
export type MigrationResponse = z.output<typeof migrationResponse>;

/** A migration as it is served. */
export function migrationAnswer(migration: EmbeddingMigration): MigrationResponse {
  const { id, status, done, total, per_second: speed } = migration;
  const isComplete = status === 'ready' || status === 'switched';

  return {
    migration_id: id,
    from: migration.from_key,
    to: migration.to_key,
    status,
    switch: migration.switch,
    done,
    total,
    percent: isComplete ? 100 : percentOf(done, total),
    per_second: speed === null ? null : Math.round(10 * speed) / 10,
    eta_seconds: isComplete ? 0 : etaOf(migration),
    began_at: migration.began_at,
    ended_at: migration.ended_at,
  };
}

const percentOf = (done: number, total: number): number =>
  total === 0 ? 0 : Math.round((1_000 * Math.min(done, total)) / total) / 10;

const etaOf = ({ status, done, total, per_second }: EmbeddingMigration): number | null =>
  status === 'filling' && per_second !== null && per_second > 0
    ? Math.ceil(Math.max(0, total - done) / per_second)
    : null;
