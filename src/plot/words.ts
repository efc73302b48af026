/**
 * A text in lines of so many characters at most, broken at blanks where there are any, the last with
 * an ellipsis when something is left over.
 */
export function linesOf(text: string, width: number, most: number): string[] {
  const lines: string[] = [];
  let rest = Array.from(text.trim());
  while (rest.length > width && lines.length < most - 1) {
    const blank = rest.slice(0, width + 1).lastIndexOf(' ');
    const end = blank > 0 ? blank : width;
    lines.push(rest.slice(0, end).join(''));
    rest = Array.from(rest.slice(end).join('').trimStart());
  }
  const isWhole = rest.length <= width;

  return [...lines, isWhole ? rest.join('') : `${rest.slice(0, width - 1).join('')}…`];
}

/** A piece of a row that is taken, in pixels. */
interface Taken {
  readonly start: number;
  readonly width: number;
}

/**
 * In which row each label stands, 0 the lowest, so that none lies upon another, and none upon the stem
 * that leads down from one above.
 */
export function rowsOf(labels: readonly Taken[]): number[] {
  const starts: number[] = [];
  const rows = new Map<Taken, number>();
  // From the right: what stands in the way of a label begins to its right, and its stem passes before.
  for (const label of [...labels].sort((a, b) => b.start - a.start)) {
    const row = starts.findLastIndex((start) => start < label.start + label.width) + 1;
    starts[row] = label.start;
    rows.set(label, row);
  }

  return labels.map((label) => rows.get(label) ?? 0);
}
