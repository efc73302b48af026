import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { Database } from '../../../src/database/index.js';
import {
  DeadLetters,
  Followers,
  type DeadLetter,
  type Policy,
  type Projection,
} from '../../../src/event-store/index.js';
import { PostgresEventStore } from '../../../src/event-store/postgres-event-store.js';
import { newId, unavailable, type DomainEvent } from '../../../src/kernel/index.js';
import { appending, noted, testCatalog } from '../../contract/event-store.contract.js';
import { Agent } from '../../e2e/agent.js';
import { eventually, startApp, type RunningApp } from '../../support/app.js';
import { openDatabase, type OpenDatabase } from '../../support/open-database.js';

type Counted = DomainEvent<'test.counted', { n: number }>;
type Noted = DomainEvent<'test.noted', { n: number }, { note: string }>;

/** Somebody who follows: a log and its followers, as one process has them. */
interface Process {
  readonly store: PostgresEventStore;
  readonly followers: Followers;
}

let opened: OpenDatabase;
let running: Process[];

beforeAll(async () => {
  opened = await openDatabase();
  await opened.database.as('omoi_owner', async (sql) => {
    await sql.query('create table counted (projection text, position bigint, n int)');
    await sql.query('grant select, insert on counted to omoi_projector');
  });
});
afterAll(() => opened.close());
beforeEach(() => {
  running = [];
});
afterEach(() => Promise.all(running.map(stop)));

const made = (): Process => {
  const catalog = testCatalog();
  const store = new PostgresEventStore(opened.database, catalog);

  return { store, followers: new Followers(opened.database, store, catalog) };
};

const start = async (process: Process): Promise<Process> => {
  running.push(process);
  await process.followers.onApplicationBootstrap();

  return process;
};

const stop = async ({ followers }: Process): Promise<void> => {
  await followers.beforeApplicationShutdown();
  await followers.onApplicationShutdown();
};

/** Writes a row an event; `before` may throw, and `after` too. */
const counting = (
  name: string,
  { gathers = 0, before = (): void => undefined, after = (): void => undefined } = {},
): Projection<Counted, { add(position: bigint, n: number): Promise<unknown> }> => ({
  name,
  source: import.meta.url,
  tables: ['counted'],
  gathers,
  rows: (sql) => ({
    add: (position, n) =>
      sql.query('insert into counted (projection, position, n) values ($1, $2, $3)', [
        name,
        position,
        n,
      ]),
  }),
  on: {
    'test.counted': async (events, rows) => {
      before();
      for (const { position, data } of events) await rows.add(position, data.n);
      after();
    },
  },
});

const write = async ({ store }: Process, numbers: readonly number[]): Promise<bigint> => {
  const { position } = await store.append(
    appending(
      'test-counts',
      numbers.map((n) => noted(n)),
    ),
  );
  return position;
};

const counted = async (projection: string): Promise<number[]> => {
  const rows = await opened.database.as('omoi_projector', (sql) =>
    sql.query<{ n: number }>(
      'select counted.n from counted where counted.projection = $1 order by counted.position, counted.n',
      [projection],
    ),
  );
  return rows.map(({ n }) => n);
};

const checkpoint = async (projection: string): Promise<bigint> => {
  const [row] = await opened.database.as('omoi_projector', (sql) =>
    sql.query<{ checkpoint: string }>(
      'select max(p.checkpoint) as checkpoint from es.projection as p where p.name = $1',
      [projection],
    ),
  );
  return BigInt(row?.checkpoint ?? -1);
};

/** How many events there are for a projection that counts. */
const writtenSoFar = async ({ store }: Process): Promise<number> =>
  (await store.readAll(0n, 100_000)).filter(({ type }) => type === 'test.counted').length;

const stateOf = (process: Process, name: string): { checkpoint: bigint; error: string | null } => {
  const found = process.followers.states().find((state) => state.name === name);
  if (!found) throw new Error(`Nobody is called ${name}.`);

  return found;
};

const numbers = (count: number, first = 0): number[] =>
  Array.from({ length: count }, (_, n) => first + n);

