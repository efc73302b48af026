import fc from 'fast-check';
import type { Tenant } from './tenants.js';

/** A route that shows what tenants have. */
interface Route {
  readonly method: 'get' | 'post';
  /** As in the OpenAPI document. */
  readonly path: string;
  /** Names of the parameters in the query. */
  readonly query: readonly string[];
}

/** One question to one route, on behalf of one tenant, with what another one has. */
export interface Read {
  readonly method: Route['method'];
  readonly path: string;
  readonly body?: object;
}

interface Operation {
  readonly parameters?: readonly { readonly name: string; readonly in: string }[];
  /** Without a scope it is open to everybody: health. */
  readonly 'x-scope'?: string;
  readonly 'x-of-service'?: boolean;
}

type Document = Readonly<Record<string, Readonly<Record<string, Operation>>>>;

/** What is asked by POST and changes nothing. */
const QUESTIONS = ['/memory/search', '/memory/predict', '/memory/patterns/extract'];
/** Phases are the same for all tenants; and a stream does not end, so that it is asked apart. */
const LEFT_OUT = /^\/api\/v1\/(phases|events\/stream)/;

/** All reads for which a key of one namespace will do, so that a new one is among them by itself. */
export function readsIn(paths: Document): Route[] {
  return Object.entries(paths)
    .filter(([path]) => !LEFT_OUT.test(path))
    .flatMap(([path, methods]) =>
      Object.entries(methods)
        .filter(([method]) => method === 'get' || isQuestion(method, path))
        .filter(([, operation]) => isOfOneTenant(operation))
        .map(([method, { parameters = [] }]) => ({
          method: method as Route['method'],
          path,
          query: parameters.filter((one) => one.in === 'query').map(({ name }) => name),
        })),
    );
}

const isOfOneTenant = (operation: Operation): boolean =>
  operation['x-scope'] !== undefined && operation['x-of-service'] === false;

const isQuestion = (method: string, path: string): boolean =>
  method === 'post' && QUESTIONS.some((question) => path.endsWith(question));

/** A question to `route` with ids, cursors and words of `owner`. */
export const readOf = (route: Route, owner: Tenant): fc.Arbitrary<Read> =>
  route.method === 'post'
    ? bodyOf(route.path, owner).map((body) => ({ method: 'post', path: route.path, body }))
    : fc
        .tuple(pathOf(route.path, owner), queryOf(route.query, owner))
        .map(([path, query]) => ({ method: 'get', path: `${path}?${query}` }));

const pathOf = (path: string, { ids }: Tenant): fc.Arbitrary<string> => {
  const name = /\{(\w+)\}/.exec(path)?.[1];
  if (name === undefined) return fc.constant(path);

  return fc.constantFrom(...(ids[name] ?? [])).map((id) => path.replace(`{${name}}`, id));
};

const queryOf = (names: readonly string[], owner: Tenant): fc.Arbitrary<string> =>
  fc
    .record(
      Object.fromEntries(
        Object.entries(valuesOf(owner))
          .filter(([name]) => names.includes(name))
          .map(([name, values]) => [name, fc.constantFrom(...values)]),
      ),
      { requiredKeys: [] },
    )
    .map((values) => new URLSearchParams(values as Record<string, string>).toString());

const valuesOf = ({ mark, ids, cursors }: Tenant): Record<string, readonly string[]> => ({
  limit: ['1', '50'],
  cursor: cursors,
  type: ['implement_api'],
  task_type: ['implement_api', 'implement_.*'],
  task_id: ids.id ?? [],
  agent_id: [`agent ${mark}`],
  tags: [mark, 'login'],
  tools: [mark],
  parent: ids.pattern_id ?? [],
  as_of: ['1', '400', '100000000'],
  occurred_from: ['2020-01-01T00:00:00Z'],
  record: ['false'],
  top_k: ['10'],
  similarity_threshold: ['0'],
  format: ['text', 'json'],
  min_confidence: ['0'],
  flagged: ['false'],
  status: ['open', 'active', 'candidate'],
  stream: [`memory-${ids.memory_id?.[0] ?? ''}`, 'task-shared-1'],
  after: ['0', '2020-01-01T00:00:00Z'],
});

function bodyOf(path: string, { mark, ids }: Tenant): fc.Arbitrary<object> {
  if (path.endsWith('/predict')) {
    return fc.constant({
      task_type: 'implement_api',
      agent_id: `agent ${mark}`,
      task_description: `Add a login for ${mark}`,
      task_id: ids.id?.[0],
    });
  }
  if (path.endsWith('/extract')) {
    return fc.constant({ task_type_pattern: `${mark}|login`, min_samples: 2, dry_run: true });
  }

  return fc.record({
    task_description: fc.constantFrom(mark, `Add a login for ${mark}`, 'login'),
    top_k: fc.constant(20),
    similarity_threshold: fc.constantFrom(0, null),
    mode: fc.constantFrom('semantic', 'keyword', 'hybrid'),
    accuracy: fc.constantFrom('fast', 'balanced', 'exact'),
    diversity: fc.constantFrom(0, 0.5),
    explain: fc.boolean(),
    filters: fc.constantFrom({}, { tags: [mark] }, { agent_id: `agent ${mark}` }),
  });
}
