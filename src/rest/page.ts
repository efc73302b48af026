import { ruleBroken } from '#kernel';
import { z } from 'zod';
import { queryInteger } from './query-fields.js';

/** One page of a list; `next_cursor` is null on the last. */
export interface Page<Item> {
  readonly items: Item[];
  readonly next_cursor: string | null;
}

/** The two query parameters of every list, to be spread into its query schema. */
export function pageQuery(
  max = 100,
  usual = 20,
): { limit: z.ZodDefault<z.ZodType<number, string>>; cursor: z.ZodOptional<z.ZodString> } {
  return {
    limit: queryInteger(1, max).default(usual),
    cursor: z
      .string()
      .optional()
      .meta({ description: 'The `next_cursor` of the page before this one.' }),
  };
}

/** What a list answers: `{ items, next_cursor }`. */
export function pageOf<Item extends z.ZodType>(
  item: Item,
): z.ZodObject<{ items: z.ZodArray<Item>; next_cursor: z.ZodNullable<z.ZodString> }> {
  return z.object({ items: z.array(item), next_cursor: z.string().nullable() });
}

/**
 * Makes a page of rows that were read with one more than `limit`, so that it is known whether there
 * are others. `keysOf` gives the values the list is ordered by, as JSON.
 */
export function pageFrom<Row>(
  rows: readonly Row[],
  limit: number,
  keysOf: (row: Row) => readonly unknown[],
): Page<Row> {
  const items = rows.slice(0, limit);
  const last = items.at(-1);
  const isLastPage = rows.length <= limit || last === undefined;

  return { items, next_cursor: isLastPage ? null : encodeCursor(keysOf(last)) };
}

export const encodeCursor = (keys: readonly unknown[]): string =>
  Buffer.from(JSON.stringify(keys)).toString('base64url');

/**
 * The keys in a cursor, `null` without one. They come from outside: `keys` says what each may be.
 * @throws DomainError 422 naming `cursor` when they are not what this list makes cursors of.
 */
export function decodeCursor<Keys>(
  cursor: string | undefined,
  keys: z.ZodType<Keys, unknown[]>,
): Keys | null {
  if (cursor === undefined) return null;

  const { data, success } = keys.safeParse(parsed(cursor));
  if (!success) {
    throw ruleBroken('request.bad_cursor', 'cursor', 'is not a cursor of this list');
  }

  return data;
}

function parsed(cursor: string): unknown {
  try {
    return JSON.parse(Buffer.from(cursor, 'base64url').toString());
  } catch {
    return undefined;
  }
}
