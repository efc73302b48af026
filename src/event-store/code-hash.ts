import { createHash } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath, pathToFileURL } from 'node:url';

/** What a file takes from its own room; behind the doors of others (`#memory`) it does not look. */
const IMPORTED = /(?:\bfrom|^import)\s+['"](\.{1,2}\/[^'"]+)['"]/gm;

/**
 * SHA-256, hex, over a file and all that it imports from its own room: equal as long as nothing there
 * was changed.
 * @param source the address of the file, as `import.meta.url` gives it
 */
export function codeHash(source: string): string {
  const files = new Map<string, string>();
  read(new URL(source), files);
  const hash = createHash('sha256');
  for (const [, text] of [...files].sort(([a], [b]) => (a < b ? -1 : 1))) hash.update(text);

  return hash.digest('hex');
}

function read(file: URL, files: Map<string, string>): void {
  if (files.has(file.href)) return;
  const text = readFileSync(file, 'utf8');
  files.set(file.href, text);
  for (const [, path = ''] of text.matchAll(IMPORTED)) read(written(new URL(path, file)), files);
}

/** Tests run from the TypeScript, which is imported under the name of what it becomes. */
function written(file: URL): URL {
  const path = fileURLToPath(file);

  return existsSync(path) ? file : pathToFileURL(path.replace(/\.js$/, '.ts'));
}
