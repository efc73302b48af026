import type { Agent, Body } from './agent.js';

/** What executions of a team look like, told in few words. */
export interface Work {
  readonly type?: string;
  readonly agent?: string | null;
  readonly tags?: readonly string[];
  readonly tools?: readonly string[];
  readonly error?: string;
  readonly description?: string;
  readonly suggestion_id?: string;
  readonly duration_ms?: number;
  readonly cost_usd?: number;
}

/** Somebody who looks at what is learned from what one agent of the service stores. */
export class Analyst {
  private tasks = 0;

  constructor(readonly agent: Agent) {}

  /** Stores one execution of a new task for each outcome, in a batch; gives the memories' ids. */
  work(outcomes: readonly boolean[], work: Work = {}): Promise<string[]> {
    return this.workOn(
      outcomes.map(() => {
        this.tasks += 1;
        return `task-${String(this.tasks)}`;
      }),
      outcomes,
      work,
    );
  }

  /** Stores one execution for each outcome, of the tasks named. */
  async workOn(
    tasks: readonly string[],
    outcomes: readonly boolean[],
    { type = 'implement_api', agent = null, error, description, ...labels }: Work = {},
  ): Promise<string[]> {
    const executions = outcomes.map((success, index) => ({
      task_id: tasks[index],
      task: { type, description: description ?? null },
      execution_summary: success ? 'It was done' : 'It was not done',
      success,
      agent_id: agent,
      error_patterns: success || error === undefined ? null : { message: error },
      ...labels,
    }));
    const { body } = await this.agent.post('/memory/store/batch', { executions });

    return body.items.map(({ memory_id }: Body) => memory_id);
  }

  /** All patterns that are listed, through all pages. */
  async patterns(query = ''): Promise<Body[]> {
    const found: Body[] = [];
    let cursor = '';
    do {
      const { body } = await this.agent.get(`/memory/patterns?limit=50${query}${cursor}`);
      found.push(...body.items);
      cursor = body.next_cursor === null ? '' : `&cursor=${body.next_cursor}`;
    } while (cursor !== '');

    return found;
  }

  /** The pattern of a key, undefined when it is not listed. */
  async of(...definition: readonly string[]): Promise<Body> {
    return (await this.patterns()).find(
      (pattern) => JSON.stringify(pattern.definition) === JSON.stringify(definition),
    );
  }

  async pattern(id: string): Promise<Body> {
    return (await this.agent.get(`/memory/patterns/${id}`)).body;
  }

  /** A pattern with all that is behind it. */
  async evidence(id: string): Promise<Body> {
    const { body: first } = await this.agent.get(`/memory/patterns/${id}/evidence?limit=100`);
    const items = [...first.items];
    for (let cursor = first.next_cursor; cursor !== null;) {
      const { body } = await this.agent.get(
        `/memory/patterns/${id}/evidence?limit=100&cursor=${cursor}`,
      );
      items.push(...body.items);
      cursor = body.next_cursor;
    }

    return { ...first, items };
  }

  async history(id: string): Promise<Body[]> {
    return (await this.agent.get(`/memory/patterns/${id}/history?limit=100`)).body.items;
  }

  async feedback(id: string, said: object, actor?: string): Promise<Body> {
    const headers: Record<string, string> = actor === undefined ? {} : { 'X-Actor': actor };

    return (await this.agent.post(`/memory/patterns/${id}/feedback`, said, headers)).body;
  }

  /** The advice for a new task of a type. */
  async context(id: string, type = 'implement_api', query = ''): Promise<Body> {
    await this.agent.post('/tasks', { id, type });

    return (await this.agent.get(`/memory/tasks/${id}/context${query}`)).body;
  }
}

export const times = (count: number, success: boolean): boolean[] =>
  Array.from({ length: count }, () => success);

/** So many successes and so many failures, one after the other by turns. */
export const mixed = (successes: number, failures: number): boolean[] => {
  const outcomes: boolean[] = [];
  for (let n = 1; n <= successes + failures; n += 1) {
    const due = Math.round((n * successes) / (successes + failures));
    outcomes.push(outcomes.filter(Boolean).length < due);
  }

  return outcomes;
};

/** A coin that always falls the same way again. */
export function coin(seed: number): () => boolean {
  let state = seed;

  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state >= 2 ** 31;
  };
}
