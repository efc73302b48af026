import { describe, expect, it } from '@jest/globals';
import type { Grant } from '../domain/scopes.js';
import { RecentKeys } from './recent-keys.js';

const GRANT: Grant = { keyId: 'k', namespace: null, scopes: ['read'], ratePerMinute: null };

describe('A key that was admitted a moment ago', () => {
  it('is found again until some key is changed', () => {
    const recent = new RecentKeys();
    recent.keep('hash', GRANT, recent.age);
    expect(recent.find('hash')).toBe(GRANT);
    recent.forgetAll();

    expect(recent.find('hash')).toBeUndefined();
  });

  it('is not kept when it was looked up before that, and told afterwards', () => {
    const recent = new RecentKeys();
    const { age } = recent;
    recent.forgetAll();
    recent.keep('hash', GRANT, age);

    expect(recent.find('hash')).toBeUndefined();
  });
});
