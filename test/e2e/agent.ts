import type { Response } from 'supertest';
import { eventually, type RunningApp } from '../support/app.js';

type Headers = Readonly<Record<string, string>>;
/** What came over the wire; the OpenAPI document was held against it. */
export type Body = Response['body'];
type Fields = Readonly<Record<string, unknown>>;

/** The problem of an answer, as a list of the fields it names. */
export const fieldsOf = ({ body }: Response): string[] =>
  ((body.errors ?? []) as { field: string }[]).map(({ field }) => field);

/** Somebody who uses the service over HTTP, in one namespace. */
export class Agent {
  constructor(
    private readonly omoi: RunningApp,
    private readonly namespace: string,
    /** What it sends with every request, besides its namespace. */
    private readonly always: Headers = {},
  ) {}

  get(path: string, headers: Headers = {}): Promise<Response> {
    return this.omoi.ask('get', this.address(path), { headers: this.introduced(headers) });
  }

  /** A string is sent as it is, as JSON unless the headers say otherwise. */
  post(path: string, body: unknown, headers: Headers = {}): Promise<Response> {
    const type: Headers = typeof body === 'string' ? { 'Content-Type': 'application/json' } : {};
    const sent = this.introduced({ ...type, ...headers });

    return this.omoi.ask('post', this.address(path), { body, headers: sent });
  }

  put(path: string, body: unknown, headers: Headers = {}): Promise<Response> {
    return this.omoi.ask('put', this.address(path), { body, headers: this.introduced(headers) });
  }

  delete(path: string): Promise<Response> {
    return this.omoi.ask('delete', this.address(path), { headers: this.introduced({}) });
  }

  /** Stores a success of a task of its own, unless `execution` says otherwise; gives its memory_id. */
  async remember(execution_summary: string, execution: Fields = {}): Promise<string> {
    const usual = { task_id: execution_summary.slice(0, 200), success: true };
    const body = { ...usual, task: { type: 'implement_api' }, execution_summary, ...execution };
    const { status, body: stored } = await this.post('/memory/store', body);
    if (status !== 201) throw new Error(`${String(status)}: ${JSON.stringify(stored)}`);

    return stored.memory_id as string;
  }

  async memory(id: string): Promise<Body> {
    return (await this.get(`/memory/executions/${id}`)).body;
  }

  /** The first page of memories. */
  async memories(query = ''): Promise<Body[]> {
    return (await this.get(`/memory/executions${query}`)).body.items as Body[];
  }

  /** Waits until all memories (100 at most) can be found by meaning and by their words. */
  async embedded(): Promise<void> {
    const memories = await eventually(
      () => this.memories('?limit=100'),
      (found) => found.every(({ has_embedding }) => has_embedding as boolean),
    );
    await eventually(
      () => this.search('nobodysaidthis', { mode: 'keyword', explain: true }),
      ({ explanation }) => explanation.rows === memories.length,
    );
  }

  async search(task_description: string, asked: Fields = {}): Promise<Body> {
    return (await this.post('/memory/search', { task_description, ...asked })).body;
  }

  private readonly address = (path: string): string => `/api/v1${path}`;
  private readonly introduced = (headers: Headers): Headers => ({
    'X-Namespace': this.namespace,
    ...this.always,
    ...headers,
  });
}
