import { readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import { weigh } from './gate.js';

const MOST = 3_000;
const OTHERS = 1_000;

/** How many tasks a key needs to become active; "–" when it never does. */
function needed(others: number, own: number): string {
  const votes = { successes: Math.round(OTHERS * others), votes: OTHERS };
  for (let n = 1; n <= MOST; n += 1) {
    const { passes } = weigh({ successes: Math.round(n * own), votes: n }, votes, 0);
    if (passes) return String(n);
  }
  return '–';
}

const shares = (cells: readonly string[]): number[] =>
  cells.map((cell) => Number(cell.replace('%', '')) / 100);

describe('The table of how many tasks it takes', () => {
  const [, text = ''] = readFileSync('docs/learning.md', 'utf8').split('work this table out again');
  const [head = [], , ...rows] = text
    .split('\n')
    .filter((line) => line.startsWith('|'))
    .slice(0, 5)
    .map((line) =>
      line
        .split('|')
        .slice(1, -1)
        .map((cell) => cell.trim()),
    );
  const columns = shares(head.slice(1));

  it('is there', () => {
    expect([columns.length, rows.length]).toEqual([7, 3]);
  });

  it.each(rows.map(([first = '', ...cells]) => [first, cells] as const))(
    'is right where others succeed in %s',
    (first, cells) => {
      const [others = 0] = shares([first]);

      expect(columns.map((own) => needed(others, own))).toEqual(cells);
    },
  );
});
