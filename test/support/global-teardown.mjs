import { rm } from 'node:fs/promises';
import pg from 'pg';

export default async function teardown() {
  const { TEST_DATABASE_URL: server, TEST_TEMPLATE: template } = process.env;
  if (!template) return;
  if (!server) {
    await rm(template, { recursive: true, force: true });
    return;
  }
  const admin = new pg.Client(server);
  await admin.connect();
  await admin.query(`drop database if exists ${template} with (force)`);
  await admin.end();
}
