import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Database } from '../../src/database/index.js';
import { startApp, type RunningApp } from '../support/app.js';
import { Agent, fieldsOf, type Body } from './agent.js';
import { coin } from './analyst.js';

const [TASKS, AGENTS] = [40, 8];

let omoi: RunningApp;

beforeAll(async () => {
  omoi = await startApp();
  const toss = coin(11);
  await remember('flips', toss);
  await remember('planted', (agent) => (agent === 3 ? false : toss() || toss()));
});
afterAll(() => omoi.stop());

const admin = (namespace: string): Agent => new Agent(omoi, namespace);

/** Every agent does every task once. */
async function remember(namespace: string, outcome: (agent: number) => boolean): Promise<void> {
  const executions = Array.from({ length: TASKS * AGENTS }, (_, nth) => ({
    task_id: `task-${String(Math.floor(nth / AGENTS))}`,
    task: { type: nth % (2 * AGENTS) < AGENTS ? 'fix_bug' : 'implement_api' },
    agent_id: `agent-${String(nth % AGENTS)}`,
    execution_summary: 'Done',
    success: outcome(nth % AGENTS),
  }));
  const { status } = await admin(namespace).post('/memory/store/batch', { executions });
  expect(status).toBe(207);
}

const test = async (namespace: string, asked: object = {}): Promise<Body> => {
  const { status, body } = await admin(namespace).post('/admin/null-test', asked);
  expect([status, body]).toEqual([200, body]);

  return body;
};

describe('A null test', () => {
  it('of coin flips says that nothing in the log differs from chance', async () => {
    const answer = await test('flips');

    expect(answer).toMatchObject({
      executions: TASKS * AGENTS,
      shuffles: 3,
      seed: 1,
      // Two types and two prefixes, eight agents, and those at two types.
      log: { keys: 28, active: 0 },
      by_execution: { shuffles: 3, keys: 28 },
      by_task: { shuffles: 3, keys: 28 },
    });
    for (const { share } of [answer.by_execution, answer.by_task]) {
      expect(share).toBeLessThanOrEqual(1 / 28);
    }
    expect(answer.verdict).toMatch(/^No pattern is active; .* differs from chance so far\.$/);
  });

  it('of an agent that always fails says what chance would have made instead', async () => {
    const answer = await test('planted', { shuffles: 2, seed: 5 });

    expect(answer.log.active).toBeGreaterThanOrEqual(1);
    expect(answer.log.share).toBe(answer.log.ever_active / answer.log.keys);
    expect([answer.by_execution.active, answer.by_task.active]).toEqual([0, 0]);
    expect(answer.verdict).toMatch(
      /^\d+ patterns? (is|are) active; with outcomes dealt by chance it would be 0\.$/,
    );
    const listed = await admin('planted').get('/memory/patterns?status=active&limit=50');
    expect(listed.body.items).toHaveLength(answer.log.active as number);
  });

  it('says the same again, and leaves nothing behind', async () => {
    const database = omoi.app.get(Database);
    const rows = (): Promise<object[]> =>
      database.as('omoi_owner', (sql) =>
        sql.query(
          `select (select count(*) from es.event) as events,
                  (select count(*) from es.notification) as notifications,
                  (select count(*) from pattern_history) as changes,
                  (select count(*) from learned_patterns) as patterns`,
        ),
      );
    const before = await rows();
    const first = await test('planted', { shuffles: 1, seed: 9 });

    expect(await test('planted', { shuffles: 1, seed: 9 })).toEqual(first);
    expect(await rows()).toEqual(before);
  });

  it('of an empty namespace has nothing to say, and says so', async () => {
    const answer = await test('nobody');

    expect(answer).toMatchObject({ executions: 0, log: { keys: 0, share: 0 } });
    expect(answer.verdict).toMatch(/^Too few executions for anything: /);
  });

  it('runs one at a time', async () => {
    const answers = await Promise.all(
      [1, 2].map(() => admin('flips').post('/admin/null-test', {})),
    );

    expect(answers.map(({ status }) => status).sort()).toEqual([200, 409]);
    expect(answers.find(({ status }) => status === 409)?.body.code).toBe('null_test.running');
  });

  it.each([
    [{ shuffles: 0 }, 'shuffles'],
    [{ shuffles: 21 }, 'shuffles'],
    [{ seed: -1 }, 'seed'],
    [{ seed: 2 ** 31 }, 'seed'],
    [{ namespace: 'flips' }, 'namespace'],
  ])('is not understood with %j', async (asked, field) => {
    const answer = await admin('flips').post('/admin/null-test', asked);

    expect([answer.status, fieldsOf(answer)]).toEqual([422, [field]]);
  });
});
