import type { Page, Problem } from '#rest';

/** The service refused; the message is what it said. */
export class Refused extends Error {
  override readonly name = 'Refused';

  constructor(readonly problem: Problem) {
    const fields = (problem.errors ?? []).map(({ field, message }) => `\n  ${field}: ${message}`);
    super(`${problem.detail} (${problem.code})${fields.join('')}`);
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

  /** @throws Refused */
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
    const answer = await fetch(new URL(`/api/v1/admin${path}`, this.url), {
      method,
      headers: {
        'X-Namespace': this.namespace,
        ...(this.key === null ? {} : { Authorization: `Bearer ${this.key}` }),
        ...(body === undefined ? {} : { 'Content-Type': 'application/json' }),
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    const text = await answer.text();
    const said: unknown = text === '' ? undefined : JSON.parse(text);
    if (!answer.ok) throw new Refused(said as Problem);

    return said as Body;
  }
}
