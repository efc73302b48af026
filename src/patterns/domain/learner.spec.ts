import { describe, expect, it } from '@jest/globals';
import { foldGolden } from '../../../bench/golden-fold.js';
import { differences, readGoldenLog } from '../../../bench/golden-log.js';

describe('The learner', () => {
  it('says of a real log what its definition says, in every field at every checkpoint', async () => {
    const log = await readGoldenLog('test/fixtures/golden-learner');
    const found = foldGolden(log);
    const wrong = log.expected.flatMap((expected) => {
      const row = found
        .get(expected.checkpoint)
        ?.find(({ key }) => JSON.stringify(key) === JSON.stringify(expected.key));
      const fields = differences(expected, row);
      return fields.length === 0 ? [] : [{ expected, row, fields }];
    });

    expect(log.expected).toHaveLength(574);
    expect([...found.values()].flat()).toHaveLength(574);
    expect(wrong).toEqual([]);
  });
});
