/** Stands for a line that is not JSON. */
export const UNREADABLE_LINE = Symbol('a line that is not JSON');

/** A body of newline-delimited JSON: each line is read, and refused, alone. */
export class NdJson {
  constructor(private readonly text: string) {}

  /** What each line that is not blank says, or `UNREADABLE_LINE`; `most` of them, and one more. */
  lines(most: number): unknown[] {
    const read: unknown[] = [];
    for (let start = 0; start < this.text.length && read.length <= most;) {
      const end = this.text.indexOf('\n', start);
      const line = this.text.slice(start, end < 0 ? undefined : end);
      if (line.trim() !== '') read.push(readLine(line));
      start = end < 0 ? this.text.length : end + 1;
    }
    return read;
  }
}

function readLine(line: string): unknown {
  try {
    return JSON.parse(line);
  } catch {
    return UNREADABLE_LINE;
  }
}
