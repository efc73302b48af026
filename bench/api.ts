import { type Mode } from './arguments.js';
import { CannotRun } from './cannot-run.js';

/** An execution as it is sent. */
export interface NewExecution {
  readonly task_id: string;
  readonly execution_summary: string;
  readonly success: boolean;
  readonly task: { readonly type: string; readonly description?: string };
  readonly agent_id?: string | null;
  readonly error_patterns?: { readonly error: string } | null;
}

export interface Question {
  readonly task_description: string;
  readonly mode: Mode;
  readonly top_k?: number;
  readonly similarity_threshold?: number;
  /** The task that asks, whose own executions are left out. */
  readonly task_id?: string | null;
}

export interface Found {
  readonly items: readonly {
    readonly task_id: string;
    readonly memory_id: string;
    readonly similarity_score: number;
    readonly keyword_score: number | null;
  }[];
  readonly model_key: string;
}

/** An execution before it happens. */
export interface Candidate {
  readonly task_type: string;
  readonly agent_id: string | null;
  readonly task_id: string;
}

export interface Pattern {
  readonly pattern_type: 'success' | 'failure' | 'optimization';
  /** The key: its kind, and what its executions share. */
  readonly definition: readonly string[];
  readonly confidence_score: number;
  readonly evidence: { readonly successes: number; readonly failures: number };
}

export interface PatternPage {
  readonly items: readonly Pattern[];
  readonly next_cursor: string | null;
}

/** One version of a projection or a policy. */
export interface Version {
  readonly name: string;
  readonly status: string;
  readonly lag: number;
}

interface Batch {
  readonly items: readonly { readonly status: number; readonly memory_id: string }[];
}

interface Memory {
  readonly has_embedding: boolean;
  readonly embedding: { readonly status: string };
}

interface Problem {
  readonly detail?: string;
  readonly errors?: readonly { readonly field: string; readonly message: string }[];
}

/** The service's REST API. Every method throws `CannotRun` when the service refuses. */
export class Api {
  constructor(
    private readonly url: string,
    private readonly namespace = 'default',
  ) {}

  /** The same service, for another namespace. */
  within(namespace: string): Api {
    return new Api(this.url, namespace);
  }

  async store(execution: NewExecution): Promise<void> {
    await this.ask('memory/store', execution);
  }

  /** Gives the memories' ids, in the order given. */
  async storeBatch(executions: readonly NewExecution[]): Promise<string[]> {
    const { items } = await this.ask<Batch>('memory/store/batch', { executions });
    const refused = items.find(({ status }) => status !== 201);
    if (refused) throw new CannotRun(`An execution was refused: ${JSON.stringify(refused)}`);

    return items.map(({ memory_id }) => memory_id);
  }

  search(question: Question): Promise<Found> {
    return this.ask('memory/search', question);
  }

  predict(candidate: Candidate): Promise<{ readonly probability: number }> {
    return this.ask('memory/predict', candidate);
  }

  /** A page of what was learned, candidates among it: the first, or the one that `cursor` names. */
  patterns(cursor: string | null): Promise<PatternPage> {
    const from = cursor === null ? '' : `&cursor=${encodeURIComponent(cursor)}`;

    return this.ask(`memory/patterns?limit=50${from}`);
  }

  memory(id: string): Promise<Memory> {
    return this.ask(`memory/executions/${id}`);
  }

  /** Who follows the log, in which versions, and how many positions each is behind it. */
  projections(): Promise<{ readonly items: readonly Version[] }> {
    return this.ask('admin/projections');
  }

  /** Begins to make a projection's rows anew. */
  beginRebuild(projection: string): Promise<{ readonly rebuild_id: string }> {
    return this.ask(`admin/projections/${projection}/rebuild`, {});
  }

  rebuild(id: string): Promise<{ readonly status: string; readonly target: number }> {
    return this.ask(`admin/rebuilds/${id}`);
  }

  /** POSTs `body`, or GETs without one. */
  private async ask<Answer>(route: string, body?: object): Promise<Answer> {
    const headers = { 'X-Namespace': this.namespace };
    const sent = body
      ? {
          method: 'POST',
          headers: { ...headers, 'Content-Type': 'application/json' },
          body: JSON.stringify(body),
        }
      : { headers };
    const response = await fetch(`${this.url}/api/v1/${route}`, sent).catch(unanswered);
    const answer: unknown = await response.json();
    if (!response.ok) throw new CannotRun(sentence(response.status, answer as Problem));

    return answer as Answer;
  }
}

function unanswered(error: unknown): never {
  const { cause } = error as Error;
  const why = cause instanceof Error ? `: ${cause.message}` : '';
  throw new CannotRun(`The service does not answer${why}.`, { cause: error });
}

function sentence(status: number, { detail = '', errors = [] }: Problem): string {
  const fields = errors.map(({ field, message }) => `${field} ${message}`);

  return `The service answered ${status}: ${[detail, ...fields].join(' ')}`;
}
