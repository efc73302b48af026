import { describe, expect, it } from '@jest/globals';
import { judgeVersions } from './versions.js';

describe('The versions of a server', () => {
  it.each([
    [140_012, '0.8.4', 'fail'],
    [150_020, '0.7.4', 'fail'],
    [150_020, null, 'fail'],
    [150_020, '0.8.0', 'warn'],
    [150_020, '0.8.3', 'warn'],
    [150_020, '0.8.4', 'ok'],
    [180_000, '0.10.0', 'ok'],
    [180_000, '1.0', 'ok'],
  ])('%d with pgvector %s are called %s', (server, vector, status) => {
    expect(judgeVersions(server, vector).status).toBe(status);
  });
});
