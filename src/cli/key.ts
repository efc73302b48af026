import { readFileSync } from 'node:fs';

const SENDABLE = /^[\x21-\x7e]+$/;

/** There is no key where one was said to be; the message is a sentence that does not repeat it. */
export class UnusableKey extends Error {
  override readonly name = 'UnusableKey';
}

/** The key to send: that in a file, else that of the environment; null for none. @throws UnusableKey */
export function keyFrom(
  file: string | undefined,
  ofEnvironment: () => string | null,
): string | null {
  const key = file === undefined ? ofEnvironment() : read(file);
  if (key !== null && !SENDABLE.test(key)) {
    const where = file === undefined ? 'OMOI_API_KEY' : `the file ${file}`;
    throw new UnusableKey(`What is in ${where} is not an API key.`);
  }

  return key;
}

function read(file: string): string {
  try {
    return readFileSync(file, 'utf8').trim();
  } catch {
    throw new UnusableKey(`The file ${file} cannot be read.`);
  }
}
