import type { Ranking } from '#embedding';
import { among } from './among.js';
import type { SearchPlan } from './search-plan.js';

/** `$1` to `$10` are those of `among`. */
export const VECTOR = 11;
export const TEXT = '$14::text';

/**
 * The terms of the question weighed by their idf, at most three times each, so that a product with the
 * weights of a memory is its BM25; and those through which memories are looked up: the most telling
 * for the fewest rows first.
 */
export const wordsOfTheQuestion = ({ postings, largeFrom }: Ranking): string => `
      asked as materialized (
        select es.term($1, word.lexeme) as term, least(sum(word.times), 3) as times,
               bool_or(word.is_word or whole.lexeme is not null) as is_word
          from es.lexemes(${TEXT}) as word
          left join es.whole_words(${TEXT}) as whole on whole.lexeme = word.lexeme
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

/** Several executions may belong to one task. */
const EXECUTIONS = 1_000;
const EXECUTIONS_PER_TASK = 4;

/** Of how many executions, the best by one leg, the tasks are put forward. */
export function executionsOf(
  { isWide, semantic, keyword, neighbours }: SearchPlan,
  { candidates }: Ranking,
): { readonly nearby: string; readonly worded: string } {
  if (isWide) return { nearby: 'all', worded: 'all' };

  return {
    nearby: String(semantic === 'exact' ? EXECUTIONS : neighbours),
    worded: String(keyword === 'exact' ? EXECUTIONS : EXECUTIONS_PER_TASK * candidates),
  };
}

/** Of what only the best is a hit. */
type One = 'task_id' | 'memory_id';

/** What its parts of the statement are called, and which of its rows (`execution`) come first. */
export interface Leg {
  readonly rows: string;
  /** What the tasks that are put forward are called, and their executions. */
  readonly tasks: string;
  readonly put: string;
  readonly where: string;
  /** The best first. */
  readonly order: string;
}

export const WORDS: Leg = {
  rows: 'worded',
  tasks: 'said',
  put: 'saying',
  where: 'where execution.score > 0',
  order: 'execution.score desc, execution.memory_id',
};

export const MEANING: Leg = {
  rows: 'nearby',
  tasks: 'near',
  put: 'nearing',
  where: '',
  order: 'execution.distance, execution.memory_id',
};

/**
 * The tasks whose best executions by one leg are the best, and of each its best; with another leg
 * some more of it, because the best by both scores may be the best by neither.
 */
const putForward = (
  { rows, tasks, put, where, order }: Leg,
  { mode }: SearchPlan,
  one: One,
  { candidates }: Ranking,
): string => `
      ${tasks} as materialized (
        select execution.one
          from (select distinct on (execution.${one}) execution.${one} as one, execution.*
                  from ${rows} as execution
                 ${where}
                 order by execution.${one}, ${order}) as execution
         order by ${order}
         limit ${String(candidates)}
      ), ${put} as (
        select execution.memory_id
          from (select execution.memory_id,
                       row_number() over (partition by execution.${one} order by ${order}) as nth
                  from ${rows} as execution
                 where execution.${one} in (select ${tasks}.one from ${tasks})) as execution
         where execution.nth <= ${mode === 'hybrid' ? String(EXECUTIONS_PER_TASK) : '1'}
      )`;

export const byWords = (plan: SearchPlan, one: One, ranking: Ranking): string => `
      worded as materialized (
        select word.memory_id, word.task_id,
               -(word.weights <#> (select question.weights from question)) as score
          from ${plan.keyword === 'exact' ? 'memory_keywords' : 'es.searchable_keywords'} as word
         where ${among('word')}
           ${plan.keyword === 'exact' ? '' : 'and word.terms && (select question.telling from question)'}
         order by score desc, word.memory_id
         limit ${executionsOf(plan, ranking).worded}
      ), ${putForward(WORDS, plan, one, ranking)}`;

/** The same number, which no index is made for. */
const PAST_THE_INDEX = (distance: string): string => `(${distance}) + 0`;

interface Nearness {
  readonly table: string;
  /** SQL: from a vector of the table to that of the question. */
  readonly distance: string;
}

export const byMeaning = (
  plan: SearchPlan,
  one: One,
  ranking: Ranking,
  { table, distance }: Nearness,
): string => `
      nearby as materialized (
        select space.memory_id, space.task_id, ${plan.semantic === 'exact' ? PAST_THE_INDEX(distance) : distance} as distance
          from ${table} as space
         where ${among('space')}
         order by ${plan.semantic === 'exact' ? 'distance, space.memory_id' : distance}
         limit ${executionsOf(plan, ranking).nearby}
      ), ${putForward(MEANING, plan, one, ranking)}`;
