import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { errorText, keywordText } from './keyword-text.js';

const said = {
  task_type: 'fix_bug',
  tags: ['auth', 'api'],
  tools: ['editor'],
  description: 'Mend the login',
  execution_summary: 'Renewed the token',
  error_patterns: { error_type: 'Timeout', code: 504 },
};

describe('What an execution is found by word by word', () => {
  it('is all that was said of it, a line each', () => {
    expect(keywordText(said)).toBe(
      'fix_bug\nauth\napi\neditor\nMend the login\nRenewed the token\nTimeout\n504',
    );
  });

  it('leaves out what was not said', () => {
    const bare = { ...said, tags: [], tools: [], description: null, error_patterns: null };

    expect(keywordText(bare)).toBe('fix_bug\nRenewed the token');
  });

  it('has the beginning of each text, however long the others are', () => {
    const long = 'x'.repeat(30_000);
    const text = keywordText({
      ...said,
      description: `Described ${long}`,
      execution_summary: `Summed up ${long} at the end`,
      error_patterns: { message: `Error ${long}` },
    });

    expect(text).toContain('\nDescribed x');
    expect(text).toContain('\nSummed up x');
    expect(text).toContain('\nError x');
    expect(text).not.toContain('at the end');
  });

  it('never ends in half a character', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        const cut = keywordText({ ...said, execution_summary: `${'x'.repeat(19_999)}${text}` });
        expect(cut.isWellFormed()).toBe(true);
      }),
    );
  });
});

describe('The text of an error object', () => {
  it.each([
    [null, ''],
    [{}, ''],
    [{ message: 'no answer' }, 'no answer'],
    [{ error: { type: 'E1', causes: ['a', { at: 3 }] }, fatal: true, nothing: null }, 'E1\na\n3'],
  ])('of %j is %j', (errors, text) => {
    expect(errorText(errors)).toBe(text);
  });

  it('is found only so deep', () => {
    const deep = Array.from({ length: 100 }).reduce<object>((inner) => ({ inner }), { at: 'top' });

    expect(errorText({ near: 'here', deep })).toBe('here');
  });
});
