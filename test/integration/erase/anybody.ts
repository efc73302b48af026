import { CommandBus } from '@nestjs/cqrs';
import fc from 'fast-check';
import type { Response } from 'supertest';
import { ownCaller } from '../../../src/kernel/index.js';
import { EraseSubject } from '../../../src/memory/index.js';
import { Agent } from '../../e2e/agent.js';
import type { RunningApp } from '../../support/app.js';

const TASKS = ['t-0', 't-1', 't-2', 't-3'];
const TYPES = ['fix_bug', 'fix_ui', 'build'];
const WORDS = ['Mend the login', 'Count the warehouse', 'fix', ''];
const ERRORS = ['Timeout while connecting', 'Timeout while connecting', 'Disk is full', 'no login'];
const REGEXES = ['login', '^fix_bug$', '^fix', 'warehouse|full', '^build$'];
const ACTORS = ['ann', 'bob'];
const ENOUGH = 6;

const task = fc.constantFrom(...TASKS);
const actor = fc.constantFrom(...ACTORS);
const which = fc.nat(50);

const execution = fc.record({
  task,
  type: fc.constantFrom(...TYPES),
  words: fc.constantFrom(...WORDS),
  success: fc.boolean(),
  error: fc.option(fc.constantFrom(...ERRORS)),
  agent: fc.option(fc.constantFrom('coder', 'tester')),
  tools: fc.subarray(['editor', 'shell']),
  isEvidence: fc.integer({ min: 0, max: 5 }).map((n) => n > 0),
  executionId: fc.option(fc.constantFrom('run-1', 'run-2'), { freq: 4 }),
  durationMs: fc.option(fc.constantFrom(1_000, 30_000, 60_000, 3_600_000), { freq: 8 }),
  costUsd: fc.option(fc.constantFrom(0, 0.01, 0.5), { freq: 8 }),
  advised: fc.option(fc.nat(50), { freq: 2 }),
});

const weighted = (
  weight: number,
  verb: Asked['do'],
  rest: Readonly<Record<string, fc.Arbitrary<unknown>>>,
): { weight: number; arbitrary: fc.Arbitrary<unknown> } => ({
  weight,
  arbitrary: fc.record({ do: fc.constant(verb), namespace: fc.nat(1), actor, ...rest }),
});

/** Whatever anybody may ask of the service. */
export const anything: fc.Arbitrary<Asked> = fc.oneof(
  weighted(2, 'register', {
    task,
    type: fc.constantFrom(...TYPES),
    words: fc.constantFrom(...WORDS),
  }),
  weighted(12, 'store', { execution }),
  weighted(3, 'batch', { executions: fc.array(execution, { minLength: 2, maxLength: 5 }) }),
  weighted(2, 'finish', { task, execution }),
  weighted(2, 'revoke', { which }),
  weighted(2, 'feedback', { which, helpful: fc.boolean() }),
  weighted(2, 'extract', {
    regex: fc.constantFrom(...REGEXES),
    side: fc.constantFrom('success', 'failure'),
  }),
  weighted(1, 'retire', { which, helpful: fc.boolean() }),
  weighted(1, 'restore', { which, helpful: fc.boolean() }),
  weighted(1, 'search', {}),
  weighted(4, 'context', { task }),
  weighted(3, 'outcome', { which, helpful: fc.boolean() }),
  weighted(6, 'erase', { which }),
  weighted(1, 'delete-task', { task }),
  weighted(1, 'erase-person', {}),
) as fc.Arbitrary<Asked>;

type Execution = typeof execution extends fc.Arbitrary<infer One> ? One : never;

interface Decision {
  readonly which: number;
  readonly helpful: boolean;
}

