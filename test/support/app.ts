import 'reflect-metadata';
import type { NestExpressApplication } from '@nestjs/platform-express';
import request from 'supertest';
import { Settings } from '../../src/config/index.js';
import { describeApi } from '../../src/http/index.js';
import { startService } from '../../src/start-service.js';
import { freshDatabase } from './database.js';
import { answersAsIn } from './openapi.js';

/** A service on a database of its own, spoken to over HTTP. */
export interface RunningApp {
  readonly app: NestExpressApplication;
  readonly url: string;
  /** Sends a request and holds the answer against the OpenAPI document. */
  ask(method: Method, path: string, options?: Ask): Promise<request.Response>;
  stop(): Promise<void>;
}

type Method = 'get' | 'post' | 'put' | 'delete';

interface Ask {
  readonly body?: unknown;
  readonly headers?: Readonly<Record<string, string>>;
}

/**
 * Starts the whole service in this process. `env` completes its settings; when it names a database,
 * that one is used and left as it is.
 */
export async function startApp(env: Readonly<Record<string, string>> = {}): Promise<RunningApp> {
  const isGiven = 'DATABASE_URL' in env || 'DATA_DIR' in env;
  const database = isGiven ? { env, drop: () => Promise.resolve() } : await freshDatabase();
  const quiet = { PORT: '0', LOG_LEVEL: 'silent', EMBEDDING_WORKERS: '1' };
  const app = await startService(new Settings({ ...quiet, ...database.env, ...env }));
  const url = await app.getUrl();
  const check = answersAsIn(describeApi(app));

  return {
    app,
    url,
    ask: async (method, path, { body, headers = {} } = {}) => {
      const asked = request(url)[method](path).set(headers);
      const response = await (body === undefined ? asked : asked.send(body as object));
      check({
        method,
        path: path.split('?', 1).join(),
        status: response.status,
        type: response.type === '' ? undefined : response.type,
        body: bodyOf(response),
      });
      return response;
    },
    stop: async () => {
      await app.close();
      await database.drop();
    },
  };
}

/** Of what is no document the text, of a picture too. */
function bodyOf({ type, text, body }: request.Response): unknown {
  if (type.startsWith('text/')) return text;

  return Buffer.isBuffer(body) ? body.toString() : (body as unknown);
}

/** Asks again and again until `isThere`, because what is asynchronous takes its time. */
export async function eventually<Value>(
  ask: () => Promise<Value>,
  isThere: (value: Value) => boolean,
): Promise<Value> {
  for (let attempt = 0; attempt < 1_200; attempt += 1) {
    const value = await ask();
    if (isThere(value)) return value;
    await new Promise((resolve) => setTimeout(resolve, 25));
  }
  throw new Error('It did not come to pass within half a minute.');
}
