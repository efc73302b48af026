import { ModelUnavailable, type Embedder } from './embedder.js';
import { profileOf } from './model-folder.js';
import { type Models } from './models.js';
import { type NamedModel } from './profile.js';
import {
  isSame,
  type EmbeddingProfiles,
  type RegisteredSpace,
} from './read-model/embedding-profiles.js';

/**
 * The model that is asked from the start on. The first start ever registers the one that the settings
 * name; after that the database says which it is, and the settings only where a folder is now.
 * @param profiles null where there is no database: the settings say it
 * @throws ModelUnavailable
 */
export async function firstModel(
  models: Models,
  profiles: EmbeddingProfiles | null,
): Promise<Embedder> {
  const { named } = models;
  if (!profiles) return models.start(named);
  const known = await profiles.active();
  if (!known) {
    const embedder = await models.start(named);
    const active = await profiles.registerFirst(embedder.profile, named);
    if (active.profile.key === embedder.profile.key) return embedder;
    await models.close(embedder.profile.key);
    return ofSpace(models, active);
  }
  if (isSame(named, known.named) || !(await isOfSpace(named, known))) return ofSpace(models, known);
  await profiles.moved(known.profile, named);

  return ofSpace(models, { ...known, named });
}

/**
 * The model of a space.
 * @throws ModelUnavailable also when what is there now makes another space
 */
export async function ofSpace(
  models: Models,
  { named, profile }: RegisteredSpace,
): Promise<Embedder> {
  const embedder = await models.start(named);
  if (embedder.profile.key === profile.key) return embedder;
  await models.close(embedder.profile.key);
  throw new ModelUnavailable(
    `Memories are in the space of ${profile.key}, and ${named.model} is another model now ` +
      `(${embedder.profile.key}): bring the old one back.`,
  );
}

/** Whether a folder elsewhere holds the very model of a space. */
async function isOfSpace(
  { provider, model }: NamedModel,
  space: RegisteredSpace,
): Promise<boolean> {
  if (provider !== 'local' || space.named.provider !== 'local') return false;
  const key = await profileOf(model).then(
    (profile) => profile.key,
    () => null,
  );

  return key === space.profile.key;
}
