import type { Sql } from '#database';
import { newId } from '#kernel';
import { envelope } from './envelope.js';
import type { Append, Appended } from './event-store.js';
import { forget, lookUp, writeCommands, writeEvents, writeStreams } from './group-sql.js';
import { judge, type Verdict } from './judge.js';

/** What became of one append of a group: its answer, or the refusal that is its own. */
export type Outcome = Appended | Error;

/**
 * Commits a group of appends in the transaction of `sql` (READ COMMITTED, as `omoi_log`). The head
 * of the log is taken last, so that it is locked only while the events themselves are written, and
 * positions are gapless in commit order.
 * @throws Overtaken when the whole transaction has to be done again.
 */
export async function appendGroup(
  sql: Sql,
  group: readonly Append[],
  versionOf: (type: string) => number,
): Promise<Outcome[]> {
  const known = await lookUp(sql, group);
  const before = new Map(known.versions);
  const verdicts = judge(group, known);
  const accepted = group.filter((_append, index) => verdicts[index]?.is === 'accepted');
  if (accepted.length === 0) return outcomesOf(group, verdicts, 0n);

  await writeCommands(sql, accepted);
  const rows = eventRows(group, verdicts, versionOf);
  if (rows.length === 0) return outcomesOf(group, verdicts, 0n);

  await writeStreams(sql, accepted, before, known.versions);
  const head = await writeEvents(sql, rows);
  await forget(sql, accepted);

  return outcomesOf(group, verdicts, head);
}

function eventRows(
  group: readonly Append[],
  verdicts: readonly Verdict[],
  versionOf: (type: string) => number,
): object[] {
  return group.flatMap((append, index) => {
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
