import { basename, join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { CannotRun } from './cannot-run.js';

export const MODES = ['semantic', 'keyword', 'hybrid'] as const;
export type Mode = (typeof MODES)[number];
export type EmbedderName = 'local' | 'openai';

/**
 * Whose records a suite reads: those of a folder that is given, or its own, which it generates; or
 * either, generating them when none are given.
 */
export type Records = 'given' | 'generated' | 'either';

/** What one run was asked to do. */
export interface Asked<Name extends string = string> {
  readonly suite: Name;
  /** The folder with the suite's records; empty when they are generated. */
  readonly data: string;
  /** That folder's own name, or `generated`. */
  readonly set: string;
  readonly mode: Mode;
  readonly embedder: EmbedderName;
  /** How many memories a suite that makes them goes up to. */
  readonly rows: number;
  /** Where the report goes. */
  readonly out: string;
}

const OPTIONS = {
  data: { type: 'string' },
  mode: { type: 'string', default: 'semantic' },
  embedder: { type: 'string', default: 'local' },
  rows: { type: 'string', default: '100000' },
  out: { type: 'string' },
} as const;

/** @throws CannotRun saying what is missing or not understood. */
export function readArguments<Name extends string>(
  args: string[],
  suites: Readonly<Record<Name, { readonly records: Records }>>,
): Asked<Name> {
  const { values, positionals } = parsed(args);
  if (positionals.length > 1) throw new CannotRun('Name one suite at a time.');
  const suite = oneOf('suite', positionals[0], Object.keys(suites) as Name[]);
  const mode = oneOf('--mode', values.mode, MODES);
  const embedder = oneOf('--embedder', values.embedder, ['local', 'openai', 'hash']);
  if (embedder === 'hash') {
    throw new CannotRun('The embedder "hash" is not available: it knows no meaning to measure.');
  }
  const out = resolve(values.out ?? join('bench-reports', `${suite}.json`));

  return {
    suite,
    ...dataOf(suite, suites[suite].records, values.data),
    mode,
    embedder,
    rows: rowsOf(values.rows),
    out,
  };
}

function rowsOf(said: string): number {
  const rows = Number(said);
  if (Number.isInteger(rows) && rows >= 1_000) return rows;
  throw new CannotRun(`--rows ${said} is no number of memories from 1000 on.`);
}

function dataOf(
  suite: string,
  records: Records,
  folder: string | undefined,
): Pick<Asked, 'data' | 'set'> {
  if (records !== 'given' && folder === undefined) return { data: '', set: 'generated' };
  if (records === 'generated') {
    throw new CannotRun(`The suite "${suite}" generates its data: leave --data out.`);
  }
  if (folder === undefined) {
    throw new CannotRun(`Say where the data of the suite "${suite}" are: --data <folder>.`);
  }
  const data = resolve(folder);

  return { data, set: basename(data) };
}

type Parsed = ReturnType<typeof parseArgs<{ options: typeof OPTIONS; allowPositionals: true }>>;

function parsed(args: string[]): Parsed {
  try {
    return parseArgs({ args, options: OPTIONS, allowPositionals: true });
  } catch (error) {
    throw new CannotRun(error instanceof Error ? error.message : String(error));
  }
}

function oneOf<Value extends string>(
  what: string,
  said: string | undefined,
  values: readonly Value[],
): Value {
  const value = values.find((known) => known === said);
  if (value !== undefined) return value;

  const reason = said === undefined ? `Name a ${what}` : `The ${what} "${said}" is not known`;
  throw new CannotRun(`${reason}. There are: ${values.join(', ')}.`);
}
