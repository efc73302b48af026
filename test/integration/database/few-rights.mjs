/** The first migration, run by a login that may make roles and is no superuser. */
import { PGlite } from '@electric-sql/pglite';
import { vector } from '@electric-sql/pglite-pgvector';
import { EventLog } from '../../../dist/migrations/0001-event-log.js';

class Recorded extends EventLog {
  statements = [];

  addSql(statement) {
    this.statements.push(statement);
  }
}

const database = await PGlite.create({ extensions: { vector } });
const migration = new Recorded();
migration.up();
await database.exec(`
  create extension vector;
  create role few login createrole;
  grant usage, create on schema public to few with grant option;
  grant create on database postgres to few;
  set session authorization few;
  begin;
  ${migration.statements.join(';\n')};
  set local role omoi_log`);
const { rows } = await database.query('select version(), current_user, session_user');
const [{ version, current_user, session_user }] = rows;
process.stdout.write(`${version} as ${current_user} for ${session_user}\n`);
process.exit(0);
