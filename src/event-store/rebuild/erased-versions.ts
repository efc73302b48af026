import { Database, type Sql } from '#database';
import { Injectable } from '@nestjs/common';
import { Followers } from '../followers.js';
import { dropTables } from './building-tables.js';
import { endRebuild, openRebuilds, takeRebuild, type Rebuild } from './rebuild.js';
import { buildingCheckpoint, forgetVersion } from './versions.js';

/** Takes erased texts out of tables that do not live: those being built, and those kept for a while. */
@Injectable()
export class ErasedVersions {
  constructor(
    private readonly database: Database,
    private readonly followers: Followers,
  ) {}

  /** What was erased with the event at `position` stands in no other version after this. */
  async forget(position: bigint): Promise<void> {
    const rebuilds = await this.database.as('omoi_projector', openRebuilds);
    for (const { id } of rebuilds) {
      await this.database.as('omoi_owner', async (sql) => {
        const rebuild = await takeRebuild(sql, id, true);
        if (rebuild) await this.beginAgain(sql, rebuild, position);
      });
    }
    await this.database.as('omoi_owner', (sql) => this.dropRetired(sql, position));
  }

  /** One that takes an old version back is given up; one that reads the log anew reads it again. */
  private async beginAgain(sql: Sql, rebuild: Rebuild, position: bigint): Promise<void> {
    const { id, kind, projection: name, version } = rebuild;
    const read = await buildingCheckpoint(sql, name, version);
    // It read of the erasure, or everything was erased before it began.
    if (read === null || read >= position || BigInt(rebuild.forgotten_until) >= position) return;
    const tables = this.followers.projection(name)?.projection.tables ?? [];
    if (kind === 'flip-back') {
      await dropTables(sql, tables, 'es_building');
      await forgetVersion(sql, name, version);
      await endRebuild(sql, id, 'cancelled', 'It held texts that were erased meanwhile.');
      return;
    }
    for (const table of tables) await sql.query(`truncate es_building.${table}`);
    await sql.query(
      `update es.projection as projection set checkpoint = 0
        where projection.name = $1 and projection.version = $2`,
      [name, version],
    );
    await sql.query(
      `update es.rebuild as rebuild
          set status = 'building', position = 0, diff = null, forgotten_until = head.position
         from es.head as head
        where rebuild.id = $1`,
      [id],
    );
  }

  /** Tables of nobody known, as of a model that is used no more, are dropped with them. */
  private async dropRetired(sql: Sql, position: bigint): Promise<void> {
    const retired = await sql.query<{ name: string; version: number; is_kept: boolean }>(
      `select projection.name, projection.version, projection.checkpoint >= $1 as is_kept
         from es.projection as projection
        where projection.status = 'retired'
          for update`,
      [position],
    );
    const kept = retired
      .filter(({ is_kept }) => is_kept)
      .flatMap(({ name }) => this.followers.projection(name)?.projection.tables ?? []);
    const tables = await sql.query<{ name: string }>(
      `select quote_ident(there.tablename) as name
         from pg_tables as there
        where there.schemaname = 'es_retired' and there.tablename <> all($1)`,
      [kept],
    );
    await dropTables(
      sql,
      tables.map(({ name }) => name),
      'es_retired',
    );
    for (const { name, version } of retired.filter(({ is_kept }) => !is_kept)) {
      await forgetVersion(sql, name, version);
    }
  }
}
