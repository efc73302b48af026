import type { Ranking } from '#embedding';
import { among } from './among.js';
import type { VectorTable } from './vector-table.js';

export type SearchMode = 'semantic' | 'keyword' | 'hybrid';

/** What a search looks at and how: rows one by one, or through an index. */
export interface SearchPlan {
  readonly mode: SearchMode;
  /** null: what is near is not looked for. */
  readonly semantic: 'exact' | 'index' | null;
  /** null: words are not looked at. */
  readonly keyword: 'exact' | 'index' | null;
  readonly neighbours: number;
  /** Of the executions of one task only the best. */
  readonly onePerTask: boolean;
  /** What is wanted of each hit besides its scores. */
  readonly withVectors: boolean;
  readonly withHighlights: boolean;
}

/** `$1` to `$10` are those of `among`. */
const VECTOR = 11;
const LEAST = '$12::float8';
const LIMIT = '$13';
const TEXT = '$14::text';
const SPARES = '$15::boolean';

/** How much of a question highlights are made for, and of a text that they are looked for in. */
const QUESTION_PART = 1_000;
const TEXT_PART = 3_000;

/**
 * A search as one statement: at most `ranking.candidates` tasks by meaning and as many by words, both
 * scores for each, fused, cut, the best execution of each task (or all of them). One row a hit, and one without a hit
 * when there is none, each with what was looked at.
 */
export function searchStatement(
  plan: SearchPlan,
  ranking: Ranking,
  vectors: Pick<VectorTable, 'name' | 'parameter'>,
): string {
  const { mode, semantic, keyword, neighbours } = plan;
  const one = plan.onePerTask ? 'task_id' : 'memory_id';
  const distance = `space.emb <=> ${vectors.parameter(VECTOR)}`;
  const legs = [
    ...(keyword ? [wordsOfTheQuestion(ranking), byWords(keyword, one, ranking)] : []),
    ...(semantic
      ? [byMeaning({ how: semantic, one, neighbours, distance, table: vectors.name }, ranking)]
      : []),
  ];
  const put = [semantic && 'select memory_id from near', keyword && 'select memory_id from said'];
  const words = keyword ? WITH_WORDS : WITHOUT_WORDS;

  return `
      with ${legs.join(', ')}, candidate as (
        ${put.filter(Boolean).join(' union ')}
      ), scored as materialized (
        select candidate.memory_id, coalesce(greatest(0, 1 - (${distance})), 0) as similarity,
               ${words.columns}
          from candidate
          ${byKey(vectors.name, 'space', 'candidate')}
          ${words.join}
      ), ranked as (
        select scored.*, ${rankOf(mode, ranking)} as rank
          from scored
      ), kept as (
        select distinct on (ranked.${one}) ranked.*
          from ranked
         where ranked.similarity >= ${LEAST} ${words.orElse}
         order by ranked.${one}, ranked.rank desc, ranked.memory_id
      ), top as materialized (
        select kept.* from kept order by kept.rank desc, kept.memory_id limit ${LIMIT}
      )
      ${hits(plan, vectors.name)}`;
}

/** The score by which hits are ordered, 0..1: a convex combination, the words by the best of them. */
function rankOf(mode: SearchMode, { meaningWeight }: Ranking): string {
  const words = 'coalesce(scored.keyword / nullif(max(scored.keyword) over (), 0), 0)';
  if (mode === 'semantic') return 'scored.similarity';
  if (mode === 'keyword') return words;

  return `${String(meaningWeight)} * scored.similarity
               + ${String(Math.round((1 - meaningWeight) * 1e6) / 1e6)} * ${words}`;
}

/** The row of each of `those`, one by one: the planner would rather read all rows of a small table. */
const byKey = (table: string, row: string, those: string): string => `left join lateral (
            select ${row}.* from ${table} as ${row}
             where ${row}.namespace = $1 and ${row}.memory_id = ${those}.memory_id
             limit 1
          ) as ${row} on true`;

const WITHOUT_WORDS = { columns: 'space.task_id, null::float8 as keyword', join: '', orElse: '' };

/** Is complete: has every word of the question. */
const WITH_WORDS = {
  columns: `coalesce(space.task_id, word.task_id) as task_id,
               greatest(0, coalesce(-(word.weights <#> (select question.weights from question)), 0))
                 as keyword,
               coalesce(word.terms @> (select question.every from question), false) as is_complete`,
  join: byKey('memory_keywords', 'word', 'candidate'),
  orElse: `or (${SPARES} and ranked.is_complete)`,
};

/**
 * The terms of the question weighed by their idf, at most three times each, so that a product with the
 * weights of a memory is its BM25; and those through which memories are looked up: the most telling
 * for the fewest rows first.
 */
