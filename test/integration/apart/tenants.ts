import { expect } from '@jest/globals';
import { Agent } from '../../e2e/agent.js';
import { eventually } from '../../support/app.js';
import type { RunningApp } from '../../support/app.js';

/** Names that a careless pattern, a fold of case or a look-up in an object would take for one another. */
export const HOSTILE = [
  'user1',
  'user10',
  'User1',
  'USER1',
  'user_1',
  'user.1',
  'user-1',
  '_',
  '-',
  '..',
  '__proto__',
  'constructor',
  'null',
  'default',
  'public',
  'a'.repeat(63),
  'a'.repeat(64),
];

/** What belongs to one tenant, and what its texts can be told by. */
export interface Tenant {
  readonly namespace: string;
  /** Stands in all that it said, and in nothing of others. */
  readonly mark: string;
  /** Ids by the name of the path's parameter. */
  readonly ids: Readonly<Record<string, readonly string[]>>;
  /** Cursors of its own lists. */
  readonly cursors: readonly string[];
}

/** Gives each webhook a dead letter, as hours of trying would. */
export const DEAD_LETTERS = `
  insert into es.webhook_letter
         (namespace, webhook_id, notification_id, number, attempts, error, parked_at)
  select distinct on (webhook.id) webhook.namespace, webhook.id, notice.id, notice.number, 9,
         'webhook.unreachable', now()
    from es.webhook as webhook
    join es.notification as notice
      on notice.namespace = webhook.namespace and notice.type = 'memory.stored'
   order by webhook.id, notice.number`;

/**
 * Everybody uses the same ids for tasks and executions, and the same types.
 * @param key of the service, where one is needed
 */
export async function settle(
  omoi: RunningApp,
  namespace: string,
  nth: number,
  key = 'none',
): Promise<Tenant> {
  const agent = new Agent(omoi, namespace, { Authorization: `Bearer ${key}` });
  const mark = `mark${String(nth).padStart(3, '0')}q`;
  const tasks = ['shared-1', 'shared-2', 'shared-3', 'shared-4'];
  const executions = tasks.flatMap((task) =>
    [true, true, false].map((success) => execution(mark, task, success)),
  );
  expect((await agent.post('/memory/store/batch', { executions })).status).toBe(207);
  const pattern = { task_type_pattern: `^implement_api .*${mark}`, min_samples: 2 };
  await agent.post('/memory/patterns/extract', pattern);
  await agent.embedded();
  const { body: context } = await agent.get('/memory/tasks/shared-1/context');
  const patterns = await eventually(
    async () =>
      (await agent.get('/memory/patterns?limit=50')).body.items as { pattern_id: string }[],
    (items) => items.length > 3,
  );
  const memories = await agent.memories();
  const { body: webhook } = await agent.post('/admin/webhooks', {
    url: `http://127.0.0.1:9/${mark}`,
    types: ['memory.embedding.failed'],
  });

  return {
    namespace,
    mark,
    ids: {
      id: ['shared-1', 'shared-4'],
      memory_id: memories.map(({ memory_id }) => memory_id as string),
      suggestion_id: [context.suggestion_id as string],
      pattern_id: patterns.map(({ pattern_id }) => pattern_id),
      webhook_id: [webhook.webhook_id as string],
    },
    cursors: await cursorsOf(agent),
  };
}

const execution = (mark: string, task_id: string, success: boolean): object => ({
  task_id,
  success,
  execution_summary: `Added the login of ${mark} to the API`,
  task: { type: 'implement_api', description: `Add a login for ${mark}` },
  agent_id: `agent ${mark}`,
  tags: [mark, 'login'],
  tools: [mark],
  error_patterns: success ? null : { error_type: 'Refused', message: `${mark} was refused` },
});

async function cursorsOf(agent: Agent): Promise<string[]> {
  const lists = ['/memory/executions', '/memory/patterns', '/tasks', '/admin/events'].map(
    (list) => `${list}?limit=1`,
  );
  const pages = await Promise.all(lists.map((list) => agent.get(list)));

  return pages.map(({ body }) => body.next_cursor as string);
}
