import type { Database, Sql } from '#database';
import { newId } from '#kernel';
import { envelope } from './envelope.js';
import type { Append, Appended } from './event-store.js';
import {
  APPEND,
  commandRows,
  forget,
  lookUp,
  streamRows,
  TRY_TO_APPEND,
  valuesOf,
  type Rows,
} from './group-sql.js';
import { address, judge, type Known, type Verdict } from './judge.js';

/** What became of one append of a group: its answer, or the refusal that is its own. */
export type Outcome = Appended | Error;

type VersionOf = (type: string) => number;

/**
 * Commits a group without looking, as though no key of it were known and every stream were where its
 * writer saw it; so it nearly always is. One statement is the whole transaction then.
 * @returns null when it is not as simple as that, and nothing was written
 */
export async function appendUnseen(
  database: Database,
  group: readonly Append[],
  versionOf: VersionOf,
): Promise<Outcome[] | null> {
  const presumed = presumedOf(group);
  if (!presumed) return null;
  const { verdicts, rows } = decided(group, presumed, versionOf);
  if (verdicts.some(({ is }) => is !== 'accepted')) return null;
  const [last] = await database.outside<{ position: string | null }>(
    TRY_TO_APPEND,
    valuesOf(rows),
    'try-to-append',
  );
  const position = last?.position ?? null;

  return position === null ? null : outcomesOf(group, verdicts, BigInt(position));
}

/**
 * Commits a group of appends in the transaction of `sql` (READ COMMITTED, as `omoi_log`).
 * @throws what `isOvertaken` knows when the whole transaction has to be done again
 */
export async function appendGroup(
  sql: Sql,
  group: readonly Append[],
  versionOf: VersionOf,
): Promise<Outcome[]> {
  const { verdicts, rows, accepted } = decided(group, await lookUp(sql, group), versionOf);
  if (accepted.length === 0) return outcomesOf(group, verdicts, 0n);
  const [last] = await sql.query<{ position: string }>(APPEND, valuesOf(rows));
  await forget(sql, accepted);

  return outcomesOf(group, verdicts, BigInt(last?.position ?? 0));
}

/** Null when a version cannot be presumed, a stream is only looked at, or something is forgotten. */
function presumedOf(group: readonly Append[]): Known | null {
  const versions = new Map<string, number>();
  const writes = group.flatMap((append) =>
    append.writes.map((write) => ({ ...write, namespace: append.caller.namespace })),
  );
  for (const { namespace, stream, expected, events, forgets } of writes) {
    if (expected === 'any' || events.length === 0 || forgets?.length) return null;
    const key = address(namespace, stream);
    versions.set(key, versions.get(key) ?? expected);
  }
  return { commands: new Map(), versions };
}

function decided(
  group: readonly Append[],
  known: Known,
  versionOf: VersionOf,
): { verdicts: Verdict[]; accepted: Append[]; rows: Rows } {
  const before = new Map(known.versions);
  const verdicts = judge(group, known);
  const accepted = group.filter((_append, index) => verdicts[index]?.is === 'accepted');
  const rows = {
    commands: commandRows(accepted),
    streams: streamRows(accepted, before, known.versions),
    events: eventRows(group, verdicts, versionOf),
  };

  return { verdicts, accepted, rows };
}

function eventRows(
  group: readonly Append[],
  verdicts: readonly Verdict[],
  versionOf: VersionOf,
): object[] {
  const rows = group.flatMap((append, index) => {
    const verdict = verdicts[index];
    if (verdict?.is !== 'accepted') return [];

    return append.writes.flatMap((write, nth) =>
      write.events.map(({ type, data, text }, offset) => ({
        namespace: append.caller.namespace,
        stream_id: write.stream,
        version: (verdict.firstVersions[nth] ?? 1) + offset,
        event_id: newId(),
        type,
        schema_version: versionOf(type),
        data,
        metadata: envelope(append),
        text: text ?? null,
        subject: append.caller.actor,
      })),
    );
  });

  return rows.map((row, index) => ({ ...row, nth: index + 1 }));
}

/** Positions are handed out in the order of the group, so the last event of each is known. */
function outcomesOf(
  group: readonly Append[],
  verdicts: readonly Verdict[],
  head: bigint,
): Outcome[] {
  const counts = group.map((append, index) =>
    verdicts[index]?.is === 'accepted' ? append.writes.flatMap(({ events }) => events).length : 0,
  );
  let position = head - BigInt(counts.reduce((sum, count) => sum + count, 0));

  return group.map((append, index) => {
    const verdict = verdicts[index];
    position += BigInt(counts[index] ?? 0);
    if (verdict?.is === 'refused') return verdict.because;
    if (verdict?.is === 'repeated') return { result: verdict.result, repeated: true, position: 0n };

    const wrote = (counts[index] ?? 0) > 0;
    return { result: append.result, repeated: false, position: wrote ? position : 0n };
  });
}
