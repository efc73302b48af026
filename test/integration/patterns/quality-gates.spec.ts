import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { LearnedPatternsWatch } from '../../../examples/quality-gates/learned-patterns.watch.js';
import { QualityGate } from '../../../examples/quality-gates/quality-gate.js';
import { QualityGatesModule } from '../../../examples/quality-gates/quality-gates.module.js';
import { EmbeddingModule, EmbeddingService } from '../../../src/embedding/index.js';
import { MemoryFacade, MemoryModule } from '../../../src/memory/index.js';
import { PatternsFacade, PatternsModule } from '../../../src/patterns/index.js';
import { eventually } from '../../support/app.js';
import { startHouseWith, type House } from '../../support/house.js';

describe('A module for siblings', () => {
  it.each([
    [PatternsModule, PatternsFacade],
    [MemoryModule, MemoryFacade],
    [EmbeddingModule, EmbeddingService],
  ])('exports one facade and nothing else: %p', (module, facade) => {
    expect(Reflect.getMetadata('exports', module)).toEqual([facade]);
  });
});

describe('The sibling module of the examples', () => {
  let house: House;
  let gate: QualityGate;
  let watch: LearnedPatternsWatch;

  beforeAll(async () => {
    house = await startHouseWith(QualityGatesModule);
    gate = house.app.get(QualityGate, { strict: false });
    watch = house.app.get(LearnedPatternsWatch, { strict: false });
  });
  afterAll(() => house.stop());

  const work = async (agentId: string, outcomes: readonly boolean[]): Promise<void> => {
    const memory = house.app.get(MemoryFacade, { strict: false });
    for (const [index, success] of outcomes.entries()) {
      await memory.storeExecution({
        taskId: `${agentId}-${String(index)}`,
        task: { type: 'implement_api' },
        executionSummary: success ? 'Done' : 'Not done',
        success,
        agentId,
      });
    }
  };
  const times = (count: number, success: boolean): boolean[] =>
    Array.from({ length: count }, () => success);

  it('knows nothing before anything was done, and says so', async () => {
    expect(await gate.predictQuality({ taskType: 'implement_api' })).toEqual({
      gate: 'review',
      quality: 0.5,
      because: [],
      patterns: [],
    });
  });

  it('predicts quality from what was learned, and hears of what is learned', async () => {
    await work('steady', times(25, true));
    await work('shaky', times(25, false));
    const steady = await gate.predictQuality({ taskType: 'implement_api', agentId: 'steady' });
    const shaky = await gate.predictQuality({ taskType: 'implement_api', agentId: 'shaky' });

    expect(steady.gate).toBe('pass');
    expect(shaky.gate).toBe('review');
    expect(steady.quality).toBeGreaterThan(0.9);
    expect(shaky.quality).toBeLessThan(0.1);
    expect(steady.because[0]).toBe(
      '25 of 25 executions of implement_api by agent steady succeeded.',
    );
    expect(steady.patterns.length).toBeGreaterThan(0);

    const patterns = house.app.get(PatternsFacade, { strict: false });
    const active = async (): Promise<string[]> =>
      (await patterns.searchPatterns({ limit: 50 }))
        .filter(({ status, taskTypePattern }) => status === 'active' && taskTypePattern !== '')
        .map(({ patternId }) => patternId)
        .sort();
    const wanted = await active();
    const heard = await eventually(
      () => Promise.resolve([...watch.activePatterns].sort()),
      (ids) => ids.length === wanted.length,
    );
    expect(wanted).not.toEqual([]);
    expect(heard).toEqual(wanted);
  });
});
