/**
 * Makes one migrated database that every suite copies: on the server named by TEST_DATABASE_URL, or
 * embedded. Runs on the built product, so `npm run build` comes first.
 */
import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Logger } from '@nestjs/common';
import pg from 'pg';

export default async function setup() {
  Logger.overrideLogger(false);
  const { Settings } = await import('../../dist/src/config/index.js');
  const { EmbeddedDatabase } =
    await import('../../dist/src/database/embedded/embedded-database.js');
  const { connectOrm, migrate } = await import('../../dist/src/database/orm.js');
  const { default: options } = await import('../../dist/mikro-orm.config.js');

  const server = process.env.TEST_DATABASE_URL;
  if (server) {
    const name = `omoi_template_${String(process.pid)}`;
    const admin = new pg.Client(server);
    await admin.connect();
    await admin.query(`create database ${name}`);
    await admin.end();
    const url = Object.assign(new URL(server), { pathname: `/${name}` }).href;
    const settings = new Settings({ DATABASE_URL: url });
    const orm = await connectOrm(options, settings, null);
    await migrate(orm, url);
    await orm.close(true);
    process.env.TEST_TEMPLATE = name;
    return;
  }

  const folder = await mkdtemp(join(tmpdir(), 'omoi-template-'));
  const embedded = new EmbeddedDatabase(folder);
  await embedded.start();
  const orm = await connectOrm(options, new Settings({ DATA_DIR: folder }), embedded.address);
  await migrate(orm, null);
  await orm.close(true);
  await embedded.stop();
  process.env.TEST_TEMPLATE = folder;
}
