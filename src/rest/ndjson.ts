/** Stands for a line that is not JSON. */
export const UNREADABLE_LINE = Symbol('a line that is not JSON');

/** A body of newline-delimited JSON: each line is read, and refused, alone. */
export class NdJson {
  constructor(private readonly text: string) {}

  /** What each line that is not blank says, or `UNREADABLE_LINE`. */
  lines(): unknown[] {
    return this.text
      .split('\n')
      .filter((line) => line.trim() !== '')
      .map(readLine);
  }
}

function readLine(line: string): unknown {
  try {
    return JSON.parse(line);
  } catch {
    return UNREADABLE_LINE;
  }
}
