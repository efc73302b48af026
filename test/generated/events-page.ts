import { z } from 'zod';
import type { EventCatalog } from '../../src/event-store/index.js';

const INTRODUCTION = `# Events

What can stand in the log, by type. Generated from the schemas by \`npm run docs\`.

An event is never changed. Its \`data\` makes sense alone for ever; free text stands apart, under
**text**, and can be forgotten while the fact stays. Around every event are its \`position\` (gapless,
in commit order), \`namespace\`, \`stream\`, \`version\` in the stream, \`id\`, schema version, the time
it was recorded, and metadata: \`correlation_id\` (the request), \`causation_id\` (the event it follows
from), \`actor\` and \`traceparent\`.
`;

/** The page about every event, as Markdown. */
export function eventsPage(catalog: EventCatalog): string {
  const sections = catalog
    .all()
    .map(([type, { says, version, data, text }]) =>
      [
        `## ${type}`,
        `${says} Schema version ${String(version)}.`,
        fields('data', data),
        ...(text ? [fields('text', text)] : []),
      ].join('\n\n'),
    );

  return `${[INTRODUCTION.trim(), ...sections].join('\n\n')}\n`;
}

function fields(part: string, schema: z.ZodObject): string {
  const rows = Object.entries(schema.shape).map(
    ([name, field]) => `- \`${name}\`: ${kindOf(z.toJSONSchema(field as z.ZodType) as Json)}`,
  );

  return `**${part}**\n\n${rows.join('\n')}`;
}

interface Json {
  readonly type?: string | readonly string[];
  readonly enum?: readonly string[];
  readonly anyOf?: readonly Json[];
  readonly items?: Json;
}

function kindOf({ type, enum: values, anyOf, items }: Json): string {
  if (values) return values.map((value) => `"${value}"`).join(' or ');
  if (anyOf) return anyOf.map(kindOf).join(' or ');
  if (type === 'array') return `list of ${kindOf(items ?? {})}`;

  return typeof type === 'string' ? type : (type?.join(' or ') ?? 'anything');
}
