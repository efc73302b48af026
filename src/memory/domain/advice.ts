/** One execution that resembles the task somebody is about to begin. */
export interface Precedent {
  readonly success: boolean;
  readonly tools: readonly string[];
  readonly error_patterns: Readonly<Record<string, unknown>> | null;
}

/** In Unicode code points. */
const LONGEST_ERROR = 80;

/** From how many precedents a tool is worth a sentence. */
const WORTH_SAYING = 2;

/**
 * What the executions above the threshold say, in sentences with their numbers; at most two. Nothing
 * is said that the precedents do not hold.
 */
export function recommend(precedents: readonly Precedent[]): string[] {
  if (precedents.length === 0) return [];
  const successes = precedents.filter(({ success }) => success);
  const record = `${share(successes.length, precedents.length)} similar ${noun(precedents.length)} succeeded`;

  return [`${record}${commonError(precedents)}.`, ...commonTool(successes)];
}

const share = (part: number, whole: number): string => `${String(part)} of ${String(whole)}`;
const noun = (count: number): string => (count === 1 ? 'task' : 'tasks');

function commonTool(successes: readonly Precedent[]): string[] {
  const [tool, count] = mostFrequent(successes.flatMap(({ tools }) => [...new Set(tools)]));

  return count < WORTH_SAYING
    ? []
    : [`${share(count, successes.length)} that succeeded used ${tool}.`];
}

/** Goes on with the sentence about the outcomes. */
function commonError(precedents: readonly Precedent[]): string {
  const failures = precedents.filter(({ success }) => !success);
  const [error, count] = mostFrequent(
    failures.flatMap(({ error_patterns }) => errorOf(error_patterns)),
  );

  return count === 0 ? '' : `; "${error}" in ${String(count)}`;
}

/** The error's own type, else its message; long ones are cut, because this is advice and no log. */
function errorOf(errors: Precedent['error_patterns']): string[] {
  const said = [errors?.error_type, errors?.message, errors?.error].find(isSaying);

  return said ? [Array.from(said.trim()).slice(0, LONGEST_ERROR).join('')] : [];
}

const isSaying = (value: unknown): value is string =>
  typeof value === 'string' && value.trim() !== '';

/** The most frequent of these and how often it stands there; the first in the alphabet on a tie. */
function mostFrequent(values: readonly string[]): [value: string, count: number] {
  const counts = new Map<string, number>();
  for (const value of values) counts.set(value, (counts.get(value) ?? 0) + 1);

  return [...counts].reduce<[string, number]>(
    (best, [value, count]) =>
      count > best[1] || (count === best[1] && value < best[0]) ? [value, count] : best,
    ['', 0],
  );
}
