import { Settings } from '#config';
import { setImmediate as turn } from 'node:timers/promises';
import { describe, expect, it } from '@jest/globals';
import type { Found, Hit } from '../read-model/search.reader.js';
import { RecallMonitor } from './recall-monitor.js';

const monitor = (RECALL_SAMPLE: string): RecallMonitor =>
  new RecallMonitor(new Settings({ RECALL_SAMPLE }));

const hits = (...ids: string[]): Hit[] => ids.map((memory_id) => ({ memory_id }) as Hit);

const found = (how: 'exact' | 'index', ...ids: string[]): Pick<Found, 'hits' | 'plan'> => ({
  hits: hits(...ids),
  plan: {
    mode: 'hybrid',
    semantic: how,
    keyword: how,
    neighbours: 200,
    isWide: false,
    onePerTask: true,
    withVectors: false,
    withHighlights: true,
  },
});

describe('The recall of searches', () => {
  it('is the mean share of the exact hits, over one of so many searches', async () => {
    const recall = monitor('2');
    let asked = 0;
    const exactly =
      (...ids: string[]) =>
      (): Promise<{ hits: Hit[] }> => {
        asked += 1;
        return Promise.resolve({ hits: hits(...ids) });
      };
    recall.note(found('index', 'a', 'b'), exactly('a', 'c'));
    recall.note(found('index', 'a', 'b'), exactly('a', 'c'));
    await turn();
    recall.note(found('index', 'a', 'b'), exactly('b', 'a'));
    recall.note(found('index', 'a', 'b'), exactly('b', 'a'));
    await turn();

    expect(asked).toBe(2);
    expect(recall.figures()).toEqual({
      sampled_one_in: 2,
      modes: [{ mode: 'hybrid', searches: 2, recall: 0.75 }],
    });
  });

  it('counts no search that looked at every row, nor one that could not be compared', async () => {
    const recall = monitor('1');
    recall.note(found('exact', 'a'), () => Promise.resolve({ hits: [] }));
    recall.note(found('index', 'a'), () => Promise.reject(new Error('The database is away.')));
    await turn();

    expect(recall.figures()).toEqual({ sampled_one_in: 1, modes: [] });
  });

  it('is not measured unless somebody asks for it', async () => {
    const recall = new RecallMonitor(new Settings({}));
    recall.note(found('index', 'a'), () => Promise.resolve({ hits: hits('a') }));
    await turn();

    expect(recall.figures()).toEqual({ sampled_one_in: null, modes: [] });
  });
});
