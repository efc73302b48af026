import { type INestApplicationContext } from '@nestjs/common';
import { QueryBus } from '@nestjs/cqrs';
import { type Pool } from 'pg';
import { type z } from 'zod';
import { ownCaller } from '../src/kernel/index.js';
import { neighboursOf } from '../src/memory/read-model/search-plan.js';
import { SEARCH_SETTINGS } from '../src/memory/read-model/search-settings.js';
import { Spaces } from '../src/memory/read-model/spaces.js';
import { SearchMemories } from '../src/memory/search-memories/search-memories.query.js';
import { searchMemoriesRequest } from '../src/memory/search-memories/search-memories.request.js';
import { type Mode } from './arguments.js';
import { bareStatement, bareValues } from './bare-search.js';
import { MANY, TENTH, TYPES } from './grown-store.js';
import { mean, percentile, share } from './metrics.js';
import { goThrough } from './progress.js';
import { timed, type Figures } from './suite.js';

const MODES = ['semantic', 'keyword', 'hybrid'] as const;
export const TOP_K = 10;
/** So many questions unseen first, so that plans and pages are where they are in a service that runs. */
const WARM_UP = 10;

const SETTINGS = Object.entries(SEARCH_SETTINGS)
  .map(([name, value]) => `set local ${name} = '${value}'`)
  .join('; ');

/** A text that somebody looks for, and its vector. */
export interface Question {
  readonly text: string;
  readonly vector: Float32Array;
}

/** A question, and what the service found for it in each mode. */
interface Asked {
  readonly question: Question;
  readonly ids: Partial<Record<Mode, readonly string[]>>;
}

interface Answer {
  readonly ids: readonly string[];
  readonly plan: { readonly semantic: Plan; readonly keyword: Plan };
}
type Plan = 'exact' | 'index' | null;

/** All figures of one size. Searches of the service are timed without the model. */
export class Look {
  private readonly queries: QueryBus;

  constructor(
    private readonly house: INestApplicationContext,
    private readonly pool: Pool,
    private readonly questions: readonly Question[],
    /** How many memories there are, of everybody. */
    private readonly rows: number,
  ) {
    this.queries = house.get(QueryBus);
  }

  async figures(): Promise<Figures> {
    const [unseen, took, tenth] = [nothingYet(), nothingYet(), [] as number[]];
    for (const question of this.questions.slice(0, WARM_UP)) await this.ask(question, unseen, []);
    const asked = await goThrough('Searching', this.questions, (question) =>
      this.ask(question, took, tenth),
    );

    return {
      ...figuresOf(took, tenth),
      ...(await this.recalls(asked)),
      ...(await this.filtered()),
    };
  }

  /** One question in every mode, by the service and as bare SQL, in turn. */
  private async ask(
    question: Question,
    took: Readonly<Record<Mode, Took>>,
    tenth: number[],
  ): Promise<Asked> {
    const ids: Asked['ids'] = {};
    for (const mode of MODES) {
      const { service, sql } = took[mode];
      const answer = await this.search(question, { mode }, service);
      await this.bare(question, mode, answer.plan, sql);
      ids[mode] = answer.ids;
    }
    await this.search(question, { mode: 'hybrid' }, tenth, TENTH);

    return { question, ids };
  }

  /** Afterwards: looking at every row takes the pages out of memory that the next question needs. */
  private async recalls(asked: readonly Asked[]): Promise<Figures> {
    const recalls: Record<string, number> = {};
    for (const mode of MODES) {
      const found = await goThrough(`Searching exactly, ${mode}`, asked, async (one) => {
        const exact = await this.search(one.question, { mode, accuracy: 'exact' });
        return recall(one.ids[mode] ?? [], exact.ids);
      });
      recalls[`recall_${mode}`] = mean(found);
    }

    return recalls;
  }