export type Asked = { readonly namespace: number; readonly actor: string } & (
  | {
      readonly do: 'register';
      readonly task: string;
      readonly type: string;
      readonly words: string;
    }
  | { readonly do: 'store'; readonly execution: Execution }
  | { readonly do: 'batch'; readonly executions: readonly Execution[] }
  | { readonly do: 'finish'; readonly task: string; readonly execution: Execution }
  | { readonly do: 'revoke' | 'erase'; readonly which: number }
  | (Decision & { readonly do: 'feedback' | 'retire' | 'restore' | 'outcome' })
  | { readonly do: 'extract'; readonly regex: string; readonly side: string }
  | { readonly do: 'context' | 'delete-task'; readonly task: string }
  | { readonly do: 'search' | 'erase-person' }
);

/** Does what is asked, in one namespace, whatever comes of it; and knows which words were whose. */
export class Anybody {
  /** A word that stands in the texts of one memory and nowhere else, by memory. */
  readonly marks = new Map<string, string>();
  /** How many memories it was given: they are counted a little later. */
  returned = 0;
  private readonly memories: string[] = [];
  private readonly suggestions: string[] = [];

  constructor(
    private readonly omoi: RunningApp,
    readonly namespace: string,
    private readonly newMark: () => string,
  ) {}

  /**
   * So many successes of each type that there are medians to be held against, and two that were; and
   * one that is erased.
   */
  async begin(): Promise<void> {
    const usual = { words: 'fix', success: true, error: null, agent: null, tools: [] };
    const known = {
      isEvidence: true,
      executionId: null,
      durationMs: 30_000,
      costUsd: 0.01,
      advised: null,
    } as const;
    const all = TYPES.flatMap((type) =>
      Array.from({ length: ENOUGH }, (_, n): Execution => {
        const task = `${type}-${String(n)}`;
        return { task, type, ...usual, ...known };
      }),
    );
    const agent = new Agent(this.omoi, this.namespace);
    await this.batch(agent, all);
    for (const duration_ms of [1, 3_600_000]) await this.takeBackOne(agent, duration_ms);
    await agent.delete(`/memory/executions/${this.memory(all.length - 1)}`);
  }

  /** An execution that was held against the median of its type before it was taken back. */
  private async takeBackOne(agent: Agent, duration_ms: number): Promise<void> {
    const [type] = TYPES;
    const one = { task_id: `${type}-0`, task: null, duration_ms };
    const id = await agent.remember('Took its time', one);
    await agent.post(`/memory/executions/${id}/revoke`, { reason: 'It was measured wrongly' });
  }

  /** @throws Error when the service failed. */
  async ask(asked: Asked): Promise<void> {
    const agent = new Agent(this.omoi, this.namespace, { 'X-Actor': asked.actor });
    const { status, body } = (await this.does(agent, asked)) ?? { status: 200, body: {} };
    if (status >= 500) throw new Error(`${JSON.stringify(asked)}: ${JSON.stringify(body)}`);
  }

  // One case a command: there is no simpler way to say what each is.
  // eslint-disable-next-line complexity
  private async does(agent: Agent, asked: Asked): Promise<Response | null> {
    switch (asked.do) {
      case 'register': {
        const { task: id, type, words } = asked;
        return agent.post('/tasks', { id, type, description: words === '' ? null : words });
      }
      case 'store':
        return this.store(agent, asked.execution);
      case 'batch':
        return this.batch(agent, asked.executions);
      case 'finish': {
        const { task_id, success, task: described, ...said } = this.bodyOf(asked.execution);
        return agent.post(`/tasks/${asked.task}/${success ? 'complete' : 'fail'}`, said);
      }
      case 'revoke':
        return agent.post(`/memory/executions/${this.memory(asked.which)}/revoke`, {
          reason: `Because ${asked.actor} says so`,
        });
      case 'erase':
        return agent.delete(`/memory/executions/${this.memory(asked.which)}`);
      case 'feedback':
      case 'retire':
      case 'restore':
        return this.decide(agent, asked);
      case 'extract':
        return agent.post('/memory/patterns/extract', {
          task_type_pattern: asked.regex,
          pattern_type: asked.side,
          min_samples: 2,
        });
      case 'search':
        return this.search(agent);
      case 'context':
        return this.askFor(agent, asked.task);
      case 'outcome':
        return agent.post(`/memory/suggestions/${this.suggestion(asked.which)}/outcome`, {
          success: asked.helpful,
          comment: `Says ${asked.actor}`,
        });
      case 'delete-task':
        return agent.delete(`/tasks/${asked.task}`);
      case 'erase-person':
        await this.omoi.app
          .get(CommandBus)
          .execute(new EraseSubject(ownCaller(this.namespace), asked.actor));
        return null;
    }
  }

