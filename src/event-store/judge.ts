import { conflict, type CommandKey, type DomainError } from '#kernel';
import {
  VersionConflict,
  type Append,
  type CommandResult,
  type StreamWrite,
} from './event-store.js';

/** What is known under a key. */
export interface KnownCommand {
  readonly hash: string;
  readonly result: CommandResult;
}

/** What the store knows about the keys and streams of a group of appends. */
export interface Known {
  /** By `address(namespace, key)`. */
  readonly commands: Map<string, KnownCommand>;
  /** By `address(namespace, stream)`; a stream that is not there is at 0. */
  readonly versions: Map<string, number>;
}

export type Verdict =
  | { readonly is: 'accepted'; readonly firstVersions: readonly number[] }
  | { readonly is: 'repeated'; readonly result: CommandResult }
  | { readonly is: 'refused'; readonly because: Error };

export const address = (namespace: string, name: string): string => `${namespace}\n${name}`;

/**
 * Decides a group of appends in the order they came, each on what the ones before it left behind,
 * and notes in `known` what was accepted. One refusal touches no other append of the group.
 */
export function judge(group: readonly Append[], known: Known): Verdict[] {
  return group.map((append) => judgeOne(append, known));
}

function judgeOne(append: Append, known: Known): Verdict {
  const { namespace } = append.caller;
  try {
    const result = recallFrom(known.commands, namespace, append.keys);
    if (result) return { is: 'repeated', result };
    append.writes.forEach((write) => {
      checkVersion(write, known.versions.get(address(namespace, write.stream)) ?? 0);
    });
  } catch (because) {
    return { is: 'refused', because: because as Error };
  }
  append.keys.forEach(({ name, hash }) => {
    known.commands.set(address(namespace, name), { hash, result: append.result });
  });

  return {
    is: 'accepted',
    firstVersions: append.writes.map((write) => moveOn(write, namespace, known)),
  };
}

/** @throws DomainError `request.key_reused` when a key is known with another hash. */
export function recallFrom(
  commands: ReadonlyMap<string, KnownCommand>,
  namespace: string,
  keys: readonly CommandKey[],
): CommandResult | null {
  for (const key of keys) {
    const command = commands.get(address(namespace, key.name));
    if (command && command.hash !== key.hash) throw keyReused(key);
    if (command) return command.result;
  }
  return null;
}

function checkVersion({ stream, expected }: StreamWrite, version: number): void {
  if (expected === 'any' || expected === version) return;
  throw new VersionConflict(stream, version, expected);
}

function moveOn({ stream, events }: StreamWrite, namespace: string, { versions }: Known): number {
  const key = address(namespace, stream);
  const before = versions.get(key) ?? 0;
  versions.set(key, before + events.length);

  return before + 1;
}

const keyReused = ({ name }: CommandKey): DomainError =>
  conflict(
    'request.key_reused',
    `This ${name.startsWith('execution:') ? 'execution_id' : 'Idempotency-Key'} was used before with another content.`,
  );
