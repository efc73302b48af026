import { type OpenAPIObject } from '@nestjs/swagger';
import { Ajv, type ValidateFunction } from 'ajv';

/** One answer of the service, as it went over the wire. */
export interface Answered {
  readonly method: string;
  /** With or without a query string. */
  readonly path: string;
  readonly status: number;
  /** The whole `Content-Type`, `undefined` when there is none. */
  readonly type: string | undefined;
  /** Parsed when it is JSON; anything empty for none. */
  readonly body: unknown;
}

type Node = Readonly<Record<string, unknown>>;

/**
 * Gives a check of answers against an OpenAPI 3.0 document. It throws when the route, the status or
 * the type is not documented, and when the body is not what the document says.
 */
export function answersAsIn(document: OpenAPIObject): (answered: Answered) => void {
  const ajv = new Ajv({ strict: false, allErrors: true, validateFormats: false });
  ajv.addSchema({ $id: 'api', components: modern(document.components ?? {}) });
  const compiled = new Map<unknown, ValidateFunction>();
  const validatorOf = (schema: Node): ValidateFunction => {
    const known = compiled.get(schema) ?? ajv.compile(absolute(modern(schema)) as Node);
    compiled.set(schema, known);

    return known;
  };

  return (answered) => {
    const where = `${answered.method} ${answered.path} → ${answered.status}`;
    const schema = documentedSchema(document, answered, where);
    if (schema === null) return;

    const validate = validatorOf(schema);
    if (!validate(answered.body)) {
      throw new Error(`${where}: ${ajv.errorsText(validate.errors, { dataVar: 'body' })}`);
    }
  };
}

/** The schema of an answer, `null` when the document gives it none. */
function documentedSchema(document: OpenAPIObject, answered: Answered, where: string): Node | null {
  const operation = operationAt(document, answered);
  if (operation === undefined) throw new Error(`${where}: the route is not documented`);

  const responses = operation.responses as Readonly<Record<string, { content?: Node }>>;
  const response = responses[String(answered.status)];
  if (response === undefined) throw new Error(`${where}: the status is not documented`);
  if (response.content === undefined) return documentedNothing(answered, where);

  const type = answered.type?.split(';', 1).join() ?? 'nothing';
  const content = response.content[type] as { schema?: Node } | undefined;
  if (content === undefined) throw new Error(`${where}: the type ${type} is not documented`);

  return content.schema ?? null;
}

function documentedNothing({ type, body }: Answered, where: string): null {
  const isEmpty = body === undefined || body === '' || JSON.stringify(body) === '{}';
  if (type !== undefined || !isEmpty) throw new Error(`${where}: the body is not documented`);

  return null;
}

function operationAt(document: OpenAPIObject, { method, path }: Answered): Node | undefined {
  const asked = path.split('?', 1).join().split('/');
  const fits = (template: string): boolean => {
    const parts = template.split('/');
    return (
      parts.length === asked.length &&
      parts.every((part, at) => part === asked[at] || part.startsWith('{'))
    );
  };
  const [template] = Object.keys(document.paths).filter(fits).sort(literalFirst);
  if (template === undefined) return undefined;

  return (document.paths[template] as unknown as Record<string, Node | undefined>)[
    method.toLowerCase()
  ];
}

const literalFirst = (a: string, b: string): number =>
  a.split('{').length - b.split('{').length || (a < b ? -1 : 1);

/** A schema of OpenAPI 3.0 as JSON Schema: `nullable` and boolean bounds are spelled otherwise. */
function modern(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(modern);
  if (value === null || typeof value !== 'object') return value;

  const { nullable, exclusiveMinimum, exclusiveMaximum, minimum, maximum, ...rest } = value as Node;
  const schema = {
    ...Object.fromEntries(Object.entries(rest).map(([key, inner]) => [key, modern(inner)])),
    ...bound('Minimum', minimum, exclusiveMinimum),
    ...bound('Maximum', maximum, exclusiveMaximum),
  };

  return nullable === true ? { anyOf: [schema, { type: 'null' }] } : schema;
}

function bound(name: 'Maximum' | 'Minimum', limit: unknown, exclusive: unknown): Node {
  if (limit === undefined) return {};

  return exclusive === true ? { [`exclusive${name}`]: limit } : { [name.toLowerCase()]: limit };
}

/** References point into the components, which have a schema of their own. */
function absolute(value: unknown): unknown {
  return JSON.parse(JSON.stringify(value).replaceAll('"$ref":"#/', '"$ref":"api#/')) as unknown;
}
