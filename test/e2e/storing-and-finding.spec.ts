import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { eventually, startApp, type RunningApp } from '../support/app.js';

describe('Storing and finding', () => {
  let omoi: RunningApp;

  beforeAll(async () => {
    omoi = await startApp();
  });
  afterAll(() => omoi.stop());

  it('finds by meaning what was stored in other words', async () => {
    const summaries = [
      'Fixed CSS grid layout on the dashboard',
      'Implemented login with OAuth2 and JWT tokens',
      'Optimised a slow SQL query with an index',
      'Wrote unit tests for the date parser',
    ];
    for (const [index, execution_summary] of summaries.entries()) {
      const body = {
        task_id: `task-${String(index)}`,
        execution_summary,
        success: true,
        task: { type: 'implement_api' },
      };
      const stored = await omoi.ask('post', '/api/v1/memory/store', { body });
      expect(stored.status).toBe(201);
    }
    const search = (): ReturnType<RunningApp['ask']> =>
      omoi.ask('post', '/api/v1/memory/search', {
        body: { task_description: 'user authentication', similarity_threshold: 0 },
      });
    const { body } = await eventually(search, ({ body: found }) => found.items.length === 4);

    expect(body.items[0].summary).toBe('Implemented login with OAuth2 and JWT tokens');
  });
});
