import { Database, type Sql } from '#database';
import type { Ranking } from '#embedding';
import { Injectable } from '@nestjs/common';
import { among, amongValues, EXACT_ROWS, type Among } from './among.js';
import { searchStatement, type SearchMode, type SearchPlan } from './search-statement.js';
import type { VectorTable } from './vector-table.js';

/** How thoroughly is looked: `exact` at every row, however many they are. */
export type Accuracy = 'fast' | 'balanced' | 'exact';

export interface Wanted {
  readonly mode: SearchMode;
  readonly accuracy: Accuracy;
  readonly where: Among;
  readonly text: string;
  /** In the space that is looked at. */
  readonly vector: Float32Array;
  /** The cosine that is needed, 0..1. */
  readonly threshold: number;
  /** Whether a memory that has every word of the text needs none. */
  readonly sparesComplete: boolean;
  readonly limit: number;
  readonly withVectors: boolean;
}

/** An execution that was found: cosine (negative ones as 0), BM25, and the score it is ordered by. */
export interface Hit {
  readonly task_id: string;
  readonly memory_id: string;
  readonly summary: string;
  readonly success: boolean;
  readonly similarity: number;
  /** Null where words were not looked at, as are the highlights. */
  readonly keyword: number | null;
  readonly rank: number;
  readonly reused_count: number;
  readonly highlights: readonly string[] | null;
  readonly vector: string | null;
}

/** What a search looked at. */
interface Looked {
  readonly candidates: number;
  readonly by_meaning: number | null;
  readonly by_words: number | null;
  readonly terms: number | null;
  readonly telling_terms: number | null;
  /** The best cosine among the candidates; null when there were none. */
  readonly nearest: number | null;
}

export interface Found {
  readonly hits: readonly Hit[];
  readonly looked: Looked;
  readonly plan: SearchPlan;
  /** How many rows the filter leaves; null when nobody counted, and never more than 5,001. */
  readonly rows: number | null;
}

/** How many rows the filter leaves in each table, up to one more than are looked at one by one. */
interface Counts {
  readonly vectors: number;
  readonly words: number;
}

type Row = Looked & { [Column in keyof Hit]: Hit[Column] | null };

/** Finds executions by meaning, by their words, or both. */
@Injectable()
export class SearchReader {
  constructor(private readonly database: Database) {}

  /** The best execution of each task, best first; of equally good ones the smaller id first. */
  find(namespace: string, vectors: VectorTable, wanted: Wanted): Promise<Found> {
    const { where, text, vector, threshold, sparesComplete, limit } = wanted;

    return this.database.within(namespace, async (sql) => {
      const values = amongValues(namespace, where);
      const counts = await this.count(sql, vectors, wanted.accuracy, values);
      const { ranking } = vectors.profile;
      const plan = planOf(wanted, counts, ranking);
      const found = await sql.query<Row>(searchStatement(plan, ranking, vectors), [
        ...values,
        `[${vector.join(',')}]`,
        threshold,
        limit,
        ...(plan.keyword ? [text, sparesComplete] : []),
      ]);
      const [looked = NOTHING] = found;

      return { hits: found.filter(isHit), looked, plan, rows: rowsOf(wanted, counts) };
    });
  }

  /** Counts what the filter leaves, and sets how far the index of vectors is searched. */
  private async count(
    sql: Sql,
    { name, profile }: VectorTable,
    accuracy: Accuracy,
    values: readonly unknown[],
  ): Promise<Counts> {
    const { neighbours } = profile.ranking;
    const isExact = accuracy === 'exact';
    const [counted] = await sql.query<Counts>(counting(name, isExact ? 0 : EXACT_ROWS + 1), [
      ...values,
      String(neighbours[isExact ? 'balanced' : accuracy]),
    ]);

    return counted ?? { vectors: 0, words: 0 };
  }
}

/** With a filter the index alone returns too few rows; it must go on until it has enough. */
function counting(vectors: string, most: number): string {
  const count = (table: string, name: string): string =>
    `(select count(*)
           from (select 1 from ${table} as ${name} where ${among(name)} limit ${String(most)})
             as counted)::int`;

  return `
      select ${count(vectors, 'space')} as vectors,
             ${count('memory_keywords', 'word')} as words,
             set_config('hnsw.ef_search', $11, true),
             set_config('hnsw.iterative_scan', 'relaxed_order', true),
             set_config('jit', 'off', true)`;
}

const isHit = (row: Row): row is Row & Hit => row.memory_id !== null;

const NOTHING: Looked = {
  candidates: 0,
  by_meaning: null,
  by_words: null,
  terms: null,
  telling_terms: null,
  nearest: null,
};

/** Nothing is counted where every row is looked at anyhow. */
function planOf({ mode, accuracy, withVectors }: Wanted, counts: Counts, of: Ranking): SearchPlan {
  const how = (count: number): 'exact' | 'index' => (count <= EXACT_ROWS ? 'exact' : 'index');

  return {
    mode,
    semantic: mode === 'keyword' ? null : how(counts.vectors),
    keyword: mode === 'semantic' ? null : how(counts.words),
    neighbours: of.neighbours[accuracy === 'exact' ? 'balanced' : accuracy],
    withVectors,
  };
}

function rowsOf({ mode, accuracy }: Wanted, { vectors, words }: Counts): number | null {
  if (accuracy === 'exact') return null;

  return mode === 'semantic' ? vectors : words;
}
