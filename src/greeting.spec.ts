import { Settings, WrongSetting } from '#config';
import { DatabaseNotReady, FolderInUse } from '#database';
import { ModelUnavailable } from '#embedding';
import { once } from 'node:events';
import { createServer } from 'node:net';
import { describe, expect, it } from '@jest/globals';
import { greeting, openTo, sentenceFor } from './greeting.js';

const URL = 'http://127.0.0.1:18000';

describe('The greeting', () => {
  it('says where the service listens, where to try it, and where the data is', () => {
    const settings = new Settings({ DATA_DIR: 'somewhere' });
    const said = greeting(settings, URL);

    expect(said).toContain(`listens at ${URL}\n`);
    expect(said).toContain(`${URL}/docs\n`);
    expect(said).toContain(settings.dataDir);
    expect(said).toContain('for production set DATABASE_URL');
  });

  it('does not show the password of a database', () => {
    const said = greeting(new Settings({ DATABASE_URL: 'postgresql://omoi:secret@db/omoi' }), URL);

    expect(said).toContain('the database of DATABASE_URL');
    expect(said).not.toContain('secret');
    expect(said).not.toContain('embedded');
  });

  it.each(['127.0.0.1', '0.0.0.0'])('says who may come in without a key: %s', (HOST) => {
    const settings = new Settings({ HOST, LOG_LEVEL: 'silent' });

    expect(greeting(settings, URL)).toContain(`  Access   ${openTo(settings)?.says ?? '?'}\n`);
    expect(greeting(new Settings({ HOST, AUTH: 'keys' }), URL)).not.toContain('Access');
  });
});

describe('The sentence for a failed start', () => {
  it.each([
    new WrongSetting('The setting PORT must be a number.'),
    new DatabaseNotReady('The database is not ready.'),
    new FolderInUse('The folder is in use.'),
    new ModelUnavailable('The model is missing.'),
  ])('is that of $name, without a stack', (error) => {
    expect(sentenceFor(error)).toBe(error.message);
  });

  it('names the port that somebody else has', async () => {
    const first = createServer().listen(0, '127.0.0.1');
    await once(first, 'listening');
    const address = first.address();
    const second = createServer().listen(address);
    const [thrown] = (await once(second, 'error')) as [Error];
    // What Node throws is no Error of the world in which a test runs.
    const error = Object.assign(new Error(thrown.message), thrown);
    first.close();

    expect(sentenceFor(error)).toBe(
      `The port ${String(typeof address === 'object' && address?.port)} is in use: stop what listens there, or set PORT to another.`,
    );
  });

  it('has the stack of what nobody foresaw', () => {
    const error = new Error('What is this?');

    expect(sentenceFor(error)).toBe(error.stack);
    expect(sentenceFor('thrown away')).toBe('thrown away');
  });
});

describe('Whoever is let in without a key', () => {
  const openFor = (env: Record<string, string>): ReturnType<typeof openTo> =>
    openTo(new Settings(env));

  it.each(['127.0.0.1', 'localhost', '::1', '127.1.2.3'])('is on this machine: %s', (HOST) => {
    expect(openFor({ HOST })).toEqual({
      warns: false,
      says: `AUTH=off, and it listens on ${HOST} only: whoever is on this machine may read and write everything.`,
    });
  });

  it.each(['0.0.0.0', '::', '192.168.1.7', '127.0.0.1.example.org'])('is a warning: %s', (HOST) => {
    const said = openFor({ HOST });

    expect(said).toMatchObject({ warns: true });
    expect(said?.says).toContain(
      'everybody who reaches this machine may read and write everything',
    );
  });

  it('is nobody with AUTH=keys', () => {
    expect(openFor({ AUTH: 'keys', HOST: '0.0.0.0' })).toBeNull();
  });
});
