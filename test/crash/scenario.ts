/** What a scenario counted; `wrong` has to be 0 in every line. */
export interface Found {
  readonly what: string;
  readonly count: number;
  readonly wrong: number;
}

/** Something is killed in the middle of its work, and everything is looked at afterwards. */
export interface Scenario {
  readonly says: string;
  /** Whether it needs a PostgreSQL server. */
  readonly onServer: boolean;
  run(): Promise<readonly Found[]>;
}
