import type { Sql } from '#database';
import type { Saying } from './description-sources.js';

/** The only writer of the table `pattern_descriptions`. */
export class DescriptionsTable {
  constructor(
    private readonly sql: Sql,
    private readonly namespace: string,
  ) {}

  async save(sayings: ReadonlyMap<string, Saying>): Promise<void> {
    if (sayings.size === 0) return;
    await this.sql.query(
      `insert into pattern_descriptions as old (namespace, key_id, described, said)
       select $1, row.key_id, row.described, row.said
         from jsonb_to_recordset($2::jsonb) as row(key_id uuid, described int, said jsonb)
       on conflict (namespace, key_id) do update
          set described = excluded.described, said = excluded.said`,
      [
        this.namespace,
        JSON.stringify([...sayings].map(([key_id, saying]) => ({ key_id, ...saying }))),
      ],
    );
  }

  /** Keys for which nothing counts any more are said nothing of. */
  async remove(keyIds: readonly string[]): Promise<void> {
    if (keyIds.length === 0) return;
    await this.sql.query(
      'delete from pattern_descriptions as old where old.namespace = $1 and old.key_id = any($2)',
      [this.namespace, keyIds],
    );
  }

  /** Nor are those that nobody knows, now that words are gone. */
  async removeUnknown(): Promise<void> {
    await this.sql.query(
      `delete from pattern_descriptions as old
        where old.namespace = $1
          and not exists (select from public.learner_keys as key
                           where key.namespace = old.namespace and key.id = old.key_id)`,
      [this.namespace],
    );
  }
}
