import { readFile, writeFile } from 'node:fs/promises';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { EventCatalog } from '../../src/event-store/index.js';
import { describeApi } from '../../src/http/index.js';
import { startApp, type RunningApp } from '../support/app.js';
import { eventsPage } from './events-page.js';

/** `npm run docs` writes them; otherwise a stale one fails here. */
describe('The generated documents', () => {
  let omoi: RunningApp;

  beforeAll(async () => {
    omoi = await startApp();
  });
  afterAll(() => omoi.stop());

  const upToDate = async (path: string, now: string): Promise<void> => {
    if (process.env.WRITE_DOCS !== undefined) await writeFile(path, now);
    expect(await readFile(path, 'utf8').catch(() => '')).toBe(now);
  };

  it('describe the API as it is, in docs/openapi.json', () =>
    upToDate('docs/openapi.json', `${JSON.stringify(describeApi(omoi.app), null, 2)}\n`));

  it('describe every event, in docs/events.md', () =>
    upToDate('docs/events.md', eventsPage(omoi.app.get(EventCatalog))));
});
