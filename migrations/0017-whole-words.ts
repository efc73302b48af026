import { Migration } from '@mikro-orm/migrations';

/** Questions with identifiers that are made of stop words, and texts that mark words themselves. */
export class WholeWords extends Migration {
  override up(): void {
    this.addSql('set local role omoi_owner');
    this.addSql(lexemes(LACKS_A_PART));
    this.addSql(marked('\u2402', '\u2403'));
    this.addSql('reset role');
  }

  override down(): void {
    this.addSql(lexemes('false'));
    this.addSql(marked('**', '**'));
  }
}

/** Whether a part of it is too common to be looked up, such as that of `toBe` or `about.ts`. */
const LACKS_A_PART = `(
          select bool_or(to_tsvector('english', part.word) = '')
            from regexp_split_to_table(trim(es.spaced(whole.identifier)), ' ') as part(word))`;

/**
 * The lexemes of a text and how often each stands there: English stems, identifiers whole, and their
 * parts. is_word: whoever looks for the text has to find it; the others are the same words once more.
 * @param needed SQL: whether an identifier has to be found whole
 */
const lexemes = (needed: string): string => `
  create or replace function es.lexemes(body text)
  returns table (lexeme text, times int, is_word boolean)
  language sql immutable parallel safe as $$
    select found.lexeme, max(found.times)::int, bool_or(found.is_word)
      from (
        select word.lexeme, cardinality(word.positions) as times, false as is_word
          from unnest(to_tsvector('english', body)) as word
        union all
        select word.lexeme, cardinality(word.positions), true
          from unnest(to_tsvector('english', es.spaced(body))) as word
        union all
        select lower(whole.identifier), count(*), bool_or(${needed})
          from es.identifiers(body) as whole
         group by lower(whole.identifier)
      ) as found
     where length(found.lexeme) < 200
     group by found.lexeme $$`;

/**
 * At most three parts of a text with the words of a question marked by asterisks; null where it has none
 * of them. Until that is known they are marked with what texts have none of.
 */
const marked = (start: string, stop: string): string => `
  create or replace function es.marked(body text, question tsquery) returns text[]
  language sql immutable parallel safe as $$
    select array_agg(replace(replace(part.words, '${start}', '**'), '${stop}', '**'))
      from unnest(string_to_array(
             ts_headline('english', body, question,
               'MaxFragments=3, MinWords=5, MaxWords=20, StartSel=${start}, StopSel=${stop}, FragmentDelimiter=\u241E'),
             '\u241E')) as part(words)
     where position('${start}' in part.words) > 0 $$`;