const wordsOfTheQuestion = ({ postings, largeFrom }: Ranking): string => `
      asked as materialized (
        select es.term($1, word.lexeme) as term, least(sum(word.times), 3) as times,
               bool_or(word.is_word) as is_word
          from es.lexemes(${TEXT}) as word
         group by 1
      ), total as materialized (
        select known.documents from keyword_frequencies as known
         where known.namespace = $1 and known.term = 0
      ), weighed as materialized (
        select asked.term, known.documents,
               (ln(1 + (total.documents - known.documents + .5) / (known.documents + .5))
                * asked.times)::real as weight
          from asked
         cross join lateral (
            select frequency.documents from keyword_frequencies as frequency
             where frequency.namespace = $1 and frequency.term = asked.term
             limit 1
          ) as known
         cross join total
      ), telling as materialized (
        select weighed.term, weighed.weight, sum(weighed.documents) over telling as postings,
               row_number() over telling as nth
          from weighed
        window telling as (order by weighed.documents / weighed.weight, weighed.term)
      ), question as materialized (
        select ('{' || string_agg(telling.term || ':' || telling.weight, ',')
                || '}/1000000000')::sparsevec as weights,
               array_agg(telling.term) filter (
                 where telling.nth = 1 or telling.postings <= (
                   select case when total.documents < ${String(largeFrom)}
                               then ${String(postings.usual)} else ${String(postings.large)} end
                     from total)) as telling,
               (select array_agg(asked.term) from asked where asked.is_word) as every
          from telling
      )`;

/** Of how many executions, the best by one leg, the tasks are put forward: several may belong to one. */
const EXECUTIONS = 1_000;
const EXECUTIONS_PER_TASK = 4;

/** Of what only the best is put forward. */
type One = 'task_id' | 'memory_id';

const byWords = (how: 'exact' | 'index', one: One, { candidates }: Ranking): string => `
      worded as materialized (
        select word.memory_id, word.task_id,
               -(word.weights <#> (select question.weights from question)) as score
          from ${how === 'exact' ? 'memory_keywords' : 'es.searchable_keywords'} as word
         where ${among('word')}
           ${how === 'exact' ? '' : 'and word.terms && (select question.telling from question)'}
         order by score desc, word.memory_id
         limit ${String(how === 'exact' ? EXECUTIONS : EXECUTIONS_PER_TASK * candidates)}
      ), said as materialized (
        select best.memory_id
          from (select distinct on (worded.${one}) worded.memory_id, worded.score
                  from worded
                 where worded.score > 0
                 order by worded.${one}, worded.score desc, worded.memory_id) as best
         order by best.score desc, best.memory_id
         limit ${String(candidates)}
      )`;

/** The same number, which no index is made for. */
const PAST_THE_INDEX = (distance: string): string => `(${distance}) + 0`;

interface ByMeaning {
  readonly how: 'exact' | 'index';
  readonly one: One;
  readonly neighbours: number;
  readonly table: string;
  /** SQL: from a vector of the table to that of the question. */
  readonly distance: string;
}

const byMeaning = (
  { how, one, neighbours, table, distance }: ByMeaning,
  { candidates }: Ranking,
): string => `
      nearby as materialized (
        select space.memory_id, space.task_id, ${how === 'exact' ? PAST_THE_INDEX(distance) : distance} as distance
          from ${table} as space
         where ${among('space')}
         order by ${how === 'exact' ? 'distance, space.memory_id' : distance}
         limit ${String(how === 'exact' ? EXECUTIONS : neighbours)}
      ), near as materialized (
        select best.memory_id
          from (select distinct on (nearby.${one}) nearby.memory_id, nearby.distance
                  from nearby
                 order by nearby.${one}, nearby.distance, nearby.memory_id) as best
         order by best.distance, best.memory_id
         limit ${String(candidates)}
      )`;

const lookedAt = ({ semantic, keyword }: SearchPlan): string => `
             select (select count(*) from scored)::int as candidates,
                    ${semantic ? '(select count(*) from near)::int' : 'null::int'} as by_meaning,
                    ${keyword ? '(select count(*) from said)::int' : 'null::int'} as by_words,
                    ${keyword ? '(select count(*) from asked)::int' : 'null::int'} as terms,
                    ${keyword ? '(select cardinality(question.telling) from question)' : 'null::int'} as telling_terms,
                    (select max(scored.similarity) from scored) as nearest`;

const hits = (plan: SearchPlan, vectors: string): string => `select looked.*, hit.*
        from (${lookedAt(plan)}) as looked
        left join lateral (
          select memory.task_id, memory.id as memory_id,
                 coalesce(memory.execution_summary, '') as summary, memory.success,
                 memory.tools, memory.error_patterns, top.similarity, top.keyword, top.rank, coalesce(usage.reused_count, 0) as reused_count,
                 ${plan.keyword && plan.withHighlights ? HIGHLIGHTS : 'null::text[]'} as highlights,
                 ${plan.withVectors ? 'space.emb::text' : 'null::text'} as vector
            from top
            ${THE_MEMORY}
            ${byKey('memory_usage', 'usage', 'top')}
            ${plan.withVectors ? byKey(vectors, 'space', 'top') : ''}
        ) as hit on true
       order by hit.rank desc, hit.memory_id`;

/** One by one too: joined otherwise, all memories of a small tenant would be read, and highlighted. */
const THE_MEMORY = `join lateral (
              select memory.* from task_memories as memory
               where memory.namespace = $1 and memory.id = top.memory_id and memory.status = 'stored'
               limit 1
            ) as memory on true`;

const HIGHLIGHTS = `es.highlights(
                   left(concat_ws(E'\\n', memory.execution_summary, memory.description,
                                  memory.error_patterns::text), ${String(TEXT_PART)}),
                   es.any_word(left(${TEXT}, ${String(QUESTION_PART)})))`;
