import { execFileSync } from 'node:child_process';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { openDatabase, type OpenDatabase } from '../../support/open-database.js';

describe('The migrations', () => {
  let opened: OpenDatabase;

  beforeAll(async () => {
    opened = await openDatabase();
  });
  afterAll(() => opened.close());

  it('make exactly the tables that the entities describe', async () => {
    expect(await opened.orm.migrator.checkSchema()).toBe(false);
  });

  it('go down to nothing, and up again', async () => {
    const tables = async (): Promise<string[]> =>
      (
        await opened.orm.em.getConnection().execute<{ name: string }[]>(
          `select schemaname || '.' || tablename as name from pg_tables
            where schemaname in ('public', 'es') order by 1`,
        )
      ).map(({ name }) => name);
    const all = await tables();
    expect(all).toContain('es.event');
    expect(all).toContain('public.task_memories');

    await opened.orm.migrator.down({ to: 0 });
    expect(await tables()).toEqual(['public.mikro_orm_migrations']);
    await opened.orm.migrator.up();
    expect(await tables()).toEqual(all);
    expect(await opened.orm.migrator.checkSchema()).toBe(false);
  });

  it('put functions back as they were', async () => {
    const { migrator } = opened.orm;
    const functions = (): Promise<object[]> =>
      opened.orm.em.getConnection().execute<object[]>(
        `select oid::regprocedure::text as name, prosrc as body from pg_proc
          where pronamespace = 'es'::regnamespace order by 1`,
      );
    const all = await functions();
    await migrator.down();
    const before = await functions();
    expect(before).not.toEqual(all);

    await migrator.down({ to: 0 });
    await migrator.up({ to: '0017-whole-words' });
    expect(await functions()).toEqual(before);
    await migrator.up();
    expect(await functions()).toEqual(all);
  });

  it('give the tables of the seed its columns, defaults and indexes', async () => {
    const rows = await opened.orm.em.getConnection().execute<{ line: string }[]>(
      `select table_name || '.' || column_name || coalesce(' = ' || replace(replace(column_default, '::double precision', ''), '''', ''), '') as line
         from information_schema.columns
        where table_name in ('phases', 'task_memories', 'learned_patterns', 'memory_usage')`,
    );
    const lines = rows.map(({ line }) => line);
    expect(lines).toEqual(
      expect.arrayContaining([
        'phases.id',
        'phases.name',
        'phases.description',
        'phases.sequence_order',
        'phases.allowed_transitions',
        'phases.is_terminal = false',
        'phases.configuration',
        'task_memories.id',
        'task_memories.task_id',
        'task_memories.execution_summary',
        'task_memories.success',
        'task_memories.error_patterns',
        'task_memories.learned_at',
        'memory_usage.reused_count = 0',
        'learned_patterns.pattern_type',
        'learned_patterns.task_type_pattern',
        'learned_patterns.success_indicators',
        'learned_patterns.failure_indicators',
        'learned_patterns.recommended_context',
        'learned_patterns.confidence_score = 0.5',
        'learned_patterns.usage_count = 0',
        'learned_patterns.created_at',
        'learned_patterns.updated_at',
      ]),
    );
    const gin = await opened.orm.em
      .getConnection()
      .execute<{ indexdef: string }[]>(
        `select indexdef from pg_indexes where indexdef like '%USING gin%' order by indexname`,
      );
    expect(gin.map(({ indexdef }) => /\((\w+)\)/.exec(indexdef)?.[1])).toEqual([
      'failure_indicators',
      'success_indicators',
      'terms',
      'error_patterns',
    ]);
  });

  it('let a user who makes roles, and is no superuser, take them on (PostgreSQL 18)', () => {
    const said = execFileSync(process.execPath, ['test/integration/database/few-rights.mjs']);

    expect(said.toString()).toMatch(/^PostgreSQL 18.* as omoi_log for few\n$/);
  });
});
