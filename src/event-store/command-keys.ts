import { Database } from '#database';
import { Injectable } from '@nestjs/common';

/** So many go in one transaction. */
const CHUNK = 5_000;

/** The keys under which commands took effect. */
@Injectable()
export class CommandKeys {
  constructor(private readonly database: Database) {}

  /** What callers of a namespace named; a policy that acts again has to find its own. */
  async forget(namespace: string): Promise<void> {
    let gone = CHUNK;
    while (gone === CHUNK) {
      const rows = await this.database.as('omoi_owner', (sql) =>
        sql.query(
          `delete from es.command as command
            where command.namespace = $1
              and command.key in (select known.key from es.command as known
                                   where known.namespace = $1
                                     and known.key not like 'policy:%'
                                   limit $2)
           returning 1`,
          [namespace, CHUNK],
        ),
      );
      gone = rows.length;
    }
  }
}
