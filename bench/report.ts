import { execFileSync } from 'node:child_process';
import { mkdir, writeFile } from 'node:fs/promises';
import { arch, cpus, platform, totalmem } from 'node:os';
import { dirname, format, parse } from 'node:path';
import Table from 'cli-table3';
import { type Asked } from './arguments.js';
import { percentile } from './metrics.js';
import { NONE, type Bar, type Bars, type Figures, type Outcome } from './suite.js';

const GIB = 1024 ** 3;
/** Without colours and lines between the rows. */
const PLAIN = { head: [], border: [], compact: true };

/** What was measured, of which code, with what and where. */
export interface Report {
  readonly suite: string;
  readonly set: string;
  readonly mode: string;
  readonly n: number;
  readonly metrics: Figures;
  readonly slices: Readonly<Record<string, Figures>>;
  readonly remarks?: Readonly<Record<string, string>>;
  /** Null when nothing was asked. */
  readonly p50_ms: number | null;
  readonly p95_ms: number | null;
  readonly model_key: string;
  /** Ends in `-dirty` when the code was not that of the commit; null outside a repository. */
  readonly git_sha: string | null;
  readonly machine: string;
  readonly node: string;
  readonly date: string;
  readonly database: string;
  readonly runs: 1;
}

export function reportOf({ suite, set, mode }: Asked, outcome: Outcome): Report {
  const { n, metrics, slices, remarks, latencies, modelKey, database } = outcome;
  const took = (percent: number): number | null =>
    latencies.length === 0 ? null : percentile(latencies, percent);

  return {
    suite,
    set,
    // What rests on no model searched nothing.
    mode: modelKey === NONE ? NONE : (outcome.mode ?? mode),
    n,
    metrics,
    slices,
    ...(remarks && { remarks }),
    p50_ms: took(50),
    p95_ms: took(95),
    model_key: modelKey,
    git_sha: gitSha(),
    machine: machine(),
    node: process.version,
    date: new Date().toISOString(),
    database,
    runs: 1,
  };
}

/** Writes the report as JSON, making the folder it goes to. */
export async function writeReport(report: Report, path: string): Promise<void> {
  await mkdir(dirname(path), { recursive: true });
  await writeFile(path, `${JSON.stringify(report, null, 2)}\n`);
}

/** Writes a picture beside the report, and gives where it is. */
export async function writePlot(plot: string, report: string): Promise<string> {
  const { dir, name } = parse(report);
  const path = format({ dir, name, ext: '.svg' });
  await writeFile(path, plot);

  return path;
}

/** The bars of a suite whose figures are not there, because something it needs is not. */
export const notMeasured = ({ metrics }: Pick<Report, 'metrics'>, bars: Bars): Bars =>
  Object.fromEntries(Object.entries(bars).filter(([name]) => !(name in metrics)));

/** The report for a terminal, each figure beside its bar. */
export function tableOf(report: Report, bars: Bars): string {
  const { suite, set, mode, n, metrics, p50_ms, p95_ms } = report;
  const figures = new Table({ head: ['figure', 'value', 'bar', ''], style: PLAIN });
  for (const [name, value] of Object.entries({ ...metrics, p50_ms, p95_ms })) {
    if (value === null) continue;
    const bar = bars[name];
    figures.push([name, shown(value), ...(bar ? held(value, bar) : ['', ''])]);
  }
  for (const [name, bar] of Object.entries(notMeasured(report, bars))) {
    figures.push([name, '', wordsOf(bar), 'not measured']);
  }
  const used = [report.database, report.model_key].filter((part) => part !== NONE);
  const where = [report.machine, `Node ${report.node}`, ...used];
  const way = mode === NONE ? '' : ` (${mode})`;

  return [
    `${suite} on ${set}${way}, n = ${n}`,
    figures.toString(),
    ...slicesOf(report),
    `${where.join(' | ')}\n`,
  ].join('\n');
}

function slicesOf({ slices, remarks }: Report): string[] {
  const parts = Object.entries(slices);
  if (parts.length === 0) return [];

  const names = [...new Set(parts.flatMap(([, figures]) => Object.keys(figures)))];
  const words = (part: string): string[] => (remarks ? [remarks[part] ?? ''] : []);
  const head = ['slice', ...names, ...(remarks ? ['in words'] : [])];
  const table = new Table({ head, style: PLAIN });
  for (const [part, figures] of parts) {
    table.push([part, ...names.map((name) => shown(figures[name])), ...words(part)]);
  }

  return [table.toString()];
}

function held(value: number, bar: Bar): [string, string] {
  const isMet = 'atLeast' in bar ? value >= bar.atLeast : value <= bar.atMost;

  return [wordsOf(bar), isMet ? 'met' : 'MISSED'];
}

const wordsOf = (bar: Bar): string => ('atLeast' in bar ? `≥ ${bar.atLeast}` : `≤ ${bar.atMost}`);

function shown(value: number | undefined): string {
  if (value === undefined) return '';

  return Number.isInteger(value) ? `${value}` : value.toFixed(4);
}

function gitSha(): string | null {
  const described = ['describe', '--always', '--dirty', '--abbrev=40', '--exclude=*'];
  try {
    return execFileSync('git', described, { encoding: 'utf8', stdio: 'pipe' }).trim();
  } catch {
    return null;
  }
}

function machine(): string {
  const processors = cpus();
  const model = processors[0]?.model ?? 'unknown processor';

  return `${processors.length} × ${model}, ${Math.round(totalmem() / GIB)} GiB, ${platform()} ${arch()}`;
}
