import { createHash, randomBytes, timingSafeEqual } from 'node:crypto';

const SECRET_BYTES = 32;
/** `omoi_`, the id without its hyphens, and 32 random bytes in base64url. */
const FORM = /^omoi_([0-9a-f]{32})_([A-Za-z0-9_-]{43})$/;
const ID = /^(.{8})(.{4})(.{4})(.{4})(.{12})$/;

/** A new secret: 256 random bits, so that neither guessing nor a table of hashes leads anywhere. */
export const newSecret = (): string => randomBytes(SECRET_BYTES).toString('base64url');

/** A key as its holder sends it. */
export const keyText = (id: string, secret: string): string =>
  `omoi_${id.replaceAll('-', '')}_${secret}`;

/** The id in a key, a UUID; null when it has not the form of one. */
export function idIn(key: string): string | null {
  const id = FORM.exec(key)?.[1];

  return id === undefined ? null : id.replace(ID, '$1-$2-$3-$4-$5');
}

/**
 * The sha-256 of a whole key, hex: what is kept of it. A slow hash protects what people can remember;
 * of 256 random bits nobody tries enough, and each request would pay for it.
 */
export const hashOf = (key: string): string => createHash('sha256').update(key).digest('hex');

/** Whether two hashes are the same, in a time that does not tell where they differ. */
export const isSame = (one: string, other: string): boolean =>
  timingSafeEqual(Buffer.from(one), Buffer.from(other));
