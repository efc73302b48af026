import { randomUUID } from 'node:crypto';

/** A string that remembers what it identifies: `Id<'memory'>` is not an `Id<'task'>`. */
export type Id<Of extends string> = string & { readonly __of: Of };

/** A new random id (UUID, version 4). */
export function newId<Of extends string>(): Id<Of> {
  return randomUUID() as Id<Of>;
}
