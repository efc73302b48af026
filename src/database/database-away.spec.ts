import { describe, expect, it } from '@jest/globals';
import { isDatabaseAway } from './database-away.js';

const coded = (code: string, more: object = {}): Error =>
  Object.assign(new Error('no'), { code, ...more });

describe('The database', () => {
  it.each([
    coded('ECONNREFUSED'),
    coded('ECONNRESET'),
    coded('57P01'),
    coded('57P03'),
    coded('08006'),
    coded('ENOENT', { syscall: 'connect' }),
    new Error('Connection terminated due to connection timeout'),
    new Error('timeout exceeded when trying to connect'),
    new Error('query failed', { cause: new Error('driver', { cause: coded('ECONNREFUSED') }) }),
  ])('is away when something says %p', (error) => {
    expect(isDatabaseAway(error)).toBe(true);
  });

  it.each([
    coded('23505'),
    coded('57014'),
    coded('ENOENT', { syscall: 'open' }),
    new Error('no'),
    'ECONNREFUSED',
    undefined,
  ])('is there when something says %p', (error) => {
    expect(isDatabaseAway(error)).toBe(false);
  });

  it('is not looked for in an endless chain of causes', () => {
    const error = new Error('a');
    error.cause = error;

    expect(isDatabaseAway(error)).toBe(false);
  });
});
