import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { EventStore } from '../../../src/event-store/index.js';
import { Agent, type Body } from '../../e2e/agent.js';
import { eventually, startApp, type RunningApp } from '../../support/app.js';
import { freshDatabase, type TestDatabase } from '../../support/database.js';

const SEARCHES = 50;

describe('The count of reuse', () => {
  let database: TestDatabase;
  let omoi: RunningApp;

  beforeAll(async () => {
    database = await freshDatabase();
    omoi = await startApp(database.env);
  });
  afterAll(async () => {
    await omoi.stop();
    await database.drop();
  });

  const counts = async (agent: Agent): Promise<Map<string, number>> =>
    new Map(
      (await agent.memories('?limit=100')).map((memory) => [
        memory.memory_id as string,
        memory.reused_count as number,
      ]),
    );
  const add = (sums: Map<string, number>, items: readonly Body[]): void => {
    for (const { memory_id } of items) {
      sums.set(memory_id as string, (sums.get(memory_id as string) ?? 0) + 1);
    }
  };

  const sum = (of: Map<string, number>): number =>
    [...of.values()].reduce((total, count) => total + count, 0);

  it('is exact for every memory after 50 searches at once, in two namespaces', async () => {
    const agents = ['ann', 'bob'].map((namespace) => new Agent(omoi, namespace));
    for (const agent of agents) {
      for (let n = 0; n < 6; n += 1) await agent.remember(`Implemented login number ${String(n)}`);
      await agent.embedded();
    }
    const before = await omoi.app.get(EventStore).head();
    const tenants = agents.map((agent) => ({ agent, sums: new Map<string, number>() }));
    await Promise.all(
      Array.from({ length: SEARCHES / tenants.length }, (_, n) =>
        tenants.map(async ({ agent, sums }) => {
          const asked = { top_k: 1 + (n % 5), similarity_threshold: 0 };
          add(sums, (await agent.search(`Login ${String(n % 7)}`, asked)).items as Body[]);
        }),
      ).flat(),
    );

    for (const { agent, sums } of tenants) {
      const total = sum(sums);
      const found = await eventually(
        () => counts(agent),
        (now) => sum(now) >= total,
      );
      for (const [id, count] of found) expect(count).toBe(sums.get(id) ?? 0);
    }
    const written = (await omoi.app.get(EventStore).readAll(before, 1_000)).map(({ type }) => type);
    expect(new Set(written)).toEqual(new Set(['memory.reused']));
    expect(written.length).toBeLessThan(SEARCHES);
  });

  it('is not lost when the service stops right after a search', async () => {
    const agent = new Agent(omoi, 'carl');
    const id = await agent.remember('Implemented the login');
    await agent.embedded();
    const { items } = await agent.search('Implemented the login');
    expect(items).toHaveLength(1);
    await omoi.stop();
    omoi = await startApp(database.env);

    const after = new Agent(omoi, 'carl');
    await eventually(
      () => after.memory(id),
      ({ reused_count }) => reused_count === 1,
    );
  });
});
