/** Advice as far as it can be told in a text. */
interface Tellable {
  readonly similar_tasks: readonly { readonly summary: string; readonly similarity: number }[];
  readonly matching_patterns: readonly { readonly says: string }[];
  readonly warnings: readonly {
    readonly text: string;
    readonly fixes: readonly { readonly summary: string }[];
  }[];
  readonly recommendations: readonly string[];
  readonly reason: string | null;
}

/** How much of a summary is told, in Unicode code points. */
const LONGEST_SUMMARY = 400;

/** Advice as one short text for an agent's prompt: a line a sentence, summaries cut. */
export function adviceText(advice: Tellable): string {
  if (advice.reason !== null) return `No advice: ${lowerFirst(advice.reason)}\n`;

  return [
    ...section('What is known of tasks like this one:', advice.recommendations),
    ...section(
      'Went wrong before:',
      advice.warnings.flatMap(({ text, fixes }) => [
        text,
        ...fixes.map(({ summary }) => `Then it was mended: ${cut(summary)}`),
      ]),
    ),
    ...section(
      'Patterns:',
      advice.matching_patterns
        .map(({ says }) => says)
        .filter((says) => !advice.recommendations.includes(says)),
    ),
    ...section(
      'How others did it:',
      advice.similar_tasks.map(({ summary }) => cut(summary)),
    ),
  ].join('\n');
}

/** Each on one line, so that nothing that was stored can pass for another section. */
const section = (title: string, lines: readonly string[]): string[] =>
  lines.length === 0 ? [] : [title, ...lines.map((line) => `- ${onOneLine(line)}`), ''];

const onOneLine = (text: string): string => text.split(/\s+/).filter(Boolean).join(' ');

function cut(summary: string): string {
  const line = Array.from(onOneLine(summary));

  return line.length <= LONGEST_SUMMARY
    ? line.join('')
    : `${line.slice(0, LONGEST_SUMMARY).join('')} …`;
}

const lowerFirst = (sentence: string): string =>
  sentence.slice(0, 1).toLowerCase() + sentence.slice(1);
