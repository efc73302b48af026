import type { Sql } from '#database';
import type { Histograms } from '../domain/measure.js';

interface HistogramRow {
  readonly task_type: string;
  readonly durations: Histograms['faster'];
  readonly costs: Histograms['cheaper'];
}

/** The table `learner_histograms`: what the successes of a type took and cost. */
export class HistogramsTable {
  constructor(
    private readonly sql: Sql,
    private readonly namespace: string,
  ) {}

  /** By type; those that are there. */
  async load(taskTypes: Iterable<string>): Promise<Map<string, Histograms>> {
    const wanted = [...new Set(taskTypes)];
    if (wanted.length === 0) return new Map();
    const rows = await this.sql.query<HistogramRow>(
      `select histogram.task_type, histogram.durations, histogram.costs
         from learner_histograms as histogram
        where histogram.namespace = $1 and histogram.task_type = any($2)`,
      [this.namespace, wanted],
    );
    return new Map(
      rows.map(({ task_type, durations, costs }) => [
        task_type,
        { faster: durations, cheaper: costs },
      ]),
    );
  }

  async save(histograms: ReadonlyMap<string, Histograms>): Promise<void> {
    if (histograms.size === 0) return;
    const rows = [...histograms].map(([task_type, { faster, cheaper }]) => ({
      task_type,
      durations: faster,
      costs: cheaper,
    }));
    await this.sql.query(
      `insert into learner_histograms (namespace, task_type, durations, costs)
       select $1, row.*
         from jsonb_to_recordset($2::jsonb)
              as row(task_type text, durations jsonb, costs jsonb)
       on conflict (namespace, task_type) do update
          set durations = excluded.durations, costs = excluded.costs`,
      [this.namespace, JSON.stringify(rows)],
    );
  }
}
