/** How much of a description goes before the summary, in UTF-16 units: it must not push it out. */
const DESCRIPTION_PART = 400;

/**
 * What is embedded of an execution: the beginning of its task's description and its summary, and
 * nothing else. Labels in front of the text were measured and hurt.
 */
export function embeddedText(description: string | null, summary: string): string {
  if (description === null || description.trim() === '') return summary;

  return `${description.slice(0, DESCRIPTION_PART).toWellFormed()}\n${summary}`;
}
