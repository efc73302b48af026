import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Settings } from '../../../src/config/index.js';
import { poolOf } from '../../../src/database/orm.js';
import { HashingEmbedder } from '../../../src/embedding/index.js';
import { newId } from '../../../src/kernel/index.js';
import { memoryFilter } from '../../../src/memory/read-model/memory-filter.js';
import { MemoryReader } from '../../../src/memory/read-model/memory.reader.js';
import { Spaces } from '../../../src/memory/read-model/spaces.js';
import { type VectorTable } from '../../../src/memory/read-model/vector-table.js';
import { PhaseReader } from '../../../src/phases/read-model/phase.reader.js';
import { TaskReader } from '../../../src/tasks/read-model/task.reader.js';
import { isServer } from '../../support/database.js';
import { openDatabase, type OpenDatabase } from '../../support/open-database.js';
import { RecordedDatabase } from './recorded-database.js';

const NAMESPACE = 'many';
const EVERYTHING = memoryFilter.parse({});

describe('The statement of a reader', () => {
  let opened: OpenDatabase;
  let database: RecordedDatabase;
  let spaces: Spaces;
  let vectors: VectorTable;

  beforeAll(async () => {
    opened = await openDatabase();
    database = new RecordedDatabase(await poolOf(opened.orm));
    const url = process.env.TEST_DATABASE_URL;
    const settings = new Settings(isServer ? { DATABASE_URL: url } : {});
    spaces = new Spaces(settings, database);
    const space = spaces.make(new HashingEmbedder().profile);
    space.embedder = new HashingEmbedder();
    spaces.ask(space);
    vectors = space.vectors;
    await vectors.make();
  });
  afterAll(() => opened.close());

  it('about phases is this', async () => {
    const phases = new PhaseReader(database);

    expect(await database.during(() => phases.all())).toMatchSnapshot();
  });

  it('about tasks is this', async () => {
    const tasks = new TaskReader(database);
    const filter = { type: 'fix_bug', phase_id: null, status: 'open' };

    expect(await database.during(() => tasks.one(NAMESPACE, 't-1'))).toMatchSnapshot('one');
    expect(await database.during(() => tasks.list(NAMESPACE, filter, null, 21))).toMatchSnapshot(
      'list',
    );
  });

  it('about memories is this', async () => {
    const memories = new MemoryReader(database, spaces);
    const filter = { ...EVERYTHING, task_id: null };

    expect(await database.during(() => memories.one(NAMESPACE, newId()))).toMatchSnapshot('one');
    expect(await database.during(() => memories.list(NAMESPACE, filter, null, 21))).toMatchSnapshot(
      'list',
    );
  });
});
