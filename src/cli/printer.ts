import Table from 'cli-table3';

type Cell = string | number | boolean | null | undefined;

/** What stands in each column of a row, by the column's heading. */
export type Columns<Row> = Readonly<Record<string, (row: Row) => Cell>>;

/** Writes answers: as tables for people, or as the JSON that the service gave. */
export class Printer {
  constructor(readonly asJson: boolean) {}

  /** A table with a heading for each column; with `--json` the rows as they came. */
  table<Row extends object>(rows: readonly Row[], columns: Columns<Row>): void {
    if (this.asJson) {
      this.json(rows);
      return;
    }
    if (rows.length === 0) {
      process.stdout.write('None.\n');
      return;
    }
    const table = new Table({
      head: Object.keys(columns),
      style: { head: [], border: [], compact: true },
    });
    for (const row of rows) {
      table.push(Object.values(columns).map((cell) => String(cell(row) ?? '')));
    }
    process.stdout.write(`${table.toString()}\n`);
  }

  /** A sentence; with `--json` the document. */
  say(sentence: string, document: unknown): void {
    if (this.asJson) this.json(document);
    else process.stdout.write(`${sentence}\n`);
  }

  private json(document: unknown): void {
    process.stdout.write(`${JSON.stringify(document, null, 2)}\n`);
  }
}
