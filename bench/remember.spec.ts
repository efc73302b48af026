import { describe, expect, it } from '@jest/globals';
import { type NewExecution } from './api.js';
import { inBatches } from './remember.js';

const saying = (execution_summary: string): NewExecution => ({
  task_id: 't',
  execution_summary,
  success: true,
  task: { type: 'type' },
});

describe('Executions that are stored together', () => {
  it('are at most 250', () => {
    const many = Array.from({ length: 501 }, (_, index) => saying(String(index)));
    const batches = inBatches(many);

    expect(batches.map(({ length }) => length)).toEqual([250, 250, 1]);
    expect(batches.flat()).toEqual(many);
  });

  it('are fewer when they are long, and one when it is as long as all', () => {
    const batches = inBatches([1e6, 4e6, 1, 6e6, 2].map((length) => saying('x'.repeat(length))));

    expect(batches.map((batch) => batch.map((one) => one.execution_summary.length))).toEqual([
      [1e6, 4e6],
      [1],
      [6e6],
      [2],
    ]);
  });
});
