import { ModelUnavailable } from '#embedding';
import { cp, mkdtemp, rename, rm, truncate } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { LocalEmbedder } from '../../../src/embedding/local-embedder.js';

const WEIGHTS = 'onnx/model_quantized.onnx';

describe('A folder with a model', () => {
  let parent: string;
  let folder: string;

  beforeEach(async () => {
    parent = await mkdtemp(join(tmpdir(), 'model-'));
    folder = join(parent, 'all-MiniLM-L6-v2');
    await cp('models/all-MiniLM-L6-v2', folder, { recursive: true });
  });

  afterEach(() => rm(parent, { recursive: true }));

  const refused = async (place: string): Promise<string> => {
    const embedder = new LocalEmbedder(place, 1);
    const error = await embedder.start().then(
      () => null,
      (reason: unknown) => reason,
    );
    await embedder.close();
    expect(error).toBeInstanceOf(ModelUnavailable);

    return String(error);
  };

  it.each([WEIGHTS, 'tokenizer.json', 'tokenizer_config.json', 'config.json'])(
    'is refused without %s, with the way to get it',
    async (file) => {
      await rm(join(folder, file));

      expect(await refused(folder)).toContain(
        `the file ${join(folder, file)} is missing. Restore it from the repository, or set EMBEDDING_MODEL`,
      );
    },
  );

  it.each([WEIGHTS, 'tokenizer.json'])('is refused with half of %s', async (file) => {
    await truncate(join(folder, file), 200_000);

    expect(await refused(folder)).toContain(`the file ${join(folder, file)} is damaged`);
  });

  it('makes a space of its own under another name', async () => {
    const other = join(parent, 'My Model');
    await rename(folder, other);
    const embedder = new LocalEmbedder(other, 1);
    await embedder.start();

    expect(embedder.profile).toMatchObject({
      key: 'My Model@6836e81175e5/q8/mean/256',
      slug: 'my_model_q8_6836e8',
      dimensions: 384,
    });
    expect(await embedder.embed(['hello'], { priority: 'query' })).toHaveLength(1);
    await embedder.close();
  });

  it('is refused when the model cannot be loaded', async () => {
    const other = join(parent, 'other');
    await rename(folder, other);
    await truncate(join(other, WEIGHTS), 200_000);

    expect(await refused(other)).toMatch(/could not be started: Error: .*protobuf/i);
  });
});
