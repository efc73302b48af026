import { Migration } from '@mikro-orm/migrations';
import { ANY_WORD, KEYWORD_DOCUMENT, LEXEMES } from './0013-keywords.js';
import { MARKED, WHOLE_WORDS } from './0017-whole-words.js';

/** Texts without blanks, texts of very many words, and questions with identifiers whose parts say little. */
export class LongWords extends Migration {
  override up(): void {
    this.addSql('set local role omoi_owner');
    this.addSql(IN_PIECES);
    this.addSql('drop function es.keyword_document(text, text)');
    for (const statement of FUNCTIONS) this.addSql(statement);
    this.addSql('reset role');
  }

  override down(): void {
    this.addSql('set local role omoi_owner');
    this.addSql('drop function es.keyword_document(text, text, text)');
    for (const statement of [LEXEMES, ANY_WORD, MARKED, WHOLE_WORDS, KEYWORD_DOCUMENT]) {
      this.addSql(statement.replace('create function', 'create or replace function'));
    }
    this.addSql('drop function es.in_pieces(text)');
    this.addSql('reset role');
  }
}

/**
 * A text for PostgreSQL's parser, which reads what looks like an address, a path or a comment once more
 * from each of its characters: none is longer than a word that is looked up can be. What is written
 * between the pieces is no part of any word.
 */
const IN_PIECES = String.raw`
  create function es.in_pieces(body text) returns text
  language sql immutable parallel safe as $$
    select regexp_replace(replace(body, '<!--', E'<\x1F!--'),
                          '([^\s"''(),;<>{|}\[\]]{200})', E'\\1\x1F', 'g') $$`;

/** As before, of a text in pieces; identifiers are those of the whole text. */
const LEXEMES_IN_PIECES = `
  create or replace function es.lexemes(body text)
  returns table (lexeme text, times int, is_word boolean)
  language sql immutable parallel safe as $$
    select found.lexeme, max(found.times)::int, bool_or(found.is_word)
      from (
        select word.lexeme, cardinality(word.positions) as times, false as is_word
          from unnest(to_tsvector('english', es.in_pieces(body))) as word
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

/**
 * A question for any of the words of a text, and their parts: each once, because every one is compared
 * with every word of what is marked.
 */
const ANY_WORD_ONCE = String.raw`
  create or replace function es.any_word(body text) returns tsquery
  language sql immutable parallel safe as $$
    select coalesce(string_agg('''' || regexp_replace(word.lexeme, '([''\\])', '\\\1', 'g') || '''', ' | '),
                    '')::tsquery
      from es.lexemes(body) as word $$`;

/** As before; the parts that are returned are put together again. */
const MARKED_IN_PIECES = `
  create or replace function es.marked(body text, question tsquery) returns text[]
  language sql immutable parallel safe as $$
    select array_agg(replace(replace(replace(part.words, E'\\x1F', ''), '\u2402', '**'), '\u2403', '**'))
      from unnest(string_to_array(
             ts_headline('english', es.in_pieces(body), question,
               'MaxFragments=3, MinWords=5, MaxWords=20, StartSel=\u2402, StopSel=\u2403, FragmentDelimiter=\u241E'),
             '\u241E')) as part(words)
     where position('\u2402' in part.words) > 0 $$`;

/**
 * The identifiers of a text, as lexemes, that have to be found whole: one part is too common to be looked
 * up, as in `toBe` or `about.ts`, or most parts are numbers or one or two letters, as in `v1.2.3`, a date
 * or an address, so that they stand in many a text by chance.
 */
const WHOLE_WHERE_PARTS_SAY_LITTLE = `
  create or replace function es.whole_words(body text) returns table (lexeme text)
  language sql immutable parallel safe as $$
    select lower(whole.identifier)
      from (select distinct found.identifier
              from es.identifiers(body) as found
             where length(found.identifier) < 200) as whole
     cross join lateral string_to_table(trim(es.spaced(whole.identifier)), ' ') as part(word)
     group by 1
    having bool_or(to_tsvector('english', part.word) = '')
        or avg((part.word ~ '^([A-Za-z]{0,2}[0-9]+|[A-Za-z0-9]{1,2})$')::int) > .5 $$`;

/**
 * As before, with room for as many terms as a vector takes. Those of \`names\` come first, then the most
 * frequent. Processes of an earlier version give no names.
 */
const NAMES_FIRST = `
  create function es.keyword_document(namespace text, body text, names text default '',
                                      out terms int[], out weights sparsevec)
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
              left join es.lexemes(names) as name on name.lexeme = word.lexeme
             group by 1
             order by bool_or(name.lexeme is not null) desc, 2 desc, 1
             limit 16000
          ) as counted
      ) as weighed $$`;

const FUNCTIONS = [
  LEXEMES_IN_PIECES,
  ANY_WORD_ONCE,
  MARKED_IN_PIECES,
  WHOLE_WHERE_PARTS_SAY_LITTLE,
  NAMES_FIRST,
];
