import { Migration } from '@mikro-orm/migrations';
import { isolation } from './isolation.js';

/** The same lock as that of the first migration: roles belong to the whole cluster. */
const ROLES_LOCK = 7_301_847;

/** How memories are found by their words: tokens, weights, how common each term is, and who may look. */
export class Keywords extends Migration {
  override up(): void {
    this.role();
    this.addSql('set local role omoi_owner');
    this.tokens();
    this.tables();
    this.view();
    this.addSql('reset role');
  }

  override down(): void {
    this.addSql('drop view es.searchable_keywords');
    this.addSql('drop table "memory_keywords", "keyword_frequencies"');
    this.addSql('drop function es.keyword_document(text, text)');
    this.addSql('drop function es.highlights(text, tsquery)');
    this.addSql('drop function es.marked(text, tsquery)');
    this.addSql('drop function es.any_word(text)');
    this.addSql('drop function es.term(text, text)');
    this.addSql('drop function es.lexemes(text)');
    this.addSql('drop function es.identifiers(text)');
    this.addSql('drop function es.spaced(text)');
    this.addSql(`delete from es.projection where name = 'memory-keywords'`);
  }

  private role(): void {
    this.addSql(`select pg_advisory_xact_lock(${String(ROLES_LOCK)})`);
    this.addSql(`
      do $$
      begin
        if not exists (select from pg_roles where rolname = 'omoi_search') then
          create role omoi_search nologin;
        end if;
        if not pg_has_role('omoi_owner', 'omoi_search', 'member') then
          grant omoi_search to omoi_owner;
        end if;
      end $$`);
  }

  private tokens(): void {
    for (const statement of FUNCTIONS) this.addSql(statement);
  }

  private tables(): void {
    this.addSql(`
      create table "memory_keywords" (
        "namespace" varchar(64) not null, "memory_id" uuid not null,
        "task_id" varchar(200) not null, "task_type" varchar(200) not null,
        "agent_id" varchar(200) null, "phase_id" varchar(50) null, "success" boolean not null,
        "tags" text[] not null, "tools" text[] not null, "occurred_at" timestamptz(3) not null,
        "terms" int[] not null, "weights" sparsevec not null,
        primary key ("namespace", "memory_id")
      ) with (toast_tuple_target = 8160)`);
    this.addSql(`
      create index "memory_keywords_terms" on "memory_keywords" using gin ("terms")
        with (fastupdate = on, gin_pending_list_limit = 256)`);
    this.addSql(
      'create index "memory_keywords_type" on "memory_keywords" ("namespace", "task_type")',
    );
    this.addSql(`
      create table "keyword_frequencies" (
        "namespace" varchar(64) not null, "term" int not null, "documents" int not null,
        primary key ("namespace", "term")
      ) with (fillfactor = 80)`);
    // Made of words of people: the planner keeps no samples of them.
    this.addSql(`
      alter table "memory_keywords" alter column "terms" set statistics 0,
        alter column "weights" set statistics 0`);
    this.addSql('alter table "keyword_frequencies" alter column "term" set statistics 0');
    for (const table of ['memory_keywords', 'keyword_frequencies']) {
      for (const statement of isolation(table)) this.addSql(statement);
    }
  }

  /**
   * Row-level security would keep the GIN index from being used: comparing arrays is not leakproof. So
   * words are looked for through a view that asks for the namespace itself, as a role that sees all.
   */
  private view(): void {
    this.addSql('create policy "search" on "memory_keywords" to omoi_search using (true)');
    this.addSql('grant select on "memory_keywords" to omoi_search');
    this.addSql('grant usage on schema public to omoi_search');
    this.addSql(SEARCHABLE_KEYWORDS);
    this.addSql('grant create on schema es to omoi_search');
    this.addSql('alter view es.searchable_keywords owner to omoi_search');
    this.addSql('revoke create on schema es from omoi_search');
    this.addSql('grant select on es.searchable_keywords to omoi_app');
  }
}

/** A text with what identifiers are made of apart: `parseToken` as `parse Token`, `a/b.ts` as `a b ts`. */
const SPACED = String.raw`
  create function es.spaced(body text) returns text
  language sql immutable parallel safe as $$
    select regexp_replace(
             regexp_replace(
               regexp_replace(body, '([a-z0-9])([A-Z])', '\1 \2', 'g'),
               '([A-Z]+)([A-Z][a-z])', '\1 \2', 'g'),
             '[^[:alnum:]]+', ' ', 'g') $$`;

