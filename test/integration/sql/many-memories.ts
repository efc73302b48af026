import type { Database } from '../../../src/database/index.js';
import { newId } from '../../../src/kernel/index.js';
import { memoryKeywords } from '../../../src/memory/read-model/memory-keywords.projection.js';

/** Random numbers from 0 to 1, the same ones every time. */
export function dice(seed: number): () => number {
  let state = seed;

  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 32;
  };
}

/** A direction that no other is preferred to, of length 1. */
export function randomUnit(dimensions: number, roll: () => number): Float32Array {
  const gauss = (): number => Math.sqrt(-2 * Math.log(1 - roll())) * Math.cos(2 * Math.PI * roll());
  const vector = Float32Array.from({ length: dimensions }, gauss);

  return vector.map((value) => value / Math.hypot(...vector));
}

interface Many {
  readonly table: string;
  readonly namespace: string;
  readonly count: number;
  readonly taskOf?: (nth: number) => string;
}

const twoATask = (nth: number): string => `task-${String(nth >> 1)}`;

/**
 * Memories of `namespace` with random vectors, two a task unless said; one in twenty is of the type `rare`, one
 * in four failed.
 */
export async function remember(
  database: Database,
  { table, namespace, count, taskOf = twoATask }: Many,
  dimensions: number,
): Promise<void> {
  const roll = dice(count);
  // Ids are drawn by chance. All in order, so that words, given out by id, go to the same ones every time.
  const ids = Array.from({ length: count }, newId).toSorted();
  for (let start = 0; start < count; start += 1_000) {
    const rows = ids.slice(start, start + 1_000).map((memory_id, offset) => ({
      namespace,
      memory_id,
      task_id: taskOf(start + offset),
      task_type: (start + offset) % 20 === 0 ? 'rare' : 'common',
      success: (start + offset) % 4 > 0,
      emb: `[${randomUnit(dimensions, roll).join(',')}]`,
    }));
    await database.as('omoi_projector', async (sql) => {
      await sql.query(
        `insert into ${table} (namespace, memory_id, task_id, task_type, success, tags, tools,
                               occurred_at, truncated, emb, text_sha256)
         select row.namespace, row.memory_id, row.task_id, row.task_type, row.success, '{}', '{}',
                now(), false, row.emb::vector, row.task_id
           from jsonb_to_recordset($1::jsonb)
                as row(namespace text, memory_id uuid, task_id text, task_type text,
                       success boolean, emb text)`,
        [JSON.stringify(rows)],
      );
      await sql.query(
        `insert into task_memories (namespace, id, task_id, task_type, execution_summary, success,
                                    tags, tools, auto_extract_patterns, occurred_at, learned_at)
         select row.namespace, row.memory_id, row.task_id, row.task_type, 'Mended it', row.success,
                '{}', '{}', true, now(), now()
           from jsonb_to_recordset($1::jsonb)
                as row(namespace text, memory_id uuid, task_id text, task_type text, success boolean)`,
        [JSON.stringify(rows)],
      );
    });
  }
  await database.as('omoi_owner', (sql) => sql.query(`analyze ${table}, task_memories`));
}

/** What stands in one memory each, and nowhere else among the words of the others. */
export const EXACT_WORDS = [
  'Failed with ERR_CONN_4711 after the upgrade',
  'The mistake was in src/auth/parse-claims.ts near the end',
  'Called renewAccessToken twice',
  'Raised django.core.ImproperlyConfigured at the start',
];

/** What is nearly the same, and lacks a part. */
const NEAR_MISSES = [
  'Failed with ERR_CONN_4712 after the upgrade',
  'Failed with ERR_DNS_4711 after the upgrade',
  'The mistake was in src/auth/parse-tokens.ts near the end',
  'Called revokeSessionToken twice',
  'Raised django.core.ValidationError at the start, as it was configured',
];

/** The words of the memories of `namespace`, as the projection of words writes them. */
export async function rememberWords(database: Database, namespace: string): Promise<void> {
  const roll = dice(7);
  const word = (): string => `w${String(Math.floor(400 * roll() ** 2))}`;
  await database.as('omoi_projector', async (sql) => {
    const memories = await sql.query<{ memory_id: string }>(
      `select memory.id as memory_id, memory.task_id, memory.task_type, memory.success
         from task_memories as memory where memory.namespace = $1 order by memory.id`,
      [namespace],
    );
    const around = { reading: 'replay', tell: () => 0, past: null } as never;
    const rows = memoryKeywords.rows(sql, around);
    for (let start = 0; start < memories.length; start += 500) {
      const events = memories.slice(start, start + 500).map((memory, offset) => ({
        namespace,
        data: { ...memory, tags: [], tools: [], occurred_at: '2026-01-31T12:00:00Z' },
        text: {
          description: null,
          execution_summary:
            [...EXACT_WORDS, ...NEAR_MISSES][start + offset] ??
            Array.from({ length: 30 }, word).join(' '),
          error_patterns: null,
        },
      }));
      await memoryKeywords.on['memory.execution_stored']?.(events as never, rows);
    }
    await sql.query(
      `update task_memories as memory set execution_summary = row.summary
         from unnest($1::uuid[], $2::text[]) as row(id, summary)
        where memory.namespace = $3 and memory.id = row.id`,
      [
        memories.slice(0, EXACT_WORDS.length).map(({ memory_id }) => memory_id),
        EXACT_WORDS,
        namespace,
      ],
    );
  });
  await database.as('omoi_owner', (sql) =>
    sql.query('analyze memory_keywords, keyword_frequencies'),
  );
}
