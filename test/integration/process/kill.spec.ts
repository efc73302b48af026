import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { freshDatabase, type TestDatabase } from '../../support/database.js';
import { startProcess, type ServiceProcess } from '../../support/process.js';

const WRITERS = 8;
const ROUNDS = 3;
const ACKNOWLEDGED_BEFORE_A_KILL = 60;

interface Acknowledged {
  readonly memoryId: string;
  readonly summary: string;
}

/** kill -9 of the whole process group, again and again, while eight clients write. */
describe('A service that is killed under load', () => {
  let database: TestDatabase;
  let service: ServiceProcess;

  beforeAll(async () => {
    database = await freshDatabase();
    service = await startProcess(database.env);
  });
  afterAll(async () => {
    await service.stop();
    await database.drop();
  });

  it('has every execution it acknowledged, once, and embeds them all', async () => {
    const acknowledged: Acknowledged[] = [];
    for (let round = 0; round < ROUNDS; round += 1) {
      await writeUntilKilled(service, acknowledged, round);
      service = await startProcess(database.env);
    }

    const stored = await everything(service.url);
    expect(acknowledged.length).toBeGreaterThanOrEqual(ROUNDS * ACKNOWLEDGED_BEFORE_A_KILL);
    expect(new Set(stored.map(({ memory_id }) => memory_id)).size).toBe(stored.length);
    const summaries = stored.map(({ execution_summary }) => execution_summary);
    expect(new Set(summaries).size).toBe(summaries.length);
    const byId = new Map(stored.map((memory) => [memory.memory_id, memory.execution_summary]));
    const lost = acknowledged.filter(({ memoryId, summary }) => byId.get(memoryId) !== summary);
    expect(lost).toEqual([]);

    await expect(allEmbedded(service.url)).resolves.toBe(true);
  });
});

async function writeUntilKilled(
  service: ServiceProcess,
  acknowledged: Acknowledged[],
  round: number,
): Promise<void> {
  const target = acknowledged.length + ACKNOWLEDGED_BEFORE_A_KILL;
  const kill = { begun: false, done: Promise.resolve() };
  const strike = (): void => {
    if (kill.begun) return;
    kill.begun = true;
    kill.done = service.killAll();
  };
  const write = async (writer: number): Promise<void> => {
    for (let n = 0; !kill.begun; n += 1) {
      const summary = `Round ${String(round)}, writer ${String(writer)}, execution ${String(n)}`;
      const memoryId = await store(service.url, summary, `${String(round)}-${String(writer)}`);
      if (memoryId !== null) acknowledged.push({ memoryId, summary });
      if (acknowledged.length >= target) strike();
    }
  };
  await Promise.all(Array.from({ length: WRITERS }, (_, writer) => write(writer)));
  await kill.done;
}

/** The id of the memory, or null when the service died before it answered. */
async function store(url: string, summary: string, taskId: string): Promise<string | null> {
  const answer = await fetch(`${url}/api/v1/memory/store`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({
      task_id: taskId,
      execution_summary: summary,
      success: true,
      task: { type: 'demo' },
    }),
  }).catch(() => null);
  if (answer === null) return null;
  const body = (await answer.json().catch(() => null)) as { memory_id: string } | null;

  return answer.status === 201 ? (body?.memory_id ?? null) : null;
}

interface Listed {
  readonly memory_id: string;
  readonly execution_summary: string;
  readonly has_embedding: boolean;
}

async function everything(url: string): Promise<Listed[]> {
  const all: Listed[] = [];
  for (let cursor: string | null = ''; cursor !== null;) {
    const query = cursor === '' ? '' : `&cursor=${cursor}`;
    const answer = await fetch(`${url}/api/v1/memory/executions?limit=100${query}`);
    const page = (await answer.json()) as { items: Listed[]; next_cursor: string | null };
    all.push(...page.items);
    cursor = page.next_cursor;
  }
  return all;
}

async function allEmbedded(url: string): Promise<boolean> {
  for (let attempt = 0; attempt < 300; attempt += 1) {
    if ((await everything(url)).every(({ has_embedding }) => has_embedding)) return true;
    await new Promise((resolve) => setTimeout(resolve, 250));
  }
  return false;
}
