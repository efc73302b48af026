import { execFileSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { CommandBus } from '@nestjs/cqrs';
import { Database } from '../../../src/database/index.js';
import { Rebuilds } from '../../../src/event-store/index.js';
import { ownCaller } from '../../../src/kernel/index.js';
import { EraseSubject } from '../../../src/memory/index.js';
import { Agent } from '../../e2e/agent.js';
import { eventually, startApp, type RunningApp } from '../../support/app.js';
import { freshDatabase, isServer, type TestDatabase } from '../../support/database.js';
import { AllTables } from './all-tables.js';

/** Words that stand in everything one can say; long ones are stored apart and compressed. */
const words = (mark: string): { description: string; summary: string; error: object } => ({
  description: `Describes ${mark}one`,
  summary: `${mark}two says so. ${`${mark}three again and again. `.repeat(800)}`,
  error: { error_type: `${mark}four`, message: `${mark}five was the message` },
});

describe('A copy of the database', () => {
  let database: TestDatabase;
  let omoi: RunningApp;
  let agent: Agent;
  let bob: Agent;

  beforeAll(async () => {
    database = await freshDatabase();
    omoi = await startApp(database.env);
    agent = new Agent(omoi, 'default');
    bob = new Agent(omoi, 'default', { 'X-Actor': 'bob' });
    await live();
  });
  afterAll(async () => {
    await database.drop();
  });

  const say = async (by: Agent, mark: string, task: string, isNew = true): Promise<string> => {
    const { description, summary, error } = words(mark);
    const metadata = { about: `${mark}six` };
    if (isNew) await by.post('/tasks', { id: task, type: 'fix_bug', description, metadata });

    return by.remember(summary, {
      task_id: task,
      task: null,
      success: false,
      error_patterns: error,
    });
  };

  /** What is told apart by its marks: what goes, and what stays. */
  async function live(): Promise<void> {
    await agent.post('/tasks', { id: 'plain', type: 'fix_bug' });
    const memory = await say(agent, 'gonememory', 'plain', false);
    await say(agent, 'keptmemory', 'plain', false);
    await say(agent, 'gonetask', 'task-gone');
    await say(agent, 'kepttask', 'task-kept');
    await agent.post('/tasks/task-gone/fail', { execution_summary: 'gonefinished it' });
    const reasoned = await say(agent, 'keptreason', 'plain', false);
    await bob.post(`/memory/executions/${reasoned}/revoke`, {
      reason: 'goneperson did not like it',
    });
    for (const [by, task, comment] of [
      [bob, 'plain', 'gonecomment of his'],
      [agent, 'plain', 'keptcomment of mine'],
      [agent, 'task-gone', 'gonecomment of the task'],
    ] as const) {
      const { body } = await by.get(`/memory/tasks/${task}/context`);
      await by.post(`/memory/suggestions/${body.suggestion_id}/outcome`, {
        success: true,
        comment,
      });
    }
    await say(bob, 'goneperson', 'task-of-bob');
    await agent.embedded();
    const rebuilds = omoi.app.get(Rebuilds);
    const ended = async (id: string): Promise<unknown> =>
      eventually(
        () => rebuilds.find(id),
        ({ ended_at }) => ended_at !== null,
      );
    for (const name of ['task-memories', 'learner', 'tasks']) {
      await ended(await rebuilds.start(name, true));
    }
    await rebuilds.start('task-memories', false);
    await omoi.app.get(Database).as('omoi_owner', (sql) => sql.query('analyze'));

    expect((await agent.delete(`/memory/executions/${memory}`)).status).toBe(204);
    expect((await agent.delete('/tasks/task-gone')).status).toBe(204);
    await omoi.app.get(CommandBus).execute(new EraseSubject(ownCaller('default'), 'bob'));
  }

  const MARKS = ['memory', 'task', 'person', 'finished', 'reason', 'comment'].flatMap((what) => [
    `gone${what}`,
    `kept${what}`,
  ]);
  const KEPT = ['keptmemory', 'kepttask', 'keptreason', 'keptcomment'];

  const marksIn = (copy: Buffer | string): string[] => MARKS.filter((mark) => copy.includes(mark));

  /** Byte for byte: a file that goes while it is read is none any more. */
  function marksInFolder(folder: string): Set<string> {
    const paths = readdirSync(folder, { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map(({ parentPath, name }) => join(parentPath, name));

    return new Set(paths.flatMap(marksInFile));
  }

  function marksInFile(path: string): string[] {
    try {
      return marksIn(readFileSync(path));
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'ENOENT') return [];
      throw error;
    }
  }

  const filesAreAnew = (): Promise<unknown> =>
    eventually(
      () =>
        omoi.app.get(Database).as('omoi_owner', (sql) =>
          sql.query(
            `select from es.files as files
              where files.anew_at >= (select max(event.position) from es.event as event
                                       where event.type like '%.erased')`,
          ),
        ),
      (rows) => rows.length > 0,
    );

  it('has nothing in any table that was erased, and all that was not', async () => {
    const everything = await new AllTables(omoi, omoi.app.get(Database)).everything();

    expect(marksIn(everything)).toEqual(KEPT);
  });

  it('has it neither in what a dump holds, nor in the files of the embedded database', async () => {
    if (isServer) {
      const dump = execFileSync(
        join(process.env.TEST_DATABASE_BIN ?? '', 'pg_dump'),
        [database.env.DATABASE_URL ?? ''],
        { maxBuffer: 2 ** 28 },
      );
      await omoi.stop();
      expect(marksIn(dump)).toEqual(KEPT);
      return;
    }
    const folder = database.env.DATA_DIR ?? '';
    await filesAreAnew();
    expect([...marksInFolder(folder)].sort()).toEqual([...KEPT].sort());
    const late = await agent.remember('gonefinished at last', { task_id: 'plain', task: null });
    await agent.delete(`/memory/executions/${late}`);
    await omoi.stop();
    expect([...marksInFolder(folder)].sort()).toEqual([...KEPT].sort());

    // And in a copy as one is taken: nothing in it that the folder does not show.
    const backup = mkdtempSync(join(tmpdir(), 'omoi-copy-'));
    execFileSync('tar', ['-cf', join(backup, 'copy.tar'), '-C', folder, '.']);
    expect(marksIn(readFileSync(join(backup, 'copy.tar'))).sort()).toEqual([...KEPT].sort());
    rmSync(backup, { recursive: true });
  });
});
