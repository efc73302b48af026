import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { access, readFile } from 'node:fs/promises';
import { basename, join, resolve } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { z } from 'zod';
import { ModelUnavailable } from './embedder.js';
import { RANKING, type EmbeddingProfile } from './profile.js';

/** How much of a text the model reads, in tokens. */
export const MAX_TOKENS = 256;

const WEIGHTS = 'onnx/model_quantized.onnx';
/** What has to be in the folder of a model. */
export const MODEL_FILES = ['config.json', 'tokenizer_config.json', 'tokenizer.json', WEIGHTS];

/** The model that comes with this repository. */
const BUNDLED = {
  name: 'all-MiniLM-L6-v2',
  sha256: {
    'tokenizer.json': 'be50c3628f2bf5bb5e3a7f17b1f74611b2561a3a27eeab05e5aa30f411572037',
    [WEIGHTS]: '6836e81175e55dedc6099dde693581ff51ede1df363bace8db83f1dbfe4d1c4c',
  },
};

const HOW_TO_GET_IT =
  'Restore it from the repository, or set EMBEDDING_MODEL to a folder of the same shape (omoi model pull fetches one).';

/** Thresholds measured for the bundled model; the others' starting point. */
const THRESHOLDS = { searchThreshold: 0.4, suggestThreshold: 0.5 };

/**
 * Checks a folder with an 8-bit ONNX model in it and says which vector space it makes. A folder
 * named like the bundled model must hold exactly the bundled files.
 * @throws ModelUnavailable naming the file, what is wrong with it, and how to get it.
 */
export async function profileOf(folder: string): Promise<EmbeddingProfile> {
  const name = basename(resolve(folder));
  await Promise.all(MODEL_FILES.map((file) => mustBeThere(join(folder, file))));
  if (name === BUNDLED.name) await mustBeBundled(folder);

  const revision = await sha256Of(join(folder, WEIGHTS));

  return {
    key: `${name}@${revision.slice(0, 12)}/q8/mean/${String(MAX_TOKENS)}`,
    slug: name === BUNDLED.name ? 'all_minilm_l6_v2_q8' : slugOf(name, revision),
    dimensions: await dimensionsOf(join(folder, 'config.json')),
    ...THRESHOLDS,
    ranking: RANKING,
  };
}

async function mustBeThere(path: string): Promise<void> {
  await access(path).catch(() => {
    throw new ModelUnavailable(
      `The embedding model cannot be used: the file ${path} is missing. ${HOW_TO_GET_IT}`,
    );
  });
}

async function mustBeBundled(folder: string): Promise<void> {
  for (const [file, expected] of Object.entries(BUNDLED.sha256)) {
    const path = join(folder, file);
    if ((await sha256Of(path)) === expected) continue;

    throw new ModelUnavailable(
      `The embedding model cannot be used: the file ${path} is damaged or another one than that ` +
        `of ${BUNDLED.name} (its sha256 should be ${expected}). ${HOW_TO_GET_IT}`,
    );
  }
}

async function sha256Of(path: string): Promise<string> {
  const hash = createHash('sha256');
  await pipeline(createReadStream(path), hash);

  return hash.digest('hex');
}

async function dimensionsOf(path: string): Promise<number> {
  try {
    const config: unknown = JSON.parse(await readFile(path, 'utf8'));

    return z.object({ hidden_size: z.int().positive() }).parse(config).hidden_size;
  } catch {
    throw new ModelUnavailable(
      `The embedding model cannot be used: the file ${path} names no hidden_size. ${HOW_TO_GET_IT}`,
    );
  }
}

const slugOf = (name: string, revision: string): string =>
  `${name
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '_')
    .slice(0, 30)}_q8_${revision.slice(0, 6)}`;
