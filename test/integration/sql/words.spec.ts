import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { openDatabase, type OpenDatabase } from '../../support/open-database.js';

/** The longest text that is taken. */
const LONGEST = 20_000;

const filled = (unit: string, length: number): string =>
  unit.repeat(Math.ceil(length / unit.length)).slice(0, length);

/** So the parser of PostgreSQL reads a text again from each of its characters, or may think it should. */
const SHAPES = [
  ...['a_', '~/', 'a-b_', 'a-1.', '/.', 'e@1', '@1e', 'a@b.', '1.1e-', 'é:_+/a1', '<!-- ', '<!--'],
  ...[
    'step-1-step_2-',
    'src/a.b/',
    'http://a.b/c?d=e&',
    'x:',
    'é-',
    '中',
    'a',
    'aB',
    '{"a":"b_c"},',
  ],
];

describe('The words of a text', () => {
  let opened: OpenDatabase;

  beforeAll(async () => {
    opened = await openDatabase();
  });
  afterAll(() => opened.close());

  const asked = async <Row extends object>(text: string, ...values: unknown[]): Promise<Row> => {
    const [row] = await opened.database.within('words', (sql) => sql.query<Row>(text, values));
    if (!row) throw new Error('There is no row.');

    return row;
  };

  const lexemesOf = async (text: string): Promise<string[]> => {
    const { found } = await asked<{ found: string[] }>(
      'select array_agg(word.lexeme) as found from es.lexemes($1) as word',
      text,
    );

    return found;
  };

  it.each(SHAPES)('are read in a moment, also when it is nothing but "%s"', async (unit) => {
    const begin = performance.now();
    await asked(
      `select (select count(*) from es.lexemes($1)), (select count(*) from es.whole_words($1)),
              es.any_word($1), es.highlights(left($1, 3000), es.any_word(left($1, 1000))),
              es.keyword_document('n', $1 || $1 || $1, 'fix_bug')`,
      filled(unit, LONGEST),
    );

    // Under a second; read anew from each character, the worst took half a minute.
    expect(performance.now() - begin).toBeLessThan(15_000);
  });

  it.each(SHAPES)('are marked in the text as it is, also beside "%s"', async (unit) => {
    const text = `The token ${filled(unit, 1_000)} had expired`;
    for (const question of ['tokens', filled(unit, 300)]) {
      const { marked } = await asked<{ marked: string[] }>(
        'select es.highlights($1, es.any_word($2)) as marked',
        text,
        question,
      );
      const unmarked = marked.map((part) => part.replaceAll('**', ''));

      expect(unmarked.filter((part) => !text.includes(part))).toEqual([]);
      if (question === 'tokens') expect(marked.join()).toContain('**token**');
    }
  });

  it('are the identifiers in it, wherever they stand in what has no blanks', async () => {
    const identifiers = ['src/auth/parse-claims.ts', 'err_conn_4711', `${'long_'.repeat(39)}name`];
    for (const part of ['{"a":["%"]},', 'https://host.io/?a=%&b=', 'x=%|']) {
      const text = identifiers.map((written) => part.replace('%', written)).join('');
      const found = await lexemesOf(filled(text, 5_000));

      expect(found).toEqual(expect.arrayContaining(identifiers));
    }
  });

  it('are asked for as they are written, whatever marks they have', async () => {
    const { question } = await asked<{ question: string }>(
      'select es.any_word($1)::text as question',
      `C:\\foo\\bar http://a.io/c'd | & ! (x:*)`,
    );

    expect(question.split(' | ')).toEqual(
      expect.arrayContaining([`'c:\\\\foo\\\\bar'`, `'foo'`, `'bar'`, `'a.io/c''d'`, `'x'`]),
    );
  });

  it('are at most 16,000 in the index, those of names first', async () => {
    const words = Array.from(
      { length: 8_000 },
      (_, n) => `${(n + 46_656).toString(36)}-a${(n + 1_296).toString(36)}`,
    );
    const names = ['bisect_commits', 'incident-20261127', 'zebra-cli'];
    const { count, missing } = await asked<{ count: number; missing: string[] }>(
      `select cardinality(document.terms) as count,
              array(select name.lexeme from es.lexemes($2) as name
                     where es.term('n', name.lexeme) <> all(document.terms)) as missing
         from es.keyword_document('n', $1, $2) as document`,
      [...names, ...words, ...words].join(' '),
      names.join('\n'),
    );

    expect({ count, missing }).toEqual({ count: 16_000, missing: [] });
  });

  it.each([
    ['Moved it to v1.2.3 and 10.0.0.1', ['10.0.0.1', 'v1.2.3']],
    ['since 2026-11-27, or 2026-11-27T10:00:00Z', ['2026-11-27', '2026-11-27t10:00:00z']],
    ['v10.20.30 v2.0.0-beta a.b.C PR-12', ['a.b.c', 'pr-12', 'v10.20.30', 'v2.0.0-beta']],
    ['toBe about.ts', ['about.ts', 'tobe']],
    ['ERR_CONN_4711 CONN_4711 src/auth/parse-claims.ts parse-claims.ts claims.ts', []],
    ['renewAccessToken django.core.ImproperlyConfigured python3.11 用户-登录', []],
    ['Moved 3 boxes to shelf 1', []],
  ])('"%s" has these that have to be found whole: %j', async (text, identifiers) => {
    const { whole } = await asked<{ whole: string[] }>(
      'select array(select lexeme from es.whole_words($1) order by lexeme collate "C") as whole',
      text,
    );

    expect(whole).toEqual(identifiers);
  });
});
