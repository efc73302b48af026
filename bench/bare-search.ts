import { Pool } from 'pg';
import { type EmbeddingProfile, type Ranking } from '../src/embedding/index.js';
import { amongValues, EXACT_ROWS, exactVectors } from '../src/memory/read-model/among.js';
import { memoryFilter } from '../src/memory/read-model/memory-filter.js';
import { neighboursOf, type SearchPlan } from '../src/memory/read-model/search-plan.js';
import { SEARCH_SETTINGS } from '../src/memory/read-model/search-settings.js';
import { searchStatement } from '../src/memory/read-model/search-statement.js';
import { type VectorTable } from '../src/memory/read-model/vector-table.js';

const NAMESPACE = 'default';

/** Nothing is left out of what a search looks at. */
const EVERYTHING = { filter: memoryFilter.parse({}), successOnly: false, exceptTask: null };

/** A question, and the vector that the model makes of it. */
export interface BareQuestion {
  readonly text: string;
  readonly vector: ArrayLike<number>;
}

/** The statement of a search as the product sends it, however it looks. */
export const bareStatement = (
  plan: Pick<SearchPlan, 'mode' | 'semantic' | 'keyword' | 'neighbours'>,
  ranking: Ranking,
  vectors: Pick<VectorTable, 'name' | 'pending' | 'parameter'>,
): string =>
  searchStatement(
    {
      ...plan,
      isWide: false,
      onePerTask: true,
      withVectors: false,
      withHighlights: true,
    },
    ranking,
    vectors,
  );

/** What that statement is asked with: everything of a namespace, `most` hits, however far they are. */
export const bareValues = (
  namespace: string,
  mode: SearchPlan['mode'],
  { text, vector }: BareQuestion,
  most: number,
): unknown[] => [
  ...amongValues(namespace, EVERYTHING),
  `[${Array.from(vector).join(',')}]`,
  0,
  most,
  ...(mode === 'semantic' ? [] : [text, false]),
];

/**
 * The statement of a hybrid search as the product sends it, by itself: each is its own transaction on a
 * connection that has its role, namespace and settings, and counts nothing before it.
 */
export class BareSearch {
  private readonly pool: Pool;
  private readonly statement: string;

  /** @param rows how many memories there are, which says how the product looks at them */
  constructor(
    url: string,
    { slug, dimensions, ranking }: EmbeddingProfile,
    { rows, connections }: { readonly rows: number; readonly connections: number },
  ) {
    const how = (most: number): 'exact' | 'index' => (rows <= most ? 'exact' : 'index');
    const neighbours = neighboursOf('balanced', rows, ranking);
    const looks = { semantic: how(exactVectors(rows)), keyword: how(EXACT_ROWS) };
    const type = `(${dimensions})`;
    this.pool = new Pool({
      connectionString: url,
      max: connections,
      options: [
        ['role', 'omoi_app'],
        ['omoi.namespace', NAMESPACE],
        ['hnsw.ef_search', String(neighbours)],
        ...Object.entries(SEARCH_SETTINGS),
      ]
        .map(([name, value]) => `-c ${name}=${value}`)
        .join(' '),
    });
    this.statement = bareStatement({ mode: 'hybrid', neighbours, ...looks }, ranking, {
      name: `memory_embedding_${slug}`,
      pending: `embedding_pending_${slug}`,
      parameter: (n) => `$${n}::vector${type}::halfvec${type}`,
    });
  }

  /** The ids of the memories that are found, best first. */
  async find(question: BareQuestion, most: number): Promise<string[]> {
    const { rows } = await this.pool.query<{ memory_id: string | null }>(
      this.statement,
      bareValues(NAMESPACE, 'hybrid', question, most),
    );

    return rows.flatMap(({ memory_id }) => memory_id ?? []);
  }

  close(): Promise<void> {
    return this.pool.end();
  }
}
