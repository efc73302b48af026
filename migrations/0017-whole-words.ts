import { Migration } from '@mikro-orm/migrations';

/** Questions with identifiers that are made of stop words, and texts that mark words themselves. */
export class WholeWords extends Migration {
  override up(): void {
    this.addSql('set local role omoi_owner');
    this.addSql(WHOLE_WORDS);
    this.addSql(MARKED);
    this.addSql('reset role');
  }

  override down(): void {
    this.addSql('drop function es.whole_words(text)');
    this.addSql(marked('**', '**'));
  }
}

/**
 * The identifiers of a text that have a part which is too common to be looked up, such as `toBe` or
 * `about.ts`, as lexemes: they have to be found whole.
 */
export const WHOLE_WORDS = `
  create function es.whole_words(body text) returns table (lexeme text)
  language sql immutable parallel safe as $$
    select distinct lower(whole.identifier)
      from es.identifiers(body) as whole
     cross join lateral regexp_split_to_table(trim(es.spaced(whole.identifier)), ' ') as part(word)
     where to_tsvector('english', part.word) = '' $$`;

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

export const MARKED = marked('\u2402', '\u2403');
