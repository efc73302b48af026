import { relative } from 'node:path';
import { readArguments } from './arguments.js';
import { CannotRun } from './cannot-run.js';
import { notMeasured, reportOf, tableOf, writePlot, writeReport } from './report.js';
import { type Suite } from './suite.js';
import { abstain } from './suites/abstain.js';
import { append } from './suites/append.js';
import { conversation } from './suites/conversation.js';
import { duplicates } from './suites/duplicates.js';
import { embed } from './suites/embed.js';
import { golden } from './suites/golden.js';
import { indicators } from './suites/indicators.js';
import { lag } from './suites/lag.js';
import { learn } from './suites/learn.js';
import { learner } from './suites/learner.js';
import { lessons } from './suites/lessons.js';
import { lookBack } from './suites/look-back.js';
import { nullTest } from './suites/null.js';
import { patterns } from './suites/patterns.js';
import { peers } from './suites/peers.js';
import { planted } from './suites/planted.js';
import { rebuild } from './suites/rebuild.js';
import { replay } from './suites/replay.js';
import { search } from './suites/search.js';
import { serve } from './suites/serve.js';
import { smoke } from './suites/smoke.js';

const SUITES = {
  lessons,
  abstain,
  duplicates,
  conversation,
  embed,
  search,
  smoke,
  golden,
  learner,
  'look-back': lookBack,
  learn,
  patterns,
  indicators,
  null: nullTest,
  planted,
  append,
  replay,
  lag,
  rebuild,
  serve,
  peers,
} satisfies Record<string, Suite>;

try {
  const asked = readArguments(process.argv.slice(2), SUITES);
  const suite = SUITES[asked.suite];
  const outcome = await suite.run(asked);
  const report = reportOf(asked, outcome);
  await writeReport(report, asked.out);
  const bars = suite.bars(asked, report.database);
  process.stdout.write(tableOf(report, bars));
  process.stdout.write(`Report: ${relative('.', asked.out)}\n`);
  if (outcome.plot !== undefined) {
    const path = await writePlot(outcome.plot, asked.out);
    process.stdout.write(`Plot: ${relative('.', path)}\n`);
  }
  if (Object.keys(notMeasured(report, bars)).length > 0) process.exitCode = 1;
} catch (error) {
  const isForeseen = error instanceof CannotRun;
  process.stderr.write(`${isForeseen ? error.message : String((error as Error).stack)}\n`);
  process.exitCode = 1;
}
