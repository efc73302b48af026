import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { OpenAPIObject } from '@nestjs/swagger';
import { describeApi } from '../../src/http/index.js';
import { startApp, type RunningApp } from '../support/app.js';

interface Schema {
  readonly $ref?: string;
  readonly type?: string;
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly anyOf?: readonly Schema[];
  readonly items?: Schema;
  readonly enum?: readonly unknown[];
  readonly example?: unknown;
  readonly default?: unknown;
}

/** What Swagger UI puts into the form: the example, else the default, else something of the type. */
function sample(schema: Schema): unknown {
  if (schema.example !== undefined) return schema.example;
  if (schema.default === null) return null;
  if (schema.properties) {
    const entries = Object.entries(schema.properties);
    return Object.fromEntries(entries.map(([name, inner]) => [name, sample(inner)]));
  }
  const usual = schema.default ?? schema.enum?.[0];

  return usual === undefined ? sampleOfType(schema) : usual;
}

function sampleOfType({ type = '', anyOf = [], items }: Schema): unknown {
  if (anyOf[0]) return sample(anyOf[0]);
  if (items) return [sample(items)];

  return { string: 'string', integer: 0, number: 0, boolean: true, object: {}, array: [] }[type];
}

/** In the order in which somebody who tries the page would press. */
const ORDER = [
  'post /api/v1/tasks',
  'get /api/v1/tasks',
  'get /api/v1/tasks/{id}',
  'post /api/v1/tasks/{id}/transition',
  'post /api/v1/memory/store',
  'post /api/v1/memory/store/batch',
  'post /api/v1/memory/search',
  'get /api/v1/memory/executions',
  'get /api/v1/memory/executions/{memory_id}',
  'get /api/v1/memory/tasks/{id}/context',
  'get /api/v1/memory/suggestions/{suggestion_id}',
  'post /api/v1/memory/suggestions/{suggestion_id}/outcome',
  'get /api/v1/memory/patterns',
  'get /api/v1/memory/patterns/{pattern_id}',
  'get /api/v1/memory/patterns/{pattern_id}/evidence',
  'get /api/v1/memory/patterns/{pattern_id}/history',
  'get /api/v1/memory/patterns/{pattern_id}/history.svg',
  'post /api/v1/memory/patterns/{pattern_id}/feedback',
  'post /api/v1/memory/patterns/{pattern_id}/retire',
  'post /api/v1/memory/patterns/{pattern_id}/restore',
  'post /api/v1/memory/patterns/extract',
  'post /api/v1/memory/predict',
  'post /api/v1/tasks/{id}/complete',
  'get /api/v1/tasks/{id}/memories',
  'post /api/v1/memory/executions/{memory_id}/revoke',
  'delete /api/v1/memory/executions/{memory_id}',
  'delete /api/v1/tasks/{id}',
  'get /api/v1/phases',
  'get /api/v1/phases/{id}',
  'get /api/v1/phases/{id}/can-transition',
  'put /api/v1/phases/{id}',
  'get /api/v1/admin/projections',
  'post /api/v1/admin/projections/{name}/rebuild',
  'get /api/v1/admin/rebuilds/{rebuild_id}/events',
  'get /api/v1/admin/rebuilds',
  'get /api/v1/admin/rebuilds/{rebuild_id}',
  'get /api/v1/admin/events',
  'get /api/v1/admin/service-events',
  'get /api/v1/admin/recall',
  'get /api/v1/admin/dead-letters',
  'get /api/v1/admin/doctor',
  'post /api/v1/admin/null-test',
  'get /api/v1/admin/embeddings',
  'post /api/v1/admin/webhooks',
  'get /api/v1/admin/webhooks',
  'get /api/v1/admin/webhooks/{webhook_id}/dead-letters',
  'delete /api/v1/admin/webhooks/{webhook_id}',
  'post /api/v1/admin/api-keys',
  'get /api/v1/admin/api-keys',
  'post /api/v1/admin/api-keys/{key_id}/rotate',
  'post /api/v1/admin/api-keys/{key_id}/revoke',
  'get /api/v1/admin/namespaces',
  'get /health/live',
  'get /health/ready',
];

/** They go on for ever, or need something that failed: stories of their own are told of them. */
const TOLD_ELSEWHERE = [
  'get /api/v1/events/stream',
  'post /api/v1/admin/webhooks/{webhook_id}/dead-letters/{notification_id}/retry',
  'post /api/v1/admin/webhooks/{webhook_id}/dead-letters/{notification_id}/discard',
];

