import type { Database } from '#database';
import { type Spent } from '../spent.js';

const EVERY_MS = 1_000;

type Sum = Spent & { readonly calls: number };

/**
 * Adds up what calls of models came to, by model and day (UTC), and writes it once a second: a kill
 * loses a second at most. A table and no events: questions are embedded too, and each would be one.
 */
export class EmbeddingSpend {
  private sums = new Map<string, Sum>();
  private timer: NodeJS.Timeout | null = null;

  constructor(private readonly database: Database) {}

  start(): void {
    // A round that fails is no loss: what it had goes with the next one.
    this.timer = setInterval(() => void this.write().catch(() => undefined), EVERY_MS).unref();
  }

  readonly count = (spent: Spent): void => {
    this.sums.set(spent.modelKey, added(this.sums.get(spent.modelKey), spent));
  };

  async stop(): Promise<void> {
    if (this.timer) clearInterval(this.timer);
    await this.write();
  }

  private async write(): Promise<void> {
    const sums = [...this.sums.values()];
    if (sums.length === 0) return;
    this.sums = new Map();
    try {
      await this.database.as('omoi_projector', (sql) => sql.query(ADD, [JSON.stringify(sums)]));
    } catch (error) {
      for (const sum of sums) {
        this.sums.set(sum.modelKey, together(this.sums.get(sum.modelKey), sum));
      }
      throw error;
    }
  }
}

const ADD = `
  insert into es.embedding_spend as spend (day, model_key, calls, texts, tokens, usd)
  select (now() at time zone 'utc')::date, row."modelKey", row.calls, row.texts, row.tokens, row.usd
    from jsonb_to_recordset($1::jsonb)
         as row("modelKey" text, calls bigint, texts bigint, tokens bigint, usd float8)
  on conflict (day, model_key) do update
     set calls = spend.calls + excluded.calls, texts = spend.texts + excluded.texts,
         tokens = spend.tokens + excluded.tokens, usd = spend.usd + excluded.usd`;

const added = (sum: Sum | undefined, spent: Spent): Sum => together(sum, { ...spent, calls: 1 });

const together = (sum: Sum | undefined, other: Sum): Sum =>
  sum
    ? {
        modelKey: sum.modelKey,
        calls: sum.calls + other.calls,
        texts: sum.texts + other.texts,
        tokens: sum.tokens + other.tokens,
        usd: sum.usd === null || other.usd === null ? null : sum.usd + other.usd,
      }
    : other;
