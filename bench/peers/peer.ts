import { createRequire } from 'node:module';
import { resolve } from 'node:path';

/** What a peer is given to work with. */
export interface Place {
  /** A database of its own, which is empty. */
  readonly url: string;
  /** A folder of its own, which is empty. */
  readonly folder: string;
  /** Our vectors, the same for everybody: of a text, always the same. */
  readonly vectors: Vectors;
}

export interface Vectors {
  readonly dimensions: number;
  of(texts: readonly string[]): Promise<number[][]>;
}

/** Texts by their ids. */
export interface Shelf {
  add(id: string, text: string): Promise<void>;
  /** The ids of up to so many that are like the text, best first. */
  find(text: string, most: number): Promise<string[]>;
  close(): Promise<void>;
}

/** Another memory, in one of the ways in which it can be used. */
export interface Peer {
  readonly name: string;
  /** @throws why it cannot be used here */
  open(place: Place): Promise<Shelf>;
}

/** A package that is installed in this folder alone. @throws when it is not, or cannot be used */
export function load(name: string): unknown {
  const require = createRequire(resolve('bench/peers/package.json'));
  try {
    return require(name);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'MODULE_NOT_FOUND') throw error;
    throw new Error(`${name} is not installed (npm ci --prefix bench/peers)`, { cause: error });
  }
}

/** Where a file of such a package is. */
export const fileOf = (name: string, path: string): string =>
  resolve('bench/peers/node_modules', name, path);
