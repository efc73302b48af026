import type { Page, Problem } from '#rest';
import http, { type IncomingMessage } from 'node:http';
import https from 'node:https';
import { text } from 'node:stream/consumers';

/** The service refused; the message is what it said. */
export class Refused extends Error {
  override readonly name = 'Refused';

  constructor(readonly problem: Problem) {
    const fields = (problem.errors ?? []).map(({ field, message }) => `\n  ${field}: ${message}`);
    super(`${problem.detail} (${problem.code})${fields.join('')}`);
  }
}

/** Nobody answered, not to the end, or in a language that the service does not speak. */
export class Away extends Error {
  override readonly name = 'Away';

  constructor(cause: unknown) {
    super('The service does not answer at this address.', { cause });
  }
}

/** Speaks REST for one namespace. */
export class Client {
  constructor(
    private readonly url: string,
    private readonly namespace: string,
    /** Null where nobody is asked for one. */
    private readonly key: string | null,
  ) {}

  /** @throws Refused, Away */
  get<Body>(path: string, query: Readonly<Record<string, string | undefined>> = {}): Promise<Body> {
    const said = Object.entries(query).filter(
      (entry): entry is [string, string] => entry[1] !== undefined,
    );
    const search = new URLSearchParams(said).toString();

    return this.ask('GET', search === '' ? path : `${path}?${search}`);
  }

  /** @throws Refused */
  post<Body>(path: string, body?: object): Promise<Body> {
    return this.ask('POST', path, body);
  }

  /** @throws Refused */
  delete(path: string): Promise<undefined> {
    return this.ask('DELETE', path);
  }

  /** Every page of a list, up to `most` items. */
  async list<Item>(
    path: string,
    query: Readonly<Record<string, string | undefined>>,
    most: number,
  ): Promise<Item[]> {
    const items: Item[] = [];
    let cursor: string | undefined;
    do {
      const limit = String(Math.min(100, most - items.length));
      const page: Page<Item> = await this.get(path, { ...query, limit, cursor });
      items.push(...page.items);
      cursor = page.next_cursor ?? undefined;
    } while (cursor !== undefined && items.length < most);

    return items;
  }

  private async ask<Body>(method: string, path: string, body?: object): Promise<Body> {
    const { status, said } = await this.send(method, path, body).catch((cause: unknown) => {
      throw new Away(cause);
    });
    if (status >= 400) throw new Refused(said as Problem);

    return said as Body;
  }

  /** Waits for the answer as long as it takes, where `fetch` gives up after five minutes. */
  private async send(method: string, path: string, body?: object): Promise<Answer> {
    const url = new URL(`/api/v1/admin${path}`, this.url);
    const headers = {
      'X-Namespace': this.namespace,
      ...(this.key === null ? {} : { Authorization: `Bearer ${this.key}` }),
      ...(body === undefined ? {} : { 'Content-Type': 'application/json' }),
    };
    const answer = await new Promise<IncomingMessage>((resolve, reject) => {
      const { request } = url.protocol === 'https:' ? https : http;
      request(url, { method, headers }, resolve)
        .on('error', reject)
        .end(body && JSON.stringify(body));
    });
    const { statusCode: status = 0 } = answer;
    const said = await text(answer);

    return { status, said: status === 204 ? undefined : JSON.parse(said) };
  }
}

interface Answer {
  readonly status: number;
  readonly said: unknown;
}
