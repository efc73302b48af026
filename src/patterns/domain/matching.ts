import { prefixOf, taskTypeOf, type Key } from './key.js';

/** What patterns are held against: a type, and a line that regexes are searched in. */
export interface Matchable {
  readonly taskType: string;
  readonly line: string;
}

/** Whether the regex of a key's pattern matches; what is about one agent matches every task. */
export function matches(
  key: Key,
  { taskType, line }: Matchable,
  finds: (regex: string, line: string) => boolean,
): boolean {
  switch (key[0]) {
    case 'agent':
    case 'root':
      return true;
    case 'prefix':
      return prefixOf(taskType) === key[1];
    case 'extracted':
      return finds(key[2], line);
    default:
      return taskTypeOf(key) === taskType;
  }
}
