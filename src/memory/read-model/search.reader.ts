import { Database, type Sql } from '#database';
import { SERVICE_NAMESPACE } from '#kernel';
import { Injectable, type OnApplicationBootstrap } from '@nestjs/common';
import { among, amongValues, exactVectors, isWhole, type Among } from './among.js';
import {
  neighboursOf,
  planOf,
  wide,
  type Accuracy,
  type Reaching,
  type SearchMode,
  type SearchPlan,
} from './search-plan.js';
import { searchFailed, searchSettings, searchSettingsMustHold } from './search-settings.js';
import { searchStatement } from './search-statement.js';
import { TableSizes } from './table-sizes.js';
import type { VectorTable } from './vector-table.js';

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
  /** Of the executions of one task only the best. */
  readonly onePerTask: boolean;
  readonly withVectors: boolean;
  readonly withHighlights: boolean;
}

/** An execution that was found: cosine (negative ones as 0), BM25, and the score it is ordered by. */
export interface Hit {
  readonly task_id: string;
  readonly memory_id: string;
  readonly summary: string;
  readonly success: boolean;
  readonly tools: readonly string[];
  readonly error_patterns: Record<string, unknown> | null;
  readonly similarity: number;
  /** Null where words were not looked at. */
  readonly keyword: number | null;
  readonly rank: number;
  readonly reused_count: number;
  /** Null where nobody wanted them, or words were not looked at. */
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
  /** The best cosine among the candidates; null when none of them has a vector. */
  readonly nearest: number | null;
  /** Whether executions of so few tasks came first that others were not looked at. */
  readonly is_crowded: boolean;
  /** Whether memories that could be near have no vector yet. */
  readonly lacks_vectors: boolean;
}

export interface Found {
  readonly hits: readonly Hit[];
  readonly looked: Looked;
  readonly plan: SearchPlan;
  /** How many rows the filter leaves, as far as it matters; null when nobody counted. */
  readonly rows: number | null;
}

type Row = Looked & { [Column in keyof Hit]: Hit[Column] | null };

/** Finds executions by meaning, by their words, or both. */
@Injectable()
export class SearchReader implements OnApplicationBootstrap {
  private readonly sizes = new TableSizes();

  constructor(private readonly database: Database) {}

  /** @throws Error when searches would find less than they should */
  async onApplicationBootstrap(): Promise<void> {
    await this.database.within(SERVICE_NAMESPACE, searchSettingsMustHold);
  }

  /**
   * The best executions, best first; of equally good ones the smaller id first.
   * @throws DomainError `memory.search_timed_out` when it takes too long
   */
  find(namespace: string, vectors: VectorTable, wanted: Wanted): Promise<Found> {
    const { where, text, vector, threshold, sparesComplete, limit } = wanted;

    return this.database
      .within(namespace, async (sql) => {
        const values = amongValues(namespace, where);
        const { ranking } = vectors.profile;
        const total = wanted.mode === 'keyword' ? 0 : await this.sizes.of(vectors.name, sql);
        const neighbours = neighboursOf(wanted.accuracy, total, ranking);
        const reaching = { ...wanted, reach: exactVectors(total), neighbours };
        const rows = await this.count(sql, vectors, reaching, values);
        const ask = async (plan: SearchPlan): Promise<Found> => {
          const found = await sql.query<Row>(searchStatement(plan, ranking, vectors), [
            ...values,
            `[${vector.join(',')}]`,
            threshold,
            limit,
            ...(plan.keyword ? [text.normalize('NFC'), sparesComplete] : []),
          ]);
          const [looked = NOTHING] = found;
          return { hits: found.filter(isHit), looked, plan, rows };
        };
        const found = await ask(planOf(reaching, rows, vectors));

        return found.looked.is_crowded ? ask(wide(found.plan)) : found;
      })
      .catch(searchFailed);
  }

  /**
   * Counts what the filter leaves, just past what is looked at without an index, unless every row is
   * looked at anyhow; and sets how far indexes are searched.
   */
  private async count(
    sql: Sql,
    { name }: VectorTable,
    { mode, accuracy, where, reach, neighbours }: Wanted & Reaching,
    values: readonly unknown[],
  ): Promise<number | null> {
    const table = mode === 'semantic' ? name : 'memory_keywords';
    const count = isWhole(where)
      ? { statement: COUNT_OF_ALL, given: values.slice(0, 1) }
      : { statement: countOf(table, reach), given: values };
    const { statement, given } = accuracy === 'exact' ? UNCOUNTED : count;
    const [row] = await sql.query<{ rows: number | null }>(
      `select ${statement} as rows, ${searchSettings(given.length + 1)}`,
      [...given, String(neighbours)],
    );

    return row?.rows ?? null;
  }
}

const countOf = (table: string, reach: number): string => `(
          select count(*)
            from (select 1 from ${table} as counted where ${among('counted')}
                   limit ${String(reach + 1)}) as counted)::int`;

const UNCOUNTED = { statement: 'null', given: [] };

/** How many memories a namespace has stands beside its words. */
const COUNT_OF_ALL = `(
          select coalesce(sum(known.documents), 0)
            from keyword_frequencies as known
           where known.namespace = $1 and known.term = 0)::int`;

const isHit = (row: Row): row is Row & Hit => row.memory_id !== null;

const NOTHING: Looked = {
  candidates: 0,
  by_meaning: null,
  by_words: null,
  terms: null,
  telling_terms: null,
  nearest: null,
  is_crowded: false,
  lacks_vectors: false,
};