/** What is written as one word and made of several, as often as it stands there. */
const IDENTIFIERS = String.raw`
  create function es.identifiers(body text) returns table (identifier text)
  language sql immutable parallel safe as $$
    select found[1]
      from regexp_matches(body,
             '[[:alnum:]]+(?:[_./\\:@#-]+[[:alnum:]]+)+|[[:alnum:]]*[a-z0-9][A-Z][[:alnum:]]*|[A-Z]{2,}[a-z][[:alnum:]]*',
             'g') as found $$`;

/**
 * The lexemes of a text and how often each stands there: English stems, identifiers whole, and their
 * parts. is_word: whoever looks for the text has to find it; the others are the same words once more.
 */
export const LEXEMES = `
  create function es.lexemes(body text) returns table (lexeme text, times int, is_word boolean)
  language sql immutable parallel safe as $$
    select found.lexeme, max(found.times)::int, bool_or(found.is_word)
      from (
        select word.lexeme, cardinality(word.positions) as times, false as is_word
          from unnest(to_tsvector('english', body)) as word
        union all
        select word.lexeme, cardinality(word.positions), true
          from unnest(to_tsvector('english', es.spaced(body))) as word
        union all
        select lower(whole.identifier), count(*), false
          from es.identifiers(body) as whole
         group by lower(whole.identifier)
      ) as found
     where length(found.lexeme) < 200
     group by found.lexeme $$`;

/** A question for any of the words of a text, and their parts. */
export const ANY_WORD = `
  create function es.any_word(body text) returns tsquery
  language sql immutable parallel safe as $$
    select replace(replace(
             plainto_tsquery('english', body || ' ' || es.spaced(body))::text,
             ' & ', ' | '), ' <-> ', ' | ')::tsquery $$`;

/** At most three parts of a text with the words of a question marked; null where it has none of them. */
const MARKED = `
  create function es.marked(body text, question tsquery) returns text[]
  language sql immutable parallel safe as $$
    select array_agg(part.words)
      from unnest(string_to_array(
             ts_headline('english', body, question,
               'MaxFragments=3, MinWords=5, MaxWords=20, StartSel=**, StopSel=**, FragmentDelimiter=\u241E'),
             '\u241E')) as part(words)
     where position('**' in part.words) > 0 $$`;

/** The same, and where it has none of them as it is written, identifiers that are made of one. */
const HIGHLIGHTS = `
  create function es.highlights(body text, question tsquery) returns text[]
  language sql immutable parallel safe as $$
    select coalesce(
      es.marked(body, question),
      es.marked(body, es.any_word((
        select string_agg(whole.identifier, ' ')
          from es.identifiers(body) as whole
         where to_tsvector('english', es.spaced(whole.identifier)) @@ question))),
      '{}') $$`;

/** A lexeme as a number, 1..999,999,999, another one in each namespace; 0 is no term. */
const TERM = `
  create function es.term(namespace text, lexeme text) returns int
  language sql immutable parallel safe as $$
    select ((hashtextextended(namespace || chr(1) || lexeme, 0) & 9223372036854775807)
            % 999999999 + 1)::int $$`;

/**
 * The terms of a text and their weights in BM25 (Robertson and Zaragoza, 2009; k1 = 1.2, b = .75)
 * without idf, over a usual length of 60 words: a pure function of the text, which no other changes.
 * Multiplied with a question's idfs it is the score. At most 4,000 terms, the most frequent.
 */
export const KEYWORD_DOCUMENT = `
  create function es.keyword_document(namespace text, body text, out terms int[],
                                      out weights sparsevec)
  language sql immutable parallel safe as $$
    select coalesce(array_agg(weighed.term order by weighed.term), '{}'),
           ('{' || coalesce(string_agg(weighed.term || ':' || weighed.weight, ','), '')
            || '}/1000000000')::sparsevec
      from (
        select counted.term,
               (counted.times * 2.2
                / (counted.times + 1.2 * (.25 + .75 * sum(counted.times) over () / 60)))::real
                 as weight
          from (
            select es.term(namespace, word.lexeme) as term, sum(word.times)::float8 as times
              from es.lexemes(body) as word
             group by 1
             order by 2 desc, 1
             limit 4000
          ) as counted
      ) as weighed $$`;

const FUNCTIONS = [
  SPACED,
  IDENTIFIERS,
  LEXEMES,
  TERM,
  KEYWORD_DOCUMENT,
  ANY_WORD,
  MARKED,
  HIGHLIGHTS,
];

const SEARCHABLE_KEYWORDS = `
  create view es.searchable_keywords as
  select keywords.*
    from public.memory_keywords as keywords
   where keywords.namespace = current_setting('omoi.namespace', true)`;
