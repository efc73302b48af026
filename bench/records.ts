import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type z } from 'zod';
import { CannotRun } from './cannot-run.js';

/**
 * The records of a JSON Lines file; fields that `schema` does not name are passed over.
 * @throws CannotRun when the file is missing or empty, or a line is not such a record.
 */
export async function readRecords<Schema extends z.ZodType>(
  folder: string,
  file: string,
  schema: Schema,
): Promise<z.output<Schema>[]> {
  const path = join(folder, file);
  const text = await readFile(path, 'utf8').catch(() => {
    throw new CannotRun(`The data are missing: ${path} cannot be read.`);
  });
  const lines = text.split('\n').filter((line) => line.trim() !== '');
  if (lines.length === 0) throw new CannotRun(`The data are missing: ${path} is empty.`);

  return lines.map((line, index) => {
    const { data, error } = schema.safeParse(jsonOf(line));
    if (!error) return data;

    const reason = error.issues.map((issue) => `${issue.path.join('.')} ${issue.message}`.trim());
    throw new CannotRun(`${path}, record ${index + 1}: ${reason.join('; ')}.`);
  });
}

function jsonOf(line: string): unknown {
  try {
    return JSON.parse(line);
  } catch {
    return undefined;
  }
}