  private async search(agent: Agent): Promise<Response> {
    const asked = { task_description: 'login', similarity_threshold: 0 };
    const answer = await agent.post('/memory/search', asked);
    this.returned += (answer.body.items as unknown[]).length;

    return answer;
  }

  private async askFor(agent: Agent, task: string): Promise<Response> {
    const answer = await agent.get(`/memory/tasks/${task}/context?similarity_threshold=0`);
    if (answer.status === 200) {
      this.suggestions.push(answer.body.suggestion_id as string);
      this.returned += (answer.body.similar_tasks as unknown[]).length;
    }

    return answer;
  }

  private async store(agent: Agent, one: Execution): Promise<Response> {
    const body = this.bodyOf(one);
    const answer = await agent.post('/memory/store', body);
    if (answer.status === 201) this.note(answer.body.memory_id as string, body);

    return answer;
  }

  private async batch(agent: Agent, all: readonly Execution[]): Promise<Response> {
    const executions = all.map((one) => this.bodyOf(one));
    const answer = await agent.post('/memory/store/batch', { executions });
    const items = answer.body.items as { status: number; memory_id: string }[];
    for (const [index, { status, memory_id }] of items.entries()) {
      const body = executions[index];
      if (status === 201 && body) this.note(memory_id, body);
    }

    return answer;
  }

  private async decide(agent: Agent, asked: Decision & { readonly do: string }): Promise<Response> {
    const { body } = await agent.get('/memory/patterns?limit=50&status=active&status=candidate');
    const items = (body.items ?? []) as { pattern_id: string }[];
    const id = items[asked.which % Math.max(1, items.length)]?.pattern_id ?? 'none';

    return asked.do === 'feedback'
      ? agent.post(`/memory/patterns/${id}/feedback`, { helpful: asked.helpful, comment: 'So' })
      : agent.post(`/memory/patterns/${id}/${asked.do}`, { reason: 'So' });
  }

  private note(id: string, { execution_summary }: { execution_summary: string }): void {
    this.memories.push(id);
    this.marks.set(id, execution_summary.split(' ').at(-1) ?? '');
  }

  private memory(nth: number): string {
    return this.memories[nth % Math.max(1, this.memories.length)] ?? 'none';
  }

  private suggestion(nth: number): string {
    return this.suggestions[nth % Math.max(1, this.suggestions.length)] ?? 'none';
  }

  private bodyOf(one: Execution): ReturnType<typeof bodyOf> {
    const suggestion = one.advised === null ? 'none' : this.suggestion(one.advised);

    return bodyOf(one, this.newMark(), suggestion === 'none' ? null : suggestion);
  }
}

// What it returns is written here once.

const bodyOf = (one: Execution, mark: string, suggestion: string | null) => ({
  task_id: one.task,
  task: { type: one.type, description: one.words === '' ? null : one.words },
  execution_summary: `${one.success ? 'Done' : 'Not done'} ${mark}`,
  success: one.success,
  error_patterns: one.success || one.error === null ? null : { message: `${one.error} in ${mark}` },
  agent_id: one.agent,
  tools: one.tools,
  auto_extract_patterns: one.isEvidence,
  execution_id: one.executionId,
  duration_ms: one.durationMs,
  cost_usd: one.costUsd,
  suggestion_id: suggestion,
});
