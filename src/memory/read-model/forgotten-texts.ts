import { Database } from '#database';
import { Injectable } from '@nestjs/common';

/** Texts, by their hash, whose vectors have still to leave the cache that processes share. */
@Injectable()
export class ForgottenTexts {
  constructor(private readonly database: Database) {}

  async some(limit: number): Promise<string[]> {
    const rows = await this.database.as('omoi_projector', (sql) =>
      sql.query<{ text_sha256: string }>(
        `select forgotten.text_sha256
           from es.embedding_forgotten as forgotten
          order by forgotten.at, forgotten.text_sha256
          limit $1`,
        [limit],
      ),
    );

    return rows.map(({ text_sha256 }) => text_sha256);
  }

  async done(texts: readonly string[]): Promise<void> {
    await this.database.as('omoi_projector', (sql) =>
      sql.query(
        'delete from es.embedding_forgotten as forgotten where forgotten.text_sha256 = any($1)',
        [texts],
      ),
    );
  }
}
