import { describe, expect, it } from '@jest/globals';
import { isFound, refusalOf } from './regex.js';

describe('A regex', () => {
  it.each([
    ['login', 'fix_bug Mend the login page'],
    ['^fix_', 'fix_bug Mend it'],
    ['page$', 'fix_bug Mend the login page'],
    ['(?i)LOGIN', 'fix_bug Mend the login'],
    ['', 'anything'],
    ['\\p{Greek}', 'the letter λ'],
    ['^.$', '😀'],
  ])('%j is found anywhere in %j', (regex, line) => {
    expect(isFound(regex, line)).toBe(true);
  });

  it.each([
    ['Login', 'fix_bug Mend the login'],
    ['^Mend', 'fix_bug Mend the login'],
    ['Mend$', 'fix_bug Mend the login'],
    ['^a$', 'a\n'],
  ])('%j is not found in %j', (regex, line) => {
    expect(isFound(regex, line)).toBe(false);
  });

  // Each would keep a backtracking engine busy for longer than anybody waits.
  it.each([
    '(a+)+$',
    '^(a|aa)+$',
    '(a*)*c',
    '(x?a+a+)+y',
    '^(.*a){12}$',
    '^(([a-z])+.)+[A-Z]([a-z])+$',
    '(a?){30}a{30}$',
  ])('%s cannot make the search slow', (regex) => {
    expect(isFound(regex, `${'a'.repeat(30)}b`)).toBe(false);
    expect(isFound(regex, `${'a'.repeat(5_000)}b`)).toBe(false);
  });

  it.each(['a{1000}', '\\pL{999}', '(a|[a-z ]){400}'])('%j is too large', (regex) => {
    expect(refusalOf(regex)).toMatch(/too large/);
  });

  it.each(['', 'login', '^fix[_/]', 'a{400}', '(?P<name>a)', '(?:a|b)*?', '[[:alpha:]]'])(
    '%j can be used',
    (regex) => {
      expect(refusalOf(regex)).toBeNull();
    },
  );

  it.each([
    ['looks ahead', 'a(?=b)'],
    ['looks ahead for what is not there', 'a(?!b)'],
    ['looks behind', '(?<=a)b'],
    ['looks behind for what is not there', '(?<!a)b'],
    ['refers back', '(a)\\1'],
    ['refers back by name', '(?P<n>a)(?P=n)'],
    ['is atomic', '(?>a)'],
    ['never closes a group', '(a'],
    ['closes a group that is not open', 'a)'],
    ['never closes a class', '[a'],
    ['repeats nothing', '*a'],
    ['repeats backwards', 'a{2,1}'],
    ['would grow beyond measure', '((a{30}){30}){30}'],
    ['nests too deeply', `${'('.repeat(5_000)}${')'.repeat(5_000)}`],
    ['ends with half an escape', '\\'],
  ])('that %s is refused with a reason', (_, regex) => {
    expect(refusalOf(regex)).toMatch(/\w/);
    expect(() => isFound(regex, 'ab')).toThrow();
  });

  it('is refused as often as it is asked about', () => {
    expect(refusalOf('(b')).not.toBeNull();
    expect(refusalOf('(b')).not.toBeNull();
  });

  it('is still found after more than a thousand others', () => {
    const numbers = Array.from({ length: 1_200 }, (_, i) => i);
    const foundBy = (n: number): boolean[] =>
      [`x${String(n)}y`, `x${String(n + 1)}y`].map((line) => isFound(`^x${String(n)}y$`, line));

    expect(isFound('first', 'the first')).toBe(true);
    for (const n of [...numbers, ...numbers]) expect(foundBy(n)).toEqual([true, false]);
    expect(isFound('first', 'the first')).toBe(true);
    expect(isFound('first', 'x1y')).toBe(false);
  });
});
