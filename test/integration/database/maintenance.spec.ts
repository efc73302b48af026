import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Maintenance } from '../../../src/database/index.js';
import { isServer } from '../../support/database.js';
import { openDatabase, type OpenDatabase } from '../../support/open-database.js';

/** A server has autovacuum, and does it by itself. */
const describeEmbedded = isServer ? describe.skip : describe;

describeEmbedded('The maintenance of the embedded database', () => {
  let opened: OpenDatabase;
  let maintenance: Maintenance;

  beforeAll(async () => {
    opened = await openDatabase();
    maintenance = new Maintenance(opened.database);
    await maintenance.round();
    await asOwner('create table growing (number int, word text)');
  });
  afterAll(() => opened.close());

  const asOwner = (text: string): Promise<object[]> =>
    opened.database.as('omoi_owner', (sql) => sql.query(text));
  const known = async (): Promise<object | undefined> => {
    const [row] = await opened.database.outside(
      `select class.reltuples::int as rows, stat.n_dead_tup::int as dead
         from pg_class as class
         join pg_stat_all_tables as stat on stat.relid = class.oid
        where class.relname = 'growing'`,
    );

    return row;
  };

  it('learns what a table holds once it has grown', async () => {
    await asOwner(`insert into growing select n, 'word' from generate_series(1, 500) as n`);
    await maintenance.round();

    expect(await known()).toEqual({ rows: 500, dead: 0 });
  });

  it('forgets dead rows once they are many', async () => {
    await asOwner(`update growing set word = 'another'`);
    await maintenance.round();

    expect(await known()).toEqual({ rows: 500, dead: 0 });
    await asOwner(`update growing set word = 'third' where number < 5`);
    await maintenance.round();

    expect(await known()).toEqual({ rows: 500, dead: 4 });
  });
});