describe('A projection', () => {
  it('commits its rows and its checkpoint together, or neither', async () => {
    const name = newId();
    const broken = { now: true };
    const process = made();
    const position = await write(process, [1, 2, 3]);
    // Nothing is set aside because of that, however often it is tried.
    const after = (): void => {
      if (broken.now) throw unavailable('test.away', 'It cannot be told.');
    };
    process.followers.project(counting(name, { after }));
    await start(process);

    await eventually(
      () => Promise.resolve(stateOf(process, name)),
      ({ error }) => error === 'It cannot be told.',
    );
    expect([await counted(name), await checkpoint(name)]).toEqual([[], 0n]);
    expect(stateOf(process, name).checkpoint).toBeLessThan(position);

    broken.now = false;
    await eventually(
      () => Promise.resolve(stateOf(process, name)),
      (state) => state.checkpoint >= position,
    );
    expect((await counted(name)).slice(-3)).toEqual([1, 2, 3]);
    expect(await checkpoint(name)).toBe(position);
    expect(stateOf(process, name).error).toBeNull();
  });

  it('that gathers applies together what came meanwhile, and at once when somebody waits', async () => {
    const name = newId();
    const process = made();
    const behind = await writtenSoFar(process);
    const runs: number[] = [];
    const before = (): void => {
      runs.push(runs.length);
    };
    process.followers.project(counting(name, { gathers: 60_000, before }));
    await start(process);
    await process.followers.passed(await process.store.head(), [name]);
    const caughtUp = runs.length;
    let position = 0n;
    for (const n of [1, 2, 3]) position = await write(process, [n]);
    expect(await counted(name)).toHaveLength(behind);

    await process.followers.passed(position, [name]);
    expect((await counted(name)).slice(-3)).toEqual([1, 2, 3]);
    expect(runs).toHaveLength(caughtUp + 1);
  });

  it('goes on after each failure with exactly what comes next', async () => {
    const name = newId();
    const process = made();
    const turns = { taken: 0 };
    const fails = (): void => {
      turns.taken += 1;
      if (turns.taken % 2 > 0) throw new Error('Every other time.');
    };
    const behind = await writtenSoFar(process);
    process.followers.project(counting(name, { before: fails }));
    await start(process);
    let position = 0n;
    for (const n of numbers(5, 100)) position = await write(process, [n, n]);

    await eventually(
      () => checkpoint(name),
      (reached) => reached >= position,
    );
    const own = (await counted(name)).slice(-10);
    expect(own).toEqual([100, 100, 101, 101, 102, 102, 103, 103, 104, 104]);
    expect(await counted(name)).toHaveLength(behind + 10);
  });

  it('resumes at its checkpoint', async () => {
    const name = newId();
    const before = made();
    before.followers.project(counting(name));
    await start(before);
    await before.followers.passed(await write(before, [1, 2]), [name]);
    await stop(before);
    const soFar = await counted(name);
    await write(before, [3]);
    expect(await counted(name)).toEqual(soFar);

    const after = made();
    after.followers.project(counting(name));
    await start(after);
    await eventually(
      () => counted(name),
      (rows) => rows.length > soFar.length,
    );
    expect(await counted(name)).toEqual([...soFar, 3]);
    await stop(after);
  });

  it('applies each event once, in order, though two processes follow', async () => {
    const name = newId();
    const processes = [made(), made()] as const;
    for (const process of processes) {
      process.followers.project(counting(name));
      await start(process);
    }
    const soFar = await writtenSoFar(processes[0]);
    const written = await Promise.all(
      numbers(60).map((n) => write(processes[n % 2 ? 0 : 1], [n, n])),
    );
    const last = written.reduce((a, b) => (a > b ? a : b));

    for (const process of processes) {
      await eventually(
        () => Promise.resolve(stateOf(process, name)),
        (state) => state.checkpoint >= last,
      );
    }
    const rows = await counted(name);
    expect(rows).toHaveLength(soFar + 120);
    expect(rows.slice(-120).sort((a, b) => a - b)).toEqual(numbers(60).flatMap((n) => [n, n]));
    expect(stateOf(processes[0], name).error ?? stateOf(processes[1], name).error).toBeNull();
  });

  it('passes what is not for it', async () => {
    const name = newId();
    const process = made();
    process.followers.project(counting(name));
    await start(process);
    const { position } = await process.store.append(
      appending('test-notes', [noted(1, 'one'), noted(2, 'two')]),
    );
    await process.followers.passed(position, [name]);

    expect(stateOf(process, name)).toMatchObject({ checkpoint: position, error: null });
  });

  it('goes on as it is when it joins once more', async () => {
    const name = newId();
    const process = await start(made());
    await process.followers.join(counting(name));
    const follower = process.followers.find(name);
    await process.followers.join(counting(name));

    expect(follower).toBeDefined();
    expect(process.followers.find(name)).toBe(follower);
  });

  it('stops within its batch and loses nothing', async () => {
    const name = newId();
    const before = made();
    before.followers.project(counting(name));
    const soFar = await writtenSoFar(before);
    for (const n of numbers(5)) await write(before, numbers(100, 100 * n));
    await start(before);
    await stop(before);
    const after = made();
    after.followers.project(counting(name));
    await start(after);

    await eventually(
      () => counted(name),
      (rows) => rows.length >= soFar + 500,
    );
    expect((await counted(name)).slice(-500)).toEqual(numbers(500));
    expect(await counted(name)).toHaveLength(soFar + 500);
  });
});

