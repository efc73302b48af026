import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { notMeasured, reportOf, tableOf, writePlot } from './report.js';
import { NONE, type Outcome } from './suite.js';

const ASKED = {
  suite: 'dance',
  data: '',
  set: 'steps',
  mode: 'hybrid',
  embedder: 'local',
  rows: 0,
  out: '',
} as const;
const OUTCOME: Outcome = {
  n: 3,
  metrics: { grace: 0.75, falls: 0 },
  slices: {},
  latencies: [3, 1, 2],
  modelKey: 'waltz@1',
  database: 'embedded',
};

describe('A report', () => {
  const bars = { grace: { atLeast: 0.8 }, falls: { atMost: 0 } };

  it('holds each figure against its bar, and says with what it was measured', () => {
    const report = reportOf(ASKED, OUTCOME);
    const table = tableOf(report, bars);

    expect(report).toMatchObject({ mode: 'hybrid', p50_ms: 2, p95_ms: 3, model_key: 'waltz@1' });
    expect(table).toContain('dance on steps (hybrid), n = 3');
    expect(table).toMatch(/grace +│ 0\.7500 │ ≥ 0\.8 +│ MISSED/);
    expect(table).toMatch(/falls +│ 0 +│ ≤ 0 +│ met/);
    expect(table).toMatch(/p50_ms +│ 2 /);
    expect(table).toContain('| embedded | waltz@1\n');
  });

  it('says of a part in words what figures do not', () => {
    const slices = { ours: { grace: 0.8 }, theirs: {} };
    const remarks = { theirs: 'no grace: they did not come' };
    const report = reportOf(ASKED, { ...OUTCOME, slices, remarks, mode: 'every' });
    const table = tableOf(report, {});

    expect(report).toMatchObject({ mode: 'every', remarks });
    expect(table).toMatch(/slice +│ grace +│ in words/);
    expect(table).toMatch(/ours +│ 0\.8000 │ +│/);
    expect(table).toMatch(/theirs +│ +│ no grace: they did not come/);
  });

  it('has no times, no mode and no model of a suite that did without', () => {
    const report = reportOf(ASKED, { ...OUTCOME, latencies: [], modelKey: NONE, database: NONE });
    const table = tableOf(report, bars);

    expect(report).toMatchObject({ mode: NONE, p50_ms: null, p95_ms: null, model_key: NONE });
    expect(table).toContain('dance on steps, n = 3');
    expect(table).not.toMatch(/_ms|none|hybrid/);
  });

  it('has its plot beside it', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'report-'));
    const path = await writePlot('<svg></svg>', join(folder, 'dance.json'));

    expect(path).toBe(join(folder, 'dance.svg'));
    expect(await readFile(path, 'utf8')).toBe('<svg></svg>');
    await rm(folder, { recursive: true });
  });

  it('says which bars were not measured', () => {
    const report = reportOf(ASKED, OUTCOME);
    const more = { ...bars, endurance: { atLeast: 2 } };

    expect(notMeasured(report, bars)).toEqual({});
    expect(notMeasured(report, more)).toEqual({ endurance: { atLeast: 2 } });
    expect(tableOf(report, more)).toMatch(/endurance +│ +│ ≥ 2 +│ not measured/);
  });
});