/** A finished task stays finished: the second of these needs a task of its own. */
const NEED_A_FRESH_TASK = ['post /api/v1/tasks/{id}/fail'];

/** They need something that is not there when all is well; the admin's stories press them. */
const NEED_MORE_THAN_AN_EXAMPLE = [
  'post /api/v1/admin/projections/{name}/flip-back',
  'post /api/v1/admin/rebuilds/{rebuild_id}/swap',
  'post /api/v1/admin/rebuilds/{rebuild_id}/cancel',
  'post /api/v1/admin/erase',
  'delete /api/v1/admin/namespaces/{namespace}',
  'post /api/v1/admin/dead-letters/{id}/retry',
  'post /api/v1/admin/dead-letters/{id}/discard',
  'post /api/v1/admin/embeddings/migrate',
  'get /api/v1/admin/embeddings/migrations/{migration_id}',
  'post /api/v1/admin/embeddings/migrations/{migration_id}/switch',
  'post /api/v1/admin/embeddings/migrations/{migration_id}/cancel',
  'post /api/v1/admin/embeddings/migrations/{migration_id}/drop',
];

describe('The examples of the documentation', () => {
  let omoi: RunningApp;
  let document: OpenAPIObject;
  const ids: Record<string, string> = {};

  beforeAll(async () => {
    omoi = await startApp();
    document = describeApi(omoi.app);
  });
  afterAll(() => omoi.stop());

  /** What the next ones ask about. */
  const remember = (answer: Readonly<Record<string, string>> = {}): void => {
    for (const name of [
      'memory_id',
      'pattern_id',
      'suggestion_id',
      'rebuild_id',
      'webhook_id',
      'key_id',
    ]) {
      if (answer[name] !== undefined) ids[name] = answer[name];
    }
  };

  it('are there for every operation', () => {
    const all = Object.entries(document.paths).flatMap(([path, item]) =>
      ['get', 'post', 'put', 'delete']
        .filter((method) => method in item)
        .map((method) => `${method} ${path}`),
    );

    expect(all.sort()).toEqual(
      [...ORDER, ...NEED_A_FRESH_TASK, ...NEED_MORE_THAN_AN_EXAMPLE, ...TOLD_ELSEWHERE].sort(),
    );
  });

  it.each([...ORDER, 'post /api/v1/tasks', ...NEED_A_FRESH_TASK])(
    'work when pressed: %s',
    async (operation) => {
      const [method = '', path = ''] = operation.split(' ');
      const namespace = operation.endsWith('/fail') ? 'fresh' : 'default';
      const headers = { 'X-Namespace': namespace };
      if (namespace === 'fresh') {
        await omoi.ask('post', '/api/v1/tasks', { body: bodyOf('post', '/api/v1/tasks'), headers });
      }
      const body = bodyOf(method, path);
      const response = await omoi.ask(method as 'get', addressOf(method, path), { body, headers });

      expect([response.status < 300, response.body]).toEqual([true, response.body]);
      remember(response.body);
      remember(response.body.items?.[0]);
    },
  );

  interface Operation {
    readonly parameters?: readonly {
      readonly name: string;
      readonly in: string;
      readonly required?: boolean;
      readonly schema: Schema;
    }[];
    readonly requestBody?: {
      readonly content: Readonly<Record<string, { readonly schema: Schema }>>;
    };
  }

  const operationAt = (method: string, path: string): Operation =>
    (document.paths[path] as Readonly<Record<string, Operation>>)[method] ?? {};

  function bodyOf(method: string, path: string): unknown {
    const schema = operationAt(method, path).requestBody?.content['application/json']?.schema;

    return schema && sample(schema);
  }

  function addressOf(method: string, path: string): string {
    const parameters = operationAt(method, path).parameters ?? [];
    const query = new URLSearchParams();
    let address = path;
    for (const { name, in: place, required, schema } of parameters) {
      if (place === 'path') {
        const value = ids[name] ?? String(sample(schema));
        address = address.replace(`{${name}}`, value);
      } else if (place === 'query' && required) {
        query.set(name, String(sample(schema)));
      }
    }

    return query.size > 0 ? `${address}?${query.toString()}` : address;
  }
});
