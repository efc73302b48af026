import { describe, expect, it } from '@jest/globals';
import { Settings } from './settings.js';

describe('Settings', () => {
  it('need nothing to be said', () => {
    const settings = new Settings({});

    expect(settings).toMatchObject({ port: 18000, host: '127.0.0.1', databaseUrl: null });
    expect(settings.embedding).toMatchObject({ provider: 'local', openAiApiKey: null });
  });

  it('take an empty value for one that was not said', () => {
    expect(new Settings({ PORT: '', DATABASE_URL: '' })).toMatchObject({
      port: 18000,
      databaseUrl: null,
    });
  });

  it('understand the address of a Python driver', () => {
    expect(new Settings({ DATABASE_URL: 'postgresql+psycopg://u:p@h:1/d' }).databaseUrl).toBe(
      'postgresql://u:p@h:1/d',
    );
  });

  it.each([
    ['PORT', 'eighty', 'The setting PORT must be a whole number from 0 to 65535.'],
    ['PORT', '65536', 'The setting PORT must be a whole number from 0 to 65535.'],
    ['DATABASE_URL', 'mysql://h/d', 'begins with postgresql:// or postgres://'],
    [
      'EMBEDDING_PROVIDER',
      'magic',
      'The setting EMBEDDING_PROVIDER must be one of: local, openai.',
    ],
    [
      'EMBEDDING_WORKERS',
      '0',
      'The setting EMBEDDING_WORKERS must be a whole number from 1 to 64.',
    ],
    ['EMBEDDING_PROVIDER', 'openai', 'The setting OPENAI_API_KEY is needed'],
    ['OPENAI_BASE_URL', 'localhost:1', 'The setting OPENAI_BASE_URL must be an address'],
    ['AUTH', 'magic', 'The setting AUTH must be one of: off, keys.'],
    ['ADMIN_API_KEY', 'too-short', 'The setting ADMIN_API_KEY must be 32 to 500'],
    ['ADMIN_API_KEY', `with a space ${'x'.repeat(40)}`, 'The setting ADMIN_API_KEY must be'],
    ['LOG_LEVEL', 'loud', 'The setting LOG_LEVEL must be one of'],
    ['REDIS_URL', 'http://h', 'The setting REDIS_URL must be an address that begins with redis://'],
    ['NATS_URL', 'nats://h', 'The setting NATS_URL is not available yet'],
  ])('refuse %s=%s with a sentence', (name, value, said) => {
    expect(() => new Settings({ [name]: value })).toThrow(said);
  });

  it('never repeat a key that they refuse', () => {
    const read = (): Settings => new Settings({ AUTH: 'keys', ADMIN_API_KEY: 'my short secret' });

    expect(read).toThrow(/^(?!.*secret)/s);
  });
});
