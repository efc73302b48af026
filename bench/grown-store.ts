import { type INestApplicationContext } from '@nestjs/common';
import { Database, prepareIndexBuilding, type Sql } from '../src/database/index.js';
import { Embedder, textKey } from '../src/embedding/index.js';
import { EventStore, Followers } from '../src/event-store/index.js';
import { newId, ownCaller } from '../src/kernel/index.js';
import { embeddedText } from '../src/memory/domain/embedded-text.js';
import { executionStored, type Told } from './made-events.js';
import { goThrough } from './progress.js';
import { recombined, type Recombined, type Sentence } from './recombined.js';

/** Who has nine memories of ten, and who has the tenth. */
export const [MANY, TENTH] = ['many', 'tenth'];

/** What share of the memories each type has; the others are of none of them. */
export const TYPES = { half: 0.5, twentieth: 0.05, two_hundredth: 0.005 };

const TOGETHER = 1_000;
const PATIENCE_MS = 3_600_000;
/** A growth by more than these is indexed at its end: vector by vector takes several times as long. */
const INDEXED_AT_ONCE = 100_000;
const SEED = 1;

/** Memories of two tenants that become more and more, with vectors that no model is asked for. */
export class GrownStore {
  private readonly texts: Iterator<Recombined, never>;
  private rows = 0;

  constructor(
    private readonly house: INestApplicationContext,
    sentences: readonly Sentence[],
  ) {
    this.texts = recombined(sentences, SEED);
  }

  /** Goes on to `rows` memories in all, and waits until all of them are found. */
  async growTo(rows: number): Promise<void> {
    if (rows - this.rows <= INDEXED_AT_ONCE) await this.fillTo(rows);
    else await this.withoutIndex(() => this.fillTo(rows));
    await this.house.get(Database).outside('vacuum (analyze)');
  }

  private async fillTo(rows: number): Promise<void> {
    const pages = Array.from({ length: Math.ceil((rows - this.rows) / TOGETHER) }, () => TOGETHER);
    await goThrough(`Storing up to ${rows}`, pages, (count) => this.add(count));
    const head = await this.house.get(EventStore).head();
    const followers = this.house.get(Followers);
    const names = followers.states().map(({ name }) => name);
    await followers.mustHavePassed(head, names, PATIENCE_MS);
  }

  /** The index over the vectors is dropped for so long, and made again as it was. */
  private async withoutIndex(fill: () => Promise<void>): Promise<void> {
    const asOwner = <Result>(work: (sql: Sql) => Promise<Result>): Promise<Result> =>
      this.house.get(Database).as('omoi_owner', work);
    const index = await asOwner(async (sql) => {
      const [found] = await sql.query<{ name: string; made: string }>(
        `select indexname as name, indexdef as made from pg_indexes where indexdef like '%hnsw%'`,
      );
      await sql.query(`drop index ${found?.name ?? ''}`);
      return found;
    });
    await fill();
    await asOwner(async (sql) => {
      await prepareIndexBuilding(sql);
      await sql.query(index?.made ?? '');
    });
  }

  private async add(count: number): Promise<void> {
    const texts = Array.from({ length: count }, () => this.texts.next().value);
    await this.remember(texts);
    const tenth = count / 10;
    await this.append(TENTH, texts.slice(0, tenth));
    await this.append(MANY, texts.slice(tenth));
    this.rows += count;
  }

  /** Into the cache of vectors, where whoever places them looks first. */
  private async remember(texts: readonly Recombined[]): Promise<void> {
    const { key } = this.house.get(Embedder).profile;
    await this.house.get(Database).as('omoi_projector', (sql) =>
      sql.query(
        `insert into es.embedding_cache (model_key, text_sha256, vector, truncated)
         select $1, row.sha, row.vector::vector, false
           from unnest($2::text[], $3::text[]) as row(sha, vector)
         on conflict do nothing`,
        [
          key,
          texts.map(({ description, summary }) => textKey(embeddedText(description, summary))),
          texts.map(({ vector }) => `[${vector.join(',')}]`),
        ],
      ),
    );
  }

  private async append(namespace: string, texts: readonly Recombined[]): Promise<void> {
    const events = texts.map((text, nth) => this.eventOf(text, nth));
    const writes = [{ stream: `memory-${newId()}`, expected: 0, events } as const];
    await this.house
      .get(EventStore)
      .append({ caller: ownCaller(namespace), writes, keys: [], result: {}, causationId: null });
  }

  private eventOf({ description, summary }: Recombined, nth: number): Told {
    const { type, data } = executionStored(nth);
    const task_id = `task-${newId()}`;
    const text = { description, execution_summary: summary, error_patterns: null };

    return { type, data: { ...data, task_id, task_type: typeOf(nth), tags: [], tools: [] }, text };
  }
}

/** Of each two hundred: a hundred, ten, one, and those that are left. */
function typeOf(nth: number): string {
  const place = (nth % 200) / 200;
  let end = 0;
  for (const [type, share] of Object.entries(TYPES)) {
    end += share;
    if (place < end - 1e-9) return type;
  }

  return 'other';
}
