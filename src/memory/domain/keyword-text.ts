/** How much of each text is looked up by its words, in UTF-16 units. */
const TEXT_PART = 20_000;
/** How deep an error object is looked into. */
const DEPTH = 8;

/** What was said of an execution, as far as words are looked for in it. */
interface Said {
  readonly task_type: string;
  readonly tags: readonly string[];
  readonly tools: readonly string[];
  readonly description: string | null;
  readonly execution_summary: string;
  readonly error_patterns: Readonly<Record<string, unknown>> | null;
}

/**
 * What an execution is found by word by word: its type, tags and tools, and the beginning of its
 * description, its summary and its error text; a line each, normalised (NFC). Long ones push none of the
 * others out.
 */
export function keywordText(said: Said): string {
  return [
    keywordNames(said),
    beginning(said.description ?? ''),
    beginning(said.execution_summary),
    beginning(errorText(said.error_patterns)),
  ]
    .filter((text) => text !== '')
    .join('\n')
    .normalize('NFC');
}

/** What an execution goes by, a line each, normalised: found by word however long its texts are. */
export const keywordNames = ({
  task_type,
  tags,
  tools,
}: Pick<Said, 'task_type' | 'tags' | 'tools'>): string =>
  [task_type, ...tags, ...tools].join('\n').normalize('NFC');

/** The texts and numbers in an error object, in its order; not the names of its fields. */
export const errorText = (errors: Said['error_patterns']): string =>
  valuesOf(errors, DEPTH).join('\n');

function valuesOf(value: unknown, depth: number): string[] {
  if (typeof value === 'string') return [value];
  if (typeof value === 'number') return [String(value)];
  if (typeof value !== 'object' || value === null || depth === 0) return [];

  return Object.values(value).flatMap((inner) => valuesOf(inner, depth - 1));
}

const beginning = (text: string): string => text.slice(0, TEXT_PART).toWellFormed();
