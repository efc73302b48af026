import 'reflect-metadata';
import type { NestExpressApplication } from '@nestjs/platform-express';
import { Test } from '@nestjs/testing';
import { AppModule } from '../../../src/app.module.js';
import { Settings } from '../../../src/config/index.js';
import { configureApp } from '../../../src/http/index.js';
import { RelayPace } from '../../../src/relay/relay-pace.js';
import { freshDatabase } from '../../support/database.js';

/** What came over the wire. */
// eslint-disable-next-line @typescript-eslint/no-explicit-any
type Body = any;

type Pace = Pick<RelayPace, keyof RelayPace>;

/** The whole service with a relay that is quick, so that a test need not wait. */
export interface RelayHouse {
  readonly app: NestExpressApplication;
  readonly url: string;
  /** Asks as somebody of a namespace and gives the status and the document. */
  ask(namespace: string, method: string, path: string, body?: object): Promise<[number, Body]>;
  /** Stores a success of a task of its own; gives the memory_id. */
  remember(namespace: string, task: string, fields?: object): Promise<string>;
  stop(): Promise<void>;
}

const QUICK: Pace = {
  heartbeat: 15_000,
  patience: 60_000,
  timeout: 10_000,
  attempts: 9,
  firstRetry: 20,
};

/** On a database of its own, or on that of `env`. */
export async function startRelay(
  pace: Partial<Pace> = {},
  env?: Readonly<Record<string, string>>,
): Promise<RelayHouse> {
  const database = env ? { env, drop: () => Promise.resolve() } : await freshDatabase();
  const quiet = { PORT: '0', LOG_LEVEL: 'silent', EMBEDDING_WORKERS: '1' };
  const testing = await Test.createTestingModule({
    imports: [AppModule.with(new Settings({ ...quiet, ...database.env }))],
  })
    .overrideProvider(RelayPace)
    .useValue({ ...QUICK, ...pace })
    .compile();
  const options: object = { bodyParser: false };
  const app = testing.createNestApplication<NestExpressApplication>(options);
  configureApp(app);
  await app.listen(0, '127.0.0.1');
  const url = `${await app.getUrl()}/api/v1`;
  const ask: RelayHouse['ask'] = async (namespace, method, path, body) => {
    const answer = await fetch(`${url}${path}`, {
      method,
      headers: { 'content-type': 'application/json', 'x-namespace': namespace },
      ...(body ? { body: JSON.stringify(body) } : {}),
    });
    const said = await answer.text();
    return [answer.status, said === '' ? null : JSON.parse(said)];
  };

  return {
    app,
    url,
    ask,
    remember: async (namespace, task_id, fields = {}) => {
      const [status, body] = await ask(namespace, 'POST', '/memory/store', {
        task_id,
        task: { type: 'demo' },
        execution_summary: `Did ${task_id}`,
        success: true,
        // What the learner concludes would stand between what a test counts.
        auto_extract_patterns: false,
        ...fields,
      });
      if (status !== 201) throw new Error(JSON.stringify(body));
      return body.memory_id as string;
    },
    stop: async () => {
      await app.close();
      await database.drop();
    },
  };
}