  /**
   * The fewest in a list of ten that a filter leaves, where those count that cannot be there, and the
   * least share of the exact ones.
   */
  private async filtered(): Promise<Figures> {
    const recalls: number[] = [];
    let fewest = Infinity;
    for (const [task_type, part] of Object.entries(TYPES)) {
      const there = Math.min(TOP_K, Math.floor(0.9 * part * this.rows));
      const found: number[] = [];
      await goThrough(`Searching ${task_type}`, this.questions, async (question) => {
        const wanted = { mode: 'hybrid', filters: { task_type } } as const;
        const { ids } = await this.search(question, wanted);
        const exact = await this.search(question, { ...wanted, accuracy: 'exact' });
        fewest = Math.min(fewest, ids.length + TOP_K - there);
        found.push(recall(ids, exact.ids));
      });
      recalls.push(mean(found));
    }

    return { fewest_filtered: fewest, recall_filtered: Math.min(...recalls) };
  }

  private async search(
    { text }: Question,
    wanted: Partial<z.input<typeof searchMemoriesRequest>>,
    took: number[] = [],
    namespace = MANY,
  ): Promise<Answer> {
    const asked = searchMemoriesRequest.parse({
      task_description: text,
      top_k: TOP_K,
      similarity_threshold: 0,
      explain: true,
      ...wanted,
    });
    const answer = await this.queries.execute(new SearchMemories(ownCaller(namespace), asked));
    if (!answer.explanation) throw new Error('A search did not explain itself.');
    took.push(answer.explanation.timings_ms.search);

    return {
      ids: answer.items.map(({ memory_id }) => memory_id),
      plan: answer.explanation.plan,
    };
  }

  /** The statement of that search alone, its settings made before. */
  private async bare(
    question: Question,
    mode: Mode,
    plan: Answer['plan'],
    took: number[],
  ): Promise<void> {
    const { vectors } = this.house.get(Spaces).current;
    const { ranking } = vectors.profile;
    const neighbours = neighboursOf('balanced', this.rows, ranking);
    const statement = bareStatement({ mode, neighbours, ...plan }, ranking, vectors);
    const values = bareValues(MANY, mode, question, TOP_K);
    const client = await this.pool.connect();
    try {
      await client.query(
        `begin; set local role omoi_app; set local omoi.namespace = '${MANY}';
         set local hnsw.ef_search = ${neighbours}; ${SETTINGS}`,
      );
      await timed(took, () => client.query(statement, values));
      await client.query('commit');
    } finally {
      client.release();
    }
  }
}

/** Of one mode, in ms: the service's, and the bare statement's. */
interface Took {
  readonly service: number[];
  readonly sql: number[];
}

const nothingYet = (): Record<Mode, Took> => ({
  semantic: { service: [], sql: [] },
  keyword: { service: [], sql: [] },
  hybrid: { service: [], sql: [] },
});

function figuresOf(took: Readonly<Record<Mode, Took>>, tenth: readonly number[]): Figures {
  const middle = (values: readonly number[]): number => percentile(values, 50);
  const of = (name: string, figure: (took: Took) => number): Figures =>
    Object.fromEntries(MODES.map((mode) => [name.replace('*', mode), figure(took[mode])]));
  const { semantic, keyword, hybrid } = took;

  return {
    ...of('*_p50_ms', ({ service }) => middle(service)),
    ...of('*_p95_ms', ({ service }) => percentile(service, 95)),
    ...of('*_sql_p50_ms', ({ sql }) => middle(sql)),
    service_to_sql: middle(hybrid.service) / middle(hybrid.sql),
    hybrid_to_legs: middle(hybrid.sql) / (middle(semantic.sql) + middle(keyword.sql)),
    tenth_hybrid_p50_ms: middle(tenth),
    tenth_hybrid_p95_ms: percentile(tenth, 95),
  };
}

/** The share of `wanted` that was found, 0..1; 1 when nothing was wanted. */
const recall = (found: readonly string[], wanted: readonly string[]): number =>
  wanted.length === 0 ? 1 : share(wanted.map((id) => found.includes(id)));
