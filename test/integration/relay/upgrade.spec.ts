import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { openDatabase, type OpenDatabase } from '../../support/open-database.js';

const ID = '00000000-0000-4000-8000-00000000000';

/** A database from before there was one outbox: two were told, the third was not yet. */
describe('An outbox of before', () => {
  let opened: OpenDatabase;

  beforeAll(async () => {
    opened = await openDatabase();
    await opened.orm.migrator.down({ migrations: ['0007-relay'] });
    await opened.database.as('omoi_owner', async (sql) => {
      for (const n of [1, 2, 3]) {
        await sql.query(
          `insert into es.event
           values ($1::bigint, 'ann', 'memory-' || $1::bigint, 1, $2, 'memory.execution_stored', 1, '{}',
                   jsonb_build_object('correlation_id', 'request-' || $1::bigint), now())`,
          [n, `${ID}${String(n)}`],
        );
        await sql.query(
          `insert into es.notification
           values ($2, 'ann', 'memory.pattern.learned', 'a-pattern', $1::bigint, now(),
                   '{"confidence": 0.9}', case when $1::bigint <> 1 then now() end)`,
          [n, `${ID}${String(n + 3)}`],
        );
      }
      await sql.query(
        `insert into es.projection (name, version, status, checkpoint, kind)
         values ('tell-siblings-of-memory', 1, 'active', 3, 'policy'),
                ('tell-matches', 1, 'active', 2, 'policy'),
                ('learner', 1, 'active', 3, 'projection')`,
      );
    });
    await opened.orm.migrator.up();
  });
  afterAll(() => opened.close());

  const read = (statement: string): Promise<object[]> =>
    opened.database.as('omoi_projector', (sql) => sql.query(statement));

  it('is numbered, with what was not told yet at its end', async () => {
    expect(
      await read(
        `select notice.number::int, notice.position::int, notice.correlation_id, notice.causation_id,
                notice.data
           from es.notification as notice order by notice.number`,
      ),
    ).toEqual(
      [2, 3, 1].map((position, n) => ({
        number: n + 1,
        position,
        correlation_id: `request-${String(position)}`,
        causation_id: `${ID}${String(position)}`,
        data: { confidence: 0.9, pattern_id: 'a-pattern' },
      })),
    );
    expect(await read('select number::int from es.notification_head')).toEqual([{ number: 3 }]);
    expect(await read('select name, number::int from es.relay')).toEqual([
      { name: 'event-bus', number: 2 },
    ]);
  });

  it('goes on where those who told of the log were', async () => {
    expect(
      await read(
        `select name, kind, checkpoint::int, furthest::int from es.projection order by name`,
      ),
    ).toEqual([
      { name: 'learner', kind: 'projection', checkpoint: 3, furthest: 3 },
      { name: 'notifications', kind: 'policy', checkpoint: 2, furthest: 2 },
    ]);
  });
});
