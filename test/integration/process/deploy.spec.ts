import { cp, mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { eventually } from '../../support/app.js';
import { freshDatabase, type TestDatabase } from '../../support/database.js';
import { startProcess, type ServiceProcess } from '../../support/process.js';

type Item = Readonly<Record<string, unknown>>;

const TYPES = 6;
const AGENTS = 5;
const ROUNDS = 24;

/** The build, with a learner that asks for odds of 10 where it asked for 100. */
async function changedBuild(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'omoi-deploy-'));
  await cp('dist', join(folder, 'dist'), { recursive: true });
  await cp('package.json', join(folder, 'package.json'));
  for (const name of ['node_modules', 'models']) await symlink(resolve(name), join(folder, name));
  const gate = join(folder, 'dist/src/patterns/domain/gate.js');
  const code = await readFile(gate, 'utf8');
  expect(code).toMatch('const ODDS = 100;');
  await writeFile(gate, code.replace('const ODDS = 100;', 'const ODDS = 10;'));

  return folder;
}

describe('A learner that is deployed with another threshold', () => {
  let database: TestDatabase;
  let build: string;
  let service: ServiceProcess;

  beforeAll(async () => {
    database = await freshDatabase();
    build = await changedBuild();
    service = await startProcess({ ...database.env, EMBEDDING_WORKERS: '1' });
  });
  afterAll(async () => {
    await service.stop();
    await database.drop();
    await rm(build, { recursive: true });
  });

  const ask = async (path: string, body?: object): Promise<Item> => {
    const answer = await fetch(`${service.url}/api/v1${path}`, {
      ...(body && { method: 'POST', body: JSON.stringify(body) }),
      headers: { 'content-type': 'application/json' },
    });
    return (await answer.json()) as Item;
  };

  const projections = async (): Promise<Item[]> =>
    (await ask('/admin/projections')).items as Item[];

  /** How sure each pattern is, and whether it is active. */
  const patterns = async (): Promise<Map<string, string>> => {
    const found = new Map<string, string>();
    for (let cursor = ''; ;) {
      const page = (await ask(`/memory/patterns?limit=50${cursor}`)) as Item & {
        readonly next_cursor: string | null;
      };
      for (const one of page.items as Item[]) {
        found.set(String(one.pattern_id), `${String(one.status)} ${String(one.confidence_score)}`);
      }
      if (page.next_cursor === null) return found;
      cursor = `&cursor=${page.next_cursor}`;
    }
  };

  it('asks to be rebuilt, names exactly the patterns that change, and can be taken back', async () => {
    const executions = Array.from({ length: ROUNDS * TYPES }, (_, n) => ({
      task_id: `task-${String(n)}`,
      task: { type: `type_${String(n % TYPES)}` },
      execution_summary: 'It was tried',
      // Every agent has a rate of its own at every type: some lie between the two thresholds.
      success: (n * 7 + (n % TYPES) * 3) % 10 < 3 + 2 * ((n % AGENTS) % 4),
      agent_id: `agent-${String(n % AGENTS)}`,
    }));
    await ask('/memory/store/batch', { executions });
    const before = await patterns();
    expect((await projections()).every(({ rebuild_needed }) => rebuild_needed === false)).toBe(
      true,
    );

    await service.stop();
    service = await startProcess({ ...database.env, EMBEDDING_WORKERS: '1' }, build);
    const needed = (await projections()).filter(({ rebuild_needed }) => rebuild_needed === true);
    expect(needed.map(({ name }) => name)).toEqual(['learner']);
    expect(await patterns()).toEqual(before);

    const { rebuild_id } = await ask('/admin/projections/learner/rebuild', { swap: false });
    const path = `/admin/rebuilds/${String(rebuild_id)}`;
    const ready = await eventually(
      () => ask(path),
      ({ status }) => status === 'ready',
    );
    expect(await patterns()).toEqual(before);
    expect(await ask(`${path}/swap`, {})).toMatchObject({ status: 'swapped' });

    const after = await patterns();
    const changed = [...new Set([...before.keys(), ...after.keys()])].filter(
      (id) => before.get(id) !== after.get(id),
    );
    const named = (ready.diff as { patterns: Item[] }).patterns;
    expect(changed.length).toBeGreaterThan(0);
    expect(changed.length).toBeLessThan(after.size);
    expect(named.map(({ pattern_id }) => pattern_id)).toEqual(changed.sort());
    for (const { pattern_id: id, ...moved } of named) {
      expect(`${String(moved.status_before)} ${String(moved.before)}`).toBe(before.get(String(id)));
      expect(`${String(moved.status_after)} ${String(moved.after)}`).toBe(after.get(String(id)));
    }

    await ask('/admin/projections/learner/flip-back', {});
    await eventually(patterns, (now) => JSON.stringify([...now]) === JSON.stringify([...before]));
  });
});
