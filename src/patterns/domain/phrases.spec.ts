import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { phrasesIn, wordsIn } from './phrases.js';

describe('The words of a text', () => {
  it.each([
    ['Wrote the tests first.', ['wrote', 'the', 'tests', 'first']],
    ['The tests are not passed', ['the', 'tests', 'are', 'not passed']],
    ["It doesn't work, it can’t", ['it', "doesn't work", 'it']],
    ['Not without trying', ['not trying']],
    ['42 of 0x1f files in /tmp/a1', ['of', 'x', 'f', 'files', 'in', 'tmp', 'a']],
    ['Größe prüfen: ÄNDERUNG', ['größe', 'prüfen', 'änderung']],
    ['snake_case and kebab-case stay whole', ['snake_case', 'and', 'kebab-case', 'stay', 'whole']],
    ['', []],
  ])('of %j are %j', (text, words) => {
    expect(wordsIn(text)).toEqual(words);
  });

  it('are those of its beginning', () => {
    expect(wordsIn(`${'a '.repeat(1_000)}late`)).not.toContain('late');
  });
});

describe('The phrases of a text', () => {
  it('are one to three neighbouring words, each once', () => {
    expect([...phrasesIn(wordsIn('run it, run it'))].sort()).toEqual(
      ['it', 'it run', 'it run it', 'run', 'run it', 'run it run'].sort(),
    );
  });

  it('never have a word that was negated without its negation', () => {
    fc.assert(
      fc.property(fc.constantFrom('not', 'never', 'without', "isn't"), (negation) => {
        expect(phrasesIn(wordsIn(`the build ${negation} passed`))).not.toContain('passed');
        expect(phrasesIn(wordsIn(`the build ${negation} passed`))).toContain(`${negation} passed`);
      }),
    );
  });
});
