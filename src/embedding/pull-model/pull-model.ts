import { createWriteStream } from 'node:fs';
import { access, mkdir, rename, rm, writeFile } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { ReadableStream } from 'node:stream/web';
import { z } from 'zod';
import { ModelUnavailable } from '../embedder.js';
import { MODEL_FILES, profileOf } from '../model-folder.js';

/** A model cannot be fetched; the message is a sentence for people. */
export class CannotPull extends Error {
  override readonly name = 'CannotPull';
}

/** Which model is fetched, from where, and where to. */
export interface Pull {
  /** `owner/name`, as the hub spells it. */
  readonly id: string;
  /** A branch, a tag or a commit. What is fetched is that of one commit. */
  readonly revision: string;
  readonly folder: string;
  /** The address of the hub, or of one that speaks like it. */
  readonly hub: string;
}

/** What has come so far, in bytes. `total` grows as the hub says how large files are. */
export interface Pulling {
  received: number;
  total: number;
}

const ID = /^[A-Za-z0-9][\w.-]{0,95}\/[A-Za-z0-9][\w.-]{0,95}$/;
const REVISION = /^[A-Za-z0-9][\w.-]{0,99}$/;
const revisionInfo = z.object({ sha: z.string().regex(/^[0-9a-f]{40}$/) });

/**
 * Fetches the files of one commit into a new folder that `EMBEDDING_MODEL` can name; gives the key of
 * its vector space. An interrupted one leaves no such folder.
 * @throws CannotPull, also when what came is no model that can be used
 */
export async function pullModel(pull: Pull, pulling: Pulling): Promise<string> {
  await mustBePullable(pull);
  // Of the same name, by which its key is called.
  const around = `${pull.folder}.unfinished`;
  const unfinished = join(around, basename(pull.folder));
  await rm(around, { recursive: true, force: true });
  try {
    const commit = await commitOf(pull);
    for (const file of MODEL_FILES) {
      const from = `${pull.hub}/${pull.id}/resolve/${commit}/${file}`;
      await fetchFile(from, join(unfinished, file), pulling);
    }
    await writeFile(
      join(unfinished, 'source.json'),
      `${JSON.stringify({ id: pull.id, revision: commit })}\n`,
    );
    const { key } = await profileOf(unfinished);
    await rename(unfinished, pull.folder);

    return key;
  } catch (error) {
    throw error instanceof ModelUnavailable ? new CannotPull(error.message) : error;
  } finally {
    await rm(around, { recursive: true, force: true });
  }
}

/** What can be refused without asking the hub. @throws CannotPull */
export async function mustBePullable({ id, revision, folder }: Pull): Promise<void> {
  if (!ID.test(id)) throw new CannotPull(`"${id}" is no model: say owner/name.`);
  if (!REVISION.test(revision)) {
    throw new CannotPull(`"${revision}" is no revision: say a branch, a tag or a commit.`);
  }
  const isThere = await access(folder).then(
    () => true,
    () => false,
  );
  if (isThere) throw new CannotPull(`There is something in ${folder} already.`);
}

async function commitOf({ hub, id, revision }: Pull): Promise<string> {
  const answer = await ask(`${hub}/api/models/${id}/revision/${revision}`);
  const info = revisionInfo.safeParse(await answer.json().catch(() => null));
  if (!info.success) throw new CannotPull(`${hub} does not say which commit ${revision} is.`);

  return info.data.sha;
}

async function fetchFile(from: string, to: string, pulling: Pulling): Promise<void> {
  const answer = await ask(from);
  pulling.total += Number(answer.headers.get('content-length') ?? 0);
  await mkdir(dirname(to), { recursive: true });
  const counted = async function* (chunks: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
    for await (const chunk of chunks) {
      pulling.received += chunk.byteLength;
      yield chunk;
    }
  };
  try {
    const body = Readable.fromWeb(answer.body as ReadableStream<Uint8Array>);
    await pipeline(body, counted, createWriteStream(to));
  } catch (error) {
    throw new CannotPull(`${from} broke off: ${(error as Error).message}`);
  }
}

async function ask(address: string): Promise<Response> {
  const answer = await fetch(address).catch((error: unknown) => {
    throw new CannotPull(`${address} cannot be reached: ${(error as Error).message}`);
  });
  if (!answer.ok) throw new CannotPull(`${address} answered ${String(answer.status)}.`);

  return answer;
}
