import { createHash, randomUUID } from 'node:crypto';

/** A string that remembers what it identifies: `Id<'memory'>` is not an `Id<'task'>`. */
export type Id<Of extends string> = string & { readonly __of: Of };

/** A new random id (UUID, version 4). */
export function newId<Of extends string>(): Id<Of> {
  return randomUUID() as Id<Of>;
}

/** Under this name the service names its own things; any UUID serves, as long as it never changes. */
const NAMES = Buffer.from('6f6d6f692d6d456d8f72792d70617474', 'hex');

/** The id of a name, always the same (UUID, version 5, RFC 9562). */
export function nameBasedId(name: string): string {
  const bytes = createHash('sha1').update(NAMES).update(name).digest().subarray(0, 16);
  bytes.writeUInt8((bytes.readUInt8(6) & 0x0f) | 0x50, 6);
  bytes.writeUInt8((bytes.readUInt8(8) & 0x3f) | 0x80, 8);

  return bytes.toString('hex').replace(/^(.{8})(.{4})(.{4})(.{4})/, '$1-$2-$3-$4-');
}