describe('An event that a follower cannot deal with', () => {
  const letters = ({ store, followers }: Process): DeadLetters =>
    new DeadLetters(opened.database, store, followers);
  const lettersOf = async (process: Process, name: string): Promise<DeadLetter[]> =>
    (await letters(process).list(null, 1_000)).filter(({ projection }) => projection === name);

  it('is set aside after three tries; the rest is applied, and it too when that works', async () => {
    const name = newId();
    const process = made();
    const isBroken = { now: true };
    const projection: Projection<Counted, { add(position: bigint, n: number): Promise<unknown> }> =
      {
        ...counting(name),
        on: {
          'test.counted': async (events, rows) => {
            for (const { position, data } of events) {
              await rows.add(position, data.n);
              if (data.n === 1313 && isBroken.now) throw new Error('Unlucky.');
            }
          },
        },
      };
    const behind = await writtenSoFar(process);
    process.followers.project(projection);
    await start(process);
    await write(process, [11, 12, 1313, 14]);
    await eventually(
      () => counted(name),
      (rows) => rows.length === behind + 3,
    );

    expect((await counted(name)).slice(-3)).toEqual([11, 12, 14]);
    const [letter] = await lettersOf(process, name);
    expect(letter).toMatchObject({ attempts: 1, error: 'Unlucky.', type: 'test.counted' });
    expect(stateOf(process, name).error).toBeNull();
    const { id = '' } = letter ?? {};
    await expect(letters(process).retry(id)).rejects.toMatchObject({
      code: 'dead_letter.failed_again',
    });

    isBroken.now = false;
    await letters(process).retry(id);
    expect((await counted(name)).slice(-4)).toEqual([11, 12, 1313, 14]);
    expect(await lettersOf(process, name)).toEqual([]);
  });

  it('stops no policy either', async () => {
    const name = newId();
    const process = made();
    const seen: number[] = [];
    const isBroken = { now: true };
    process.followers.react<Noted>({
      name,
      on: {
        'test.noted': ({ data }) => {
          if (data.n === 1313 && isBroken.now) throw new Error('Unlucky.');
          seen.push(data.n);
          return Promise.resolve();
        },
      },
    });
    await start(process);
    await process.store.append(
      appending('test-notes', [
        noted(12, 'twelve'),
        noted(1313, 'thirteen'),
        noted(14, 'fourteen'),
      ]),
    );
    await eventually(
      () => lettersOf(process, name),
      (all) => all.length === 1,
    );
    await eventually(
      () => Promise.resolve(seen),
      (all) => all.at(-1) === 14,
    );
    // What had been done before the failure is not done again.
    expect(seen.filter((n) => n === 12)).toHaveLength(1);

    isBroken.now = false;
    const [letter] = await lettersOf(process, name);
    await letters(process).retry(letter?.id ?? '');
    expect(seen.at(-1)).toBe(1313);
  });

  it('is not at fault when ten in a row cannot be applied', async () => {
    const name = newId();
    const process = made();
    // Twice all together, and twice ten of them one by one: what works again in between is applied.
    const broken = { tries: 2 + 2 * 10 };
    const before = (): void => {
      broken.tries -= 1;
      if (broken.tries >= 0) throw new Error('Nothing works.');
    };
    const behind = await writtenSoFar(process);
    process.followers.project(counting(name, { before }));
    await write(process, numbers(12));
    await start(process);
    await eventually(
      () => Promise.resolve(stateOf(process, name)),
      ({ error }) => error === 'Nothing works.',
    );
    await eventually(
      () => counted(name),
      (rows) => rows.length === behind + 12,
    );
    expect(await lettersOf(process, name)).toEqual([]);
  });
});

