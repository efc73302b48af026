import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Database } from '../../../src/database/index.js';
import { EventBrowser, type StoredEvent } from '../../../src/event-store/index.js';
import { DescriptionSources } from '../../../src/patterns/read-model/description-sources.js';
import { touchedKeys, type DescribedEvent } from '../../../src/patterns/read-model/touched-keys.js';
import { Agent } from '../../e2e/agent.js';
import { Analyst, times } from '../../e2e/analyst.js';
import { startApp, type RunningApp } from '../../support/app.js';

const NAMESPACE = 'describing';
const ALL = { stream: null, type: null, since: null };

describe('What is said of a pattern', () => {
  let omoi: RunningApp;

  beforeAll(async () => {
    omoi = await startApp();
  });
  afterAll(() => omoi.stop());

  it('is about the executions that were counted, though the learner has gone on since', async () => {
    const analyst = new Analyst(new Agent(omoi, NAMESPACE));
    const first = await analyst.work(times(5, true), { type: 'describe' });
    await analyst.of('type', 'describe');
    const database = omoi.app.get(Database);
    const found = await omoi.app
      .get(EventBrowser)
      .browse(NAMESPACE, { ...ALL, type: 'memory.execution_stored' }, 0n, 100);
    const events = found.map(({ event }) => event as StoredEvent<DescribedEvent>);
    const touched = await database.as('omoi_projector', (sql) =>
      touchedKeys(sql, NAMESPACE, events),
    );
    await analyst.work(times(2, true), { type: 'describe' });
    await analyst.of('type', 'describe');

    const said = await database.as('omoi_projector', (sql) =>
      new DescriptionSources(sql, NAMESPACE).about(touched.keys, touched.until),
    );
    const type = touched.keys.find(({ key }) => key[0] === 'type');
    expect(said.get(type?.id ?? '')).toMatchObject({
      described: 5,
      said: { success: { looked_at: 5 } },
    });
    expect(JSON.stringify([...said.values()])).toContain(first.at(-1));
  });
});
