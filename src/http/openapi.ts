import { needOf, type Need } from '#keys';
import { ALSO_AS_TEXT, documentedRefusal, problemSchema } from '#rest';
import { type INestApplication } from '@nestjs/common';
import {
  DocumentBuilder,
  SwaggerModule,
  type OpenAPIObject,
  type StandardSchemaConverter,
} from '@nestjs/swagger';
import { z } from 'zod';

type Operation = NonNullable<OpenAPIObject['paths'][string]['get']>;
type Method = (typeof METHODS)[number];
type Conversion = Parameters<NonNullable<z.core.ToJSONSchemaParams['override']>>[0];
type Header = NonNullable<NonNullable<OpenAPIObject['components']>['parameters']>[string];

/** Where the routes are that tenants ask. */
export const PREFIX = '/api/v1/';

const METHODS = ['get', 'post', 'put', 'delete'] as const;
const EVERYWHERE = [400, 403, 422, 500, 503];
const WITH_A_BODY = [...EVERYWHERE, 413, 415];
const WITH_A_KEY = [401, 429];
const API_KEY = 'api-key';
/** What is asked by POST and changes nothing, so that there is nothing to do once. */
const QUESTIONS = /\/(search|predict|null-test)$/;

const KEYS =
  'An API key, where AUTH is "keys". Each operation says the scope that it needs (`x-scope`), and whether a key of one namespace will do (`x-of-service`: false) or only one of the service.';

const header = (name: string, description: string, schema: object): Header => ({
  name,
  in: 'header',
  required: false,
  description,
  schema: { type: 'string', ...schema },
});

const HEADERS: readonly Header[] = [
  header('X-Namespace', 'The tenant.', {
    pattern: '^[A-Za-z0-9._-]{1,64}$',
    default: 'default',
  }),
  header('X-Request-Id', 'A name for this request, said back and logged.', { maxLength: 128 }),
  header('X-Actor', 'Who asks.', { minLength: 1, maxLength: 200 }),
];

const RETRY_AFTER = {
  description: 'In so many seconds it may be asked again.',
  schema: { type: 'integer', minimum: 1 },
};

const IDEMPOTENCY_KEY = header(
  'Idempotency-Key',
  'For 24 hours, a repetition of this request with the same key answers what the first one did.',
  { minLength: 1, maxLength: 200 },
);

/** The OpenAPI document of an application; what its routes have in common is added here. */
export function describeApi(app: INestApplication): OpenAPIObject {
  const about = new DocumentBuilder()
    .setTitle('Omoi Memory')
    .setDescription('A memory and learning service for AI agents.')
    .setVersion('1')
    .addSecurity(API_KEY, { type: 'http', scheme: 'bearer', description: KEYS })
    .build();
  const document = SwaggerModule.createDocument(app, about, { standardSchemaConverter: toOpenApi });
  for (const [path, item] of Object.entries(document.paths)) {
    for (const method of METHODS) completeOperation(item[method], method, path);
  }
  const { components } = toOpenApi(problemSchema, { schemaType: 'output' }) ?? {};
  document.components = {
    ...document.components,
    headers: { 'Retry-After': RETRY_AFTER },
    schemas: { ...document.components?.schemas, ...components },
  };

  return document;
}

function completeOperation(operation: Operation | undefined, method: Method, path: string): void {
  if (operation === undefined) return;

  const need = needOf(method.toUpperCase(), path);
  const statuses = [
    ...(method === 'get' || method === 'delete' ? EVERYWHERE : WITH_A_BODY),
    ...(need === null ? [] : WITH_A_KEY),
  ];
  operation.responses = {
    ...Object.fromEntries(statuses.map((status) => [status, documentedRefusal(status)])),
    ...operation.responses,
  };
  if (need !== null) askForKey(operation, need);
  if (ALSO_AS_TEXT in operation) addText(operation);
  operation.parameters = [...(operation.parameters ?? []), ...headersOf(method, path)];
}

function askForKey(operation: Operation, { scope, ofService }: Need): void {
  operation.security = [{ [API_KEY]: [] }];
  Object.assign(operation, { 'x-scope': scope, 'x-of-service': ofService });
}

function addText({ responses }: Operation): void {
  const { content } = responses['200'] as { content: Record<string, object> };
  content['text/plain'] = { schema: { type: 'string' } };
}

function headersOf(method: Method, path: string): readonly Header[] {
  if (!path.startsWith(PREFIX)) return [];

  return method === 'post' && !QUESTIONS.test(path) ? [...HEADERS, IDEMPOTENCY_KEY] : HEADERS;
}

/** Zod as OpenAPI 3.0, with its named schemas apart. */
const toOpenApi: StandardSchemaConverter = (schema, { schemaType }) => {
  const { definitions, ...rest } = z.toJSONSchema(schema as z.ZodType, {
    target: 'openapi-3.0',
    io: schemaType,
    unrepresentable: 'any',
    override: speakSimply,
  });

  return { schema: rest, components: definitions as Record<string, unknown> };
};

/** Says a default where the value is read from text, and leaves out what only a machine can read. */
function speakSimply({ zodSchema, jsonSchema }: Conversion): void {
  const { def } = zodSchema._zod;
  if (def.type === 'default') jsonSchema.default = def.defaultValue;
  if (jsonSchema.format === 'date-time') delete jsonSchema.pattern;
  if (jsonSchema.maximum === Number.MAX_SAFE_INTEGER) delete jsonSchema.maximum;
  if (jsonSchema.minimum === Number.MIN_SAFE_INTEGER) delete jsonSchema.minimum;
}
