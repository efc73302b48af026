import { createServer, type Server as HttpServer } from 'node:http';
import { type AddressInfo } from 'node:net';
import { json } from 'node:stream/consumers';
import { HashingEmbedder } from '../../../src/embedding/hashing-embedder.js';
import { startProcess, type ServiceProcess } from '../../support/process.js';
import { ask, until, wait } from '../api.js';
import { Server } from '../ground.js';
import { intact } from '../proofs.js';
import type { Found, Scenario } from '../scenario.js';
import { Writers } from '../writers.js';

const MEMORIES = 10_000;
const BATCH = 250;
const WRITERS = 2;
const SEARCHERS = 4;
const PAUSE_MS = 100;
/** How much is shown of what the service said, in characters. */
const LAST_WORDS = 2_000;
/** Vectors are kept in half precision. */
const THE_SAME = 0.999;
/** What a request to the model takes, in milliseconds. */
const MODEL_MS = 20;

interface Now {
  service: ServiceProcess;
}

export const migrateEmbeddings: Scenario = {
  says: 'The model of 10,000 memories is changed while 2 clients store and 4 search; it is given up once, and the service is killed in the middle.',
  onServer: true,

  run: async () => {
    const ground = await Server.required().ground();
    const { model, url } = await openModel();
    const env = {
      ...ground.env,
      EMBEDDING_PROVIDER: 'openai',
      EMBEDDING_MODEL: 'plain',
      OPENAI_API_KEY: 'key',
      OPENAI_BASE_URL: url,
    };
    const now: Now = { service: await startProcess(env) };
    await fill(now.service);
    const writers = new Writers(WRITERS, () => now.service, PAUSE_MS);
    const searchers = new Searchers(now);

    const given = await begin(now.service);
    await until('it has begun', async () => percentOf(await state(now.service, given)) > 5);
    await ask(now.service, `/admin/embeddings/migrations/${given}/cancel`, {});
    const cancelled = await state(now.service, given);

    const id = await begin(now.service);
    await until('it is half way', async () => percentOf(await state(now.service, id)) >= 50);
    searchers.pause();
    await now.service.killAll();
    now.service = await startProcess(env);
    searchers.goOn();
    const resumed = await state(now.service, id);
    await isSwitched(now.service, id);
    await wait(3_000);
    const found: Found[] = [
      { what: 'given up', count: 1, wrong: Number(cancelled.status !== 'cancelled') },
      { what: 'resumed at %', count: percentOf(resumed), wrong: Number(percentOf(resumed) < 40) },
      ...(await searchers.stop()),
    ];
    await writers.stop();
    found.push(...(await intact(now.service, writers.acknowledged)));
    await now.service.stop();
    model.close();
    await ground.remove();

    return found;
  },
};

const textOf = (n: number): string =>
  `Work number ${String(n)} on part p${String(n % 173)} of q${String(n * 7)} by r${String(n * 13)}`;

async function fill(service: ServiceProcess): Promise<void> {
  for (let first = 0; first < MEMORIES; first += BATCH) {
    const executions = Array.from({ length: BATCH }, (_, at) => ({
      task_id: `before-${String(first + at)}`,
      task: { type: 'demo' },
      execution_summary: textOf(first + at),
      success: true,
    }));
    const answer = await ask(service, '/memory/store/batch', { executions });
    if (answer?.status !== 207) throw new Error('The log could not be filled.');
  }
  await until('all have their vectors', async () => {
    const answer = await ask(service, '/admin/embeddings');
    const [space] = answer?.body.models as { coverage: { embedded: number } }[];
    return space?.coverage.embedded === MEMORIES;
  });
}

async function begin(service: ServiceProcess): Promise<string> {
  const begun = await ask(service, '/admin/embeddings/migrate', { model: 'turned' });
  if (begun?.status !== 202) throw new Error(`It was refused: ${JSON.stringify(begun)}`);

  return String(begun.body.migration_id);
}

const state = async (service: ServiceProcess, id: string): Promise<Record<string, unknown>> =>
  (await ask(service, `/admin/embeddings/migrations/${id}`))?.body ?? {};

/** @throws Error that says how far it came, and what the service said last */
async function isSwitched(service: ServiceProcess, id: string): Promise<void> {
  try {
    await until('it is switched', async () => (await state(service, id)).status === 'switched');
  } catch (error) {
    const { message } = error as Error;
    const last = JSON.stringify(await state(service, id));
    throw new Error(`${message}: ${last}\n${service.output().slice(-LAST_WORDS)}`, {
      cause: error,
    });
  }
}

const percentOf = ({ percent }: Record<string, unknown>): number => Number(percent ?? 0);

/** Clients that search for the very words of a memory: it must be found, and be as near as can be. */
class Searchers {
  private readonly byModel = new Map<string, number>();
  private failed = 0;
  private mixed = 0;
  private first = '';
  private isSearching = true;
  private isPaused = false;
  private readonly searching: Promise<void>[];

  constructor(private readonly now: Now) {
    this.searching = Array.from({ length: SEARCHERS }, (_, nth) => this.search(nth));
  }

  pause(): void {
    this.isPaused = true;
  }

  goOn(): void {
    this.isPaused = false;
  }

  async stop(): Promise<Found[]> {
    this.isSearching = false;
    await Promise.all(this.searching);
    const searches = [...this.byModel].map(([model, count]) => `${model} ${String(count)}`);
    const count = [...this.byModel.values()].reduce((sum, one) => sum + one, 0);

    return [
      { what: `searches failed${this.first}`, count, wrong: this.failed },
      { what: `not of one space (${searches.join(', ')})`, count, wrong: this.mixed },
      { what: 'spaces searched', count: this.byModel.size, wrong: Number(this.byModel.size !== 2) },
    ];
  }

  private async search(nth: number): Promise<void> {
    for (let n = nth; this.isSearching; n += 97) {
      if (this.isPaused) await wait(50);
      else await this.one(textOf(n % MEMORIES));
    }
  }

  private async one(text: string): Promise<void> {
    const body = { task_description: text, mode: 'semantic', accuracy: 'exact', top_k: 1 };
    const answer = await ask(this.now.service, '/memory/search', body);
    if (this.isPaused) return;
    if (answer?.status !== 200) {
      this.failed += 1;
      this.first ||= `; the first: ${JSON.stringify(answer)}`;
      return;
    }
    const model = String(answer.body.model_key);
    this.byModel.set(model, (this.byModel.get(model) ?? 0) + 1);
    const [hit] = answer.body.items as { summary: string; similarity_score: number }[];
    if (hit === undefined || hit.similarity_score < THE_SAME) this.mixed += 1;
  }
}

/** A model behind OpenAI's API; `turned` has the same texts elsewhere in its space. */
async function openModel(): Promise<{ model: HttpServer; url: string }> {
  const hashing = new HashingEmbedder();
  const model = createServer((request, response) => {
    void (async () => {
      const asked = (await json(request)) as { input: string[]; model: string };
      const embeddings = await hashing.embed(asked.input);
      await wait(MODEL_MS);
      const data = embeddings.map(({ vector }, index) => ({
        index,
        embedding: asked.model === 'turned' ? [...vector].reverse() : [...vector],
      }));
      response.setHeader('content-type', 'application/json');
      response.end(JSON.stringify({ data, usage: { total_tokens: asked.input.length } }));
    })();
  });
  await new Promise<void>((resolve) => {
    model.listen(0, '127.0.0.1', resolve);
  });

  return { model, url: `http://127.0.0.1:${String((model.address() as AddressInfo).port)}/v1` };
}
