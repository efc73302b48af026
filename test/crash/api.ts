import type { ServiceProcess } from '../support/process.js';

/** What a service answered; null when it did not. */
export type Answer = { readonly status: number; readonly body: Body } | null;
type Body = Readonly<Record<string, unknown>>;

/** On a machine that does other things too. */
const PATIENCE_MS = 120_000;

/** Asks a service; never throws. */
export async function ask(
  { url }: Pick<ServiceProcess, 'url'>,
  path: string,
  body?: object,
): Promise<Answer> {
  try {
    const answer = await fetch(`${url}/api/v1${path}`, {
      ...(body && { method: 'POST', body: JSON.stringify(body) }),
      headers: { 'content-type': 'application/json' },
      signal: AbortSignal.timeout(PATIENCE_MS),
    });
    return { status: answer.status, body: (await answer.json()) as Body };
  } catch {
    return null;
  }
}

const TEXTS = 40;

/** The nth execution of a writer; texts repeat, so that models are not what is measured. */
export const execution = (writer: string, n: number): object => ({
  task_id: `${writer}-${String(n)}`,
  execution_id: `${writer}-${String(n)}`,
  task: { type: `type_${String(n % 7)}`, description: `Do the work of kind ${String(n % TEXTS)}` },
  execution_summary: `Did the work of kind ${String(n % TEXTS)}`,
  success: n % 3 > 0,
  error_patterns: n % 3 > 0 ? null : { error_type: `Error${String(n % 5)}`, message: 'no answer' },
  agent_id: `agent-${String(n % 4)}`,
  tools: ['editor', `tool-${String(n % 6)}`],
});

export const wait = (ms: number): Promise<void> =>
  new Promise((resolve) => setTimeout(resolve, ms));

/** Asks until it is so. @throws Error after `patienceMs` */
export async function until(
  what: string,
  isSo: () => Promise<boolean>,
  patienceMs = 300_000,
): Promise<void> {
  const begin = performance.now();
  while (!(await isSo())) {
    if (performance.now() - begin > patienceMs) throw new Error(`It never came to pass: ${what}`);
    await wait(200);
  }
}