describe('Who waits for a follower', () => {
  it('waits until it has passed, and no longer', async () => {
    const name = newId();
    const process = made();
    process.followers.project(counting(name));
    await start(process);
    const position = await write(process, [1]);
    await process.followers.passed(position, [name]);

    expect(stateOf(process, name).checkpoint).toBeGreaterThanOrEqual(position);
    expect((await counted(name)).at(-1)).toBe(1);
    await process.followers.passed(0n, [name, 'nobody']);
  });

  it('waits for two seconds at most', async () => {
    const name = newId();
    const process = made();
    const before = (): void => {
      throw new Error('Not today.');
    };
    process.followers.project(counting(name, { before }));
    await start(process);
    const position = await write(process, [1]);
    const asked = performance.now();
    await process.followers.passed(position, [name]);

    expect(stateOf(process, name).checkpoint).toBeLessThan(position);
    expect(performance.now() - asked).toBeGreaterThan(1_900);
  });

  it('is let go when everything stops', async () => {
    const name = newId();
    const process = made();
    process.followers.project(counting(name));
    await start(process);
    const waiting = process.followers.passed((await process.store.head()) + 1_000n, [name]);
    await stop(process);

    await expect(waiting).resolves.toBeUndefined();
  });
});

describe('A policy', () => {
  /** Answers each note with a count in a stream of the policy's own. */
  const answering = (
    { store }: Process,
    name: string,
    acted: { times: number; failures: number },
  ): Policy<Noted> => ({
    name,
    on: {
      'test.noted': async ({ data }, { caller, causationId }) => {
        acted.times += 1;
        await store.append({
          ...appending(`answers-${name}`, [noted(data.n)]),
          caller,
          keys: caller.key ? [caller.key] : [],
          causationId,
        });
        acted.failures -= 1;
        if (acted.failures >= 0) throw new Error('It died before it could note that.');
      },
    },
  });

  it('acts at least once, and what it asks for happens once', async () => {
    const name = newId();
    const process = made();
    const acted = { times: 0, failures: 2 };
    const { store, followers } = process;
    followers.react(answering(process, name, acted));
    const before = await store.head();
    await start(process);
    const { position } = await store.append(
      appending('test-notes', [noted(7, 'seven'), noted(8, 'eight')]),
    );
    await eventually(
      () => checkpoint(name),
      (reached) => reached >= position,
    );

    const answers = (await store.read('default', `answers-${name}`)).filter(
      (answer) => answer.position > before,
    );
    expect(acted.times).toBeGreaterThan(answers.length);
    expect(answers.slice(-2)).toMatchObject([{ data: { n: 7 } }, { data: { n: 8 } }]);
    expect(new Set(answers.map(({ metadata }) => metadata.causation_id)).size).toBe(answers.length);
    const [seven] = (await store.readAll(position - 2n, 1)).slice(0, 1);
    expect(answers.at(-2)?.metadata).toMatchObject({
      causation_id: seven?.id,
      correlation_id: 'r-1',
      actor: 'ann',
    });
  });

  it('of two processes makes it happen once', async () => {
    const name = newId();
    const processes = [made(), made()] as const;
    const acted = { times: 0, failures: 0 };
    for (const process of processes) {
      process.followers.react(answering(process, name, acted));
      await start(process);
    }
    const [{ store }] = processes;
    let position = 0n;
    for (const n of numbers(10)) {
      ({ position } = await store.append(appending('test-notes', [noted(n, 'note')])));
    }
    for (const process of processes) {
      await eventually(
        () => Promise.resolve(stateOf(process, name)),
        (state) => state.checkpoint >= position,
      );
    }

    const answers = await store.read('default', `answers-${name}`);
    expect(answers.slice(-10).map(({ data }) => (data as { n: number }).n)).toEqual(numbers(10));
    expect(new Set(answers.map(({ metadata }) => metadata.causation_id)).size).toBe(answers.length);
  });
});

