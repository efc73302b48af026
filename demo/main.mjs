/**
 * Stores what a small team of agents did to a web shop, and asks about it. Talks to the service at
 * OMOI_URL (else the one on PORT, else on 18000); where none answers it starts one on a folder that
 * is gone afterwards. Everything goes into the namespace `demo`, and a second run adds nothing.
 */
import { execSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout as wait } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';

const ROOT = fileURLToPath(new URL('..', import.meta.url));
const { OMOI_URL, PORT } = process.env;
const ADDRESS = OMOI_URL || `http://127.0.0.1:${PORT || '18000'}`;
const VECTORS_WITHIN_MS = 60_000;
const LOOK_EVERY_MS = 100;

const QUESTION = 'orders disappear between two pages';
const NEXT_TASK = {
  id: 'shop-505',
  type: 'deploy_service',
  description: 'Roll out release 2.6 of the shop to production',
};

const say = (line = '') => process.stdout.write(`${line}\n`);
const percent = (share) => `${String(Math.round(100 * share)).padStart(3)} %`;
const outcome = (success) => (success ? 'succeeded' : 'failed   ');

function client(url) {
  const ask = async (path, options = {}) => {
    const answer = await globalThis.fetch(new URL(`/api/v1${path}`, url), {
      ...options,
      headers: { 'X-Namespace': 'demo', ...options.headers },
    });
    const body = await answer.json();
    if (!answer.ok) throw new Error(`${path} was refused: ${body.detail ?? answer.statusText}`);

    return body;
  };
  const post = (path, body, type = 'application/json') =>
    ask(path, { method: 'POST', headers: { 'Content-Type': type }, body });

  return { get: ask, post };
}

async function store({ get, post }) {
  const lines = await readFile(new URL('executions.ndjson', import.meta.url), 'utf8');
  const { items } = await post('/memory/store/batch', lines, 'application/x-ndjson');
  const refused = items.find(({ problem }) => problem);
  if (refused) throw new Error(`An execution was refused: ${refused.problem.detail}`);
  const fresh = items.filter(({ status }) => status === 201).length;
  say(`Stored ${fresh} executions; ${items.length - fresh} were there from an earlier run.`);

  for (let waited = 0; waited < VECTORS_WITHIN_MS; waited += LOOK_EVERY_MS) {
    const page = await get('/memory/executions?limit=100');
    if (page.items.every(({ has_embedding }) => has_embedding)) return;
    await wait(LOOK_EVERY_MS);
  }
  throw new Error('The vectors do not come: the log of the service says why.');
}

async function search({ post }) {
  const { items } = await post('/memory/search', JSON.stringify({ task_description: QUESTION }));
  say(`\nWhat is remembered about "${QUESTION}"?\n`);
  for (const { similarity_score, success, summary } of items) {
    say(`  ${percent(similarity_score)}  ${outcome(success)}  ${summary}`);
  }
}

async function learned({ get }) {
  const { items } = await get('/memory/patterns?limit=50');
  const worthwhile = items.filter(({ evidence }) => evidence.distinct_tasks >= 3).slice(0, 4);
  say('\nWhat was learned from them, without being asked:\n');
  for (const { confidence_score, says } of worthwhile)
    say(`  ${percent(confidence_score)}  ${says}`);
}

async function advise({ get, post }) {
  await post('/tasks', JSON.stringify(NEXT_TASK));
  const advice = await get(`/memory/tasks/${NEXT_TASK.id}/context?record=false`);
  say(`\nA new task: "${NEXT_TASK.description}". Before it begins:\n`);
  for (const sentence of advice.recommendations) say(`  ${sentence}`);
  for (const { similarity, summary } of advice.similar_tasks) {
    say(`  ${percent(similarity)}  ${outcome(true)}  ${summary}`);
  }
  for (const { text } of advice.warnings) say(`  Careful: ${text}`);
  if (advice.abstained) say(`  No advice. ${advice.reason}`);
}

async function answersAt(url) {
  try {
    return (await globalThis.fetch(new URL('/health/ready', url))).ok;
  } catch {
    return false;
  }
}

/** The service that somebody else started and will stop. */
const RUNNING = { url: ADDRESS, stop: () => Promise.resolve() };

/** A service of our own, and how to end it. */
async function start() {
  say(`No service answers at ${ADDRESS}: starting one for this demo.`);
  execSync('npm run --silent build', { cwd: ROOT, stdio: 'inherit' });
  const folder = await mkdtemp(join(tmpdir(), 'omoi-demo-'));
  const own = { PORT: '0', DATA_DIR: folder, DATABASE_URL: '', LOG_LEVEL: 'warn' };
  const service = spawn(process.execPath, ['dist/src/main.js'], {
    cwd: ROOT,
    env: { ...process.env, ...own },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const gone = once(service, 'exit');
  const stop = async () => {
    service.kill('SIGTERM');
    await gone;
    await rm(folder, { recursive: true, force: true });
  };
  for await (const line of createInterface({ input: service.stdout })) {
    const [, url] = /listens at (\S+)/.exec(line) ?? [];
    if (url) return { url, stop };
  }
  await stop();
  throw new Error('The service did not start.');
}

// Whoever stops reading (`| head`) must not keep our own service from being stopped.
process.stdout.on('error', () => undefined);

const service = (await answersAt(ADDRESS)) ? RUNNING : await start();
try {
  const api = client(service.url);
  await store(api);
  await search(api);
  await learned(api);
  await advise(api);
} catch (error) {
  process.stderr.write(`${error.message}\n`);
  process.exitCode = 1;
} finally {
  await service.stop();
}
