import { describe, expect, it } from '@jest/globals';
import type { Key } from './key.js';
import { keyIdOf, patternIdOf } from './pattern-id.js';

const KEY: Key = ['type', 'fix_bug'];

describe('The id of a pattern', () => {
  // What uuid5 of Python says of ["default","success",["type","fix_bug"]], and so on.
  it('is the same for ever', () => {
    expect(patternIdOf('default', 'success', KEY)).toBe('cef8cacc-1856-537f-9e29-c96f1583635b');
  });

  it.each([
    [
      'on the other side',
      patternIdOf('default', 'failure', KEY),
      '9dafef86-f714-58c9-a267-8db1b259175f',
    ],
    [
      'of another tenant',
      patternIdOf('acme', 'success', KEY),
      '538ebe4d-5173-5419-9bdd-eebc85049a3f',
    ],
    [
      'of another key',
      patternIdOf('default', 'success', ['agent', 'fix_bug']),
      '15a47c3e-f1cb-5968-b0c2-857e99a75e15',
    ],
  ])('is another one %s', (_, id, expected) => {
    expect(id).toBe(expected);
  });
});

describe('The id of a key', () => {
  it('is the same for ever, and that of no pattern', () => {
    expect(keyIdOf('default', KEY)).toBe('3ed940e1-fe11-5390-b6b1-aca0b4c1a3b3');
  });

  it('is another one for another tenant or key', () => {
    const ids = [keyIdOf('default', KEY), keyIdOf('acme', KEY), keyIdOf('default', ['root'])];

    expect(new Set(ids).size).toBe(3);
  });
});