describe('A replay', () => {
  let omoi: RunningApp;

  beforeAll(async () => {
    omoi = await startApp();
  });
  afterAll(() => omoi.stop());

  it('of wiped read models gives the same rows, byte for byte', async () => {
    const vectors = 'memory_embedding_all_minilm_l6_v2_q8';
    const pending = 'embedding_pending_all_minilm_l6_v2_q8';
    const tables = ['phases', 'tasks', 'task_memories', 'memory_usage', vectors];
    const database = omoi.app.get(Database);
    const followers = omoi.app.get(Followers);
    let hits = 0;
    for (const namespace of ['ann', 'bob']) hits += await live(new Agent(omoi, namespace));
    const head = await settledHead(database, hits);
    const before = await bytesOf(database, tables);
    expect(before.every((rows) => rows.length > 0)).toBe(true);

    await database.as('omoi_projector', async (sql) => {
      for (const table of [...tables, pending]) await sql.query(`delete from ${table}`);
      await sql.query(
        `update es.projection set checkpoint = 0
          where name = any('{phases,tasks,task-memories,memory-usage}')
             or name like 'memory-vectors-%'`,
      );
    });
    await eventually(
      () =>
        database.as('omoi_projector', (sql) =>
          sql.query<{ checkpoint: string }>('select p.checkpoint from es.projection as p'),
        ),
      (rows) => rows.every((row) => BigInt(row.checkpoint) === head),
    );

    expect(await bytesOf(database, tables)).toEqual(before);
    expect(followers.states().every(({ error }) => error === null)).toBe(true);
  });
});

/** A bit of everything that becomes rows; how many memories its searches returned. */
async function live(agent: Agent): Promise<number> {
  await agent.put('/phases/PHASE_REVIEW', {
    name: 'Review',
    description: 'Look at it “again” 🙂',
    sequence_order: 8,
    allowed_transitions: ['PHASE_DONE'],
    is_terminal: false,
    configuration: { b: 1, a: [0.1, 1e21, -0] },
  });
  const metadata = { z: 1, a: { 'dotted.key': ['é', null, 1e-7] } };
  await agent.post('/tasks', { id: 'moved', type: 'fix_bug', description: 'Mend it', metadata });
  for (const to of ['REQUIREMENTS', 'BLOCKED', 'DESIGN', 'IMPLEMENTATION']) {
    await agent.post('/tasks/moved/transition', { phase_id: `PHASE_${to}` });
  }
  await agent.post('/tasks', { id: 'failed', type: 'fix_bug' });
  const execution_summary = 'The login\n\tstill fails 💥';
  const error_patterns = { error_type: 'Timeout', at: { line: 3 } };
  await agent.post('/tasks/failed/fail', { execution_summary, error_patterns });
  const ids: string[] = [];
  for (let n = 0; n < 5; n += 1) {
    const more = { tags: ['auth', `n${String(n)}`], cost_usd: 0.1 * n, duration_ms: n };
    ids.push(await agent.remember(`Implemented login number ${String(n)}`, more));
  }
  await agent.remember('Implemented login number 1', { occurred_at: '2025-12-31T23:00:00-05:00' });
  await agent.embedded();
  let hits = 0;
  for (let n = 0; n < 4; n += 1) {
    hits += ((await agent.search('Login', { top_k: 2 + n })).items as unknown[]).length;
  }
  await agent.post(`/memory/executions/${String(ids[0])}/revoke`, { reason: 'It was "wrong" 🙂' });

  return hits;
}

/** The end of the log, when all hits are counted and all followers are there. */
async function settledHead(database: Database, hits: number): Promise<bigint> {
  const ask = (statement: string): Promise<bigint[]> =>
    database.as('omoi_projector', async (sql) =>
      (await sql.query<{ n: string }>(statement)).map(({ n }) => BigInt(n)),
    );
  await eventually(
    () => ask('select coalesce(sum(usage.reused_count), 0) as n from memory_usage as usage'),
    ([counted]) => counted === BigInt(hits),
  );
  const [head = 0n] = await eventually(
    () =>
      ask(`select head.position as n from es.head as head
            union all select p.checkpoint from es.projection as p`),
    (positions) => new Set(positions).size === 1,
  );
  return head;
}

async function bytesOf(database: Database, tables: readonly string[]): Promise<string[][]> {
  const all: string[][] = [];
  for (const table of tables) {
    const rows = await database.as('omoi_projector', (sql) =>
      sql.query<{ row: string }>(
        `select read::text as row from ${table} as read order by read::text collate "C"`,
      ),
    );
    all.push(rows.map(({ row }) => row));
  }
  return all;
}
