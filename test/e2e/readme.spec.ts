import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { startApp, type RunningApp } from '../support/app.js';
import { Agent } from './agent.js';

interface Line {
  readonly curl: string;
  readonly path: string;
  readonly body: string | undefined;
  /** What the page says that it answers; null where it says so in words. */
  readonly answer: unknown;
}

const BLOCK = /```(\w+)\n([\s\S]*?)```/g;
const CURL =
  /^curl -s '?localhost:18000([^'\s]+)'?(?: -H "Authorization: [^"]+")?(?: -H 'Content-Type: application\/json' -d '(.*)')?$/;

/** The curl lines of the page in their order, each with the block that follows it. */
function linesOf(page: string): Line[] {
  const blocks = [...page.matchAll(BLOCK)].map(([, language = '', text = '']) => ({
    language,
    text: text.trim(),
  }));

  return blocks.flatMap(({ language, text }, index) => {
    const match = language === 'sh' ? CURL.exec(text) : null;
    if (!match) return [];
    const next = blocks[index + 1];
    const isAnswer = next !== undefined && next.language !== 'sh';
    const answer: unknown = isAnswer ? JSON.parse(next.text) : null;
    return [{ curl: text, path: match[1] ?? '', body: match[2], answer }];
  });
}

/** Ids, times and durations are everybody's own; scores may differ in their last digits. */
function likened(value: unknown, name = ''): unknown {
  if (Array.isArray(value)) return value.map((inner) => likened(inner));
  if (value !== null && typeof value === 'object') {
    return Object.fromEntries(
      Object.entries(value).map(([key, inner]) => [key, likened(inner, key)]),
    );
  }
  if (name === 'search_time_ms') return 'some time';

  return typeof value === 'string' ? likenedText(value) : likenedNumber(value);
}

const likenedNumber = (value: unknown): unknown =>
  typeof value === 'number' ? Number(value.toFixed(2)) : value;

function likenedText(value: string): string {
  if (/^[0-9a-f]{8}-[0-9a-f-]{27}$/.test(value)) return 'an id';

  if (/^omoi_[0-9a-f]{32}_[\w-]{43}$/.test(value)) return 'a key';

  return /^\d{4}-\d\d-\d\dT/.test(value) ? 'a time' : value;
}

describe('The README', () => {
  const lines = linesOf(readFileSync('README.md', 'utf8'));
  let omoi: RunningApp;

  beforeAll(async () => {
    omoi = await startApp();
  });
  afterAll(() => omoi.stop());

  it('has eight lines to try, and one that makes an API key', () => {
    expect(lines).toHaveLength(9);
    expect(lines.filter(({ answer }) => answer !== null)).toHaveLength(8);
  });

  it.each(lines)('answers as printed: $curl', async ({ path, body, answer }) => {
    // Vectors follow a moment after a store; whoever pastes lines is slower than a test. Each is asked
    // once: what a search finds is counted.
    await new Agent(omoi, 'default').embedded();
    const response = await fetch(`${omoi.url}${path}`, {
      ...(body === undefined
        ? {}
        : { method: 'POST', body, headers: { 'Content-Type': 'application/json' } }),
    });

    expect(response.status).toBeLessThan(300);
    if (answer !== null) expect(likened(await response.json())).toEqual(likened(answer));
  });
});
