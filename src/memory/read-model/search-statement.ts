import type { Ranking } from '#embedding';
import {
  byMeaning,
  byWords,
  executionsOf,
  MEANING,
  TEXT,
  VECTOR,
  WORDS,
  wordsOfTheQuestion,
  type Leg,
} from './search-legs.js';
import type { SearchMode, SearchPlan } from './search-plan.js';
import type { VectorTable } from './vector-table.js';

/** `$1` to `$11` and `$14` are those of the legs. */
const LEAST = '$12::float8';
const LIMIT = '$13';
const SPARES = '$15::boolean';

/** How much of a question highlights are made for, and of a text that they are looked for in. */
const QUESTION_PART = 1_000;
const TEXT_PART = 3_000;

/**
 * A search as one statement: at most `ranking.candidates` tasks by meaning and as many by words, both
 * scores for each, fused, cut, the best execution of each task (or all of them). One row a hit, and one
 * without a hit when there is none, each with what was looked at.
 */
export function searchStatement(
  plan: SearchPlan,
  ranking: Ranking,
  vectors: Pick<VectorTable, 'name' | 'pending' | 'parameter'>,
): string {
  const { mode, semantic, keyword } = plan;
  const one = plan.onePerTask ? 'task_id' : 'memory_id';
  const distance = `space.emb <=> ${vectors.parameter(VECTOR)}`;
  const legs = [
    ...(keyword ? [wordsOfTheQuestion(ranking), byWords(plan, one, ranking)] : []),
    ...(semantic ? [byMeaning(plan, one, ranking, { distance, table: vectors.name })] : []),
  ];
  const put = [...(semantic ? [MEANING] : []), ...(keyword ? [WORDS] : [])].map(
    (leg) => `select memory_id from ${leg.put}`,
  );
  const words = keyword ? WITH_WORDS : WITHOUT_WORDS;

  return `
      with ${legs.join(', ')}, candidate as (
        ${put.join(' union ')}
      ), scored as materialized (
        select candidate.memory_id, coalesce(greatest(0, 1 - (${distance})), 0) as similarity,
               space.memory_id is not null as has_vector, ${words.columns}
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
      ${hits(plan, ranking, vectors)}`;
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

const lookedAt = (plan: SearchPlan, ranking: Ranking, pending: string): string => `
             select (select count(*) from scored)::int as candidates,
                    ${plan.semantic ? '(select count(*) from near)::int' : 'null::int'} as by_meaning,
                    ${plan.keyword ? '(select count(*) from said)::int' : 'null::int'} as by_words,
                    ${plan.keyword ? '(select count(*) from asked)::int' : 'null::int'} as terms,
                    ${plan.keyword ? '(select cardinality(question.telling) from question)' : 'null::int'} as telling_terms,
                    (select max(scored.similarity) from scored where scored.has_vector) as nearest,
                    ${isCrowded(plan, ranking)} as is_crowded,
                    ${plan.semantic ? `exists (select from ${pending} as pending where pending.namespace = $1)` : 'false'} as lacks_vectors`;

/** Whether fewer tasks than are wanted have all the executions that a leg goes as far as. */
function isCrowded(plan: SearchPlan, ranking: Ranking): string {
  if (!plan.onePerTask || plan.isWide) return 'false';
  const { nearby, worded } = executionsOf(plan, ranking);
  const crowded = ({ rows, tasks }: Leg, most: string): string =>
    `(select count(*) from ${rows}) >= ${most}
                     and (select count(*) from ${tasks}) < least(${LIMIT}, ${String(ranking.candidates)})`;
  const legs = [plan.semantic && crowded(MEANING, nearby), plan.keyword && crowded(WORDS, worded)];

  return legs.filter(Boolean).join('\n                     or ');
}

const hits = (
  plan: SearchPlan,
  ranking: Ranking,
  { name, pending }: Pick<VectorTable, 'name' | 'pending'>,
): string => `select looked.*, hit.*
        from (${lookedAt(plan, ranking, pending)}) as looked
        left join lateral (
          select memory.task_id, memory.id as memory_id,
                 coalesce(memory.execution_summary, '') as summary, memory.success,
                 memory.tools, memory.error_patterns, top.similarity, top.keyword, top.rank, coalesce(usage.reused_count, 0) as reused_count,
                 ${plan.keyword && plan.withHighlights ? HIGHLIGHTS : 'null::text[]'} as highlights,
                 ${plan.withVectors ? 'space.emb::text' : 'null::text'} as vector
            from top
            ${THE_MEMORY}
            ${byKey('memory_usage', 'usage', 'top')}
            ${plan.withVectors ? byKey(name, 'space', 'top') : ''}
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
