import type { ServerResponse } from 'node:http';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { RelayPace } from '../../../src/relay/relay-pace.js';
import { eventually } from '../../support/app.js';
import { freshDatabase, isServer } from '../../support/database.js';
import { outboxOf } from './outbox-rows.js';
import { answers, isGenuine, neverAnswers, Receiver, taskIds } from './receiver.js';
import { startRelay, type RelayHouse } from './relay-house.js';

const WEBHOOKS = '/admin/webhooks';
const NOBODY = '00000000-0000-4000-8000-000000000000';
const PACE = { timeout: 10_000, attempts: 3, firstRetry: 20 };

interface Webhook {
  readonly webhook_id: string;
  readonly secret: string;
}

describe('A webhook', () => {
  let receiver: Receiver;
  let url: string;
  let house: RelayHouse;

  beforeAll(async () => {
    receiver = new Receiver();
    url = await receiver.open();
    house = await startRelay(PACE);
  });
  afterAll(async () => {
    await house.stop();
    await receiver.close();
  });

  /** One for a namespace, at an address of its own. */
  const add = async (namespace: string, fields: object = {}): Promise<Webhook> => {
    const asked = { url: `${url}/${namespace}`, ...fields };
    const [status, body] = await house.ask(namespace, 'POST', WEBHOOKS, asked);
    if (status !== 201) throw new Error(JSON.stringify(body));
    return body as Webhook;
  };
  const only = async (namespace: string): Promise<Record<string, unknown>> => {
    const [, { items }] = await house.ask(namespace, 'GET', WEBHOOKS);
    return items[0] as Record<string, unknown>;
  };
  const until = (namespace: string, what: object): Promise<unknown> =>
    eventually(
      () => only(namespace),
      (webhook) => Object.entries(what).every(([name, value]) => Object.is(webhook[name], value)),
    );

  /** How long the receiver may take to answer what is sent from now on. */
  const mayTake = (timeout: number): unknown =>
    Object.assign(house.app.get(RelayPace), { timeout });

  it('gets what is told from its creation on, in order, signed, as CloudEvents', async () => {
    await house.remember('signed', 'before');
    await until_told('signed', 1);
    const { webhook_id, secret } = await add('signed');
    const expected = Array.from({ length: 8 }, (_, n) => `t-${String(n)}`);
    const ids: string[] = [];
    for (const task of expected) ids.push(await house.remember('signed', task));
    const deliveries = await receiver.gets(8, '/signed');

    expect(taskIds(deliveries)).toEqual(expected);
    expect(secret).toMatch(/^whsec_[A-Za-z0-9+/]{43}=$/);
    for (const [n, delivery] of deliveries.entries()) {
      expect(isGenuine(delivery, secret)).toBe(true);
      expect(isGenuine({ ...delivery, body: `${delivery.body} ` }, secret)).toBe(false);
      expect(delivery.headers['content-type']).toBe('application/cloudevents+json; charset=utf-8');
      expect(delivery.event).toMatchObject({
        specversion: '1.0',
        id: delivery.headers['webhook-id'],
        type: 'memory.stored',
        source: 'urn:omoi:memory',
        subject: ids[n],
        namespace: 'signed',
      });
    }
    await until('signed', { lag: 0 });
    const webhook = await only('signed');
    expect(webhook).toMatchObject({
      webhook_id,
      url: `${url}/signed`,
      types: null,
      status: 'active',
      failures: 0,
      dead_letters: 0,
      last_error: null,
    });
    expect(webhook).not.toHaveProperty('secret');
    expect(JSON.stringify(webhook)).not.toContain('whsec');
    expect(webhook.delivered_at).not.toBeNull();
  });

  it('gets the types it asked for, with a secret of its own', async () => {
    const secret = `whsec_${Buffer.alloc(24, 7).toString('base64')}`;
    const types = ['memory.context.suggested'];
    expect(await add('typed', { types, secret })).toMatchObject({ secret });
    await house.remember('typed', 't-1');
    await house.ask('typed', 'GET', '/memory/tasks/t-1/context');
    await house.remember('typed', 't-2');
    await house.ask('typed', 'GET', '/memory/tasks/t-2/context');
    const deliveries = await receiver.gets(2, '/typed');
    await until('typed', { lag: 0 });

    expect(deliveries.map(({ event }) => event.type)).toEqual([...types, ...types]);
    expect(deliveries.every((delivery) => isGenuine(delivery, secret))).toBe(true);
  });

  it('is tried again in its order when it fails, answers late or sends elsewhere', async () => {
    const { secret } = await add('flaky');
    receiver.replies.push(
      (response) => {
        mayTake(1_000);
        answers(500)(response);
      },
      () => {
        mayTake(PACE.timeout);
      },
    );
    await house.remember('flaky', 't-1');
    await house.remember('flaky', 't-2');
    const deliveries = await receiver.gets(4, '/flaky');

    expect(taskIds(deliveries)).toEqual(['t-1', 't-1', 't-1', 't-2']);
    expect(new Set(deliveries.slice(0, 3).map(({ event }) => event.id)).size).toBe(1);
    expect(deliveries.every((delivery) => isGenuine(delivery, secret))).toBe(true);

    receiver.replies.push(answers(302, { location: `${url}/elsewhere` }));
    await house.remember('flaky', 't-3');
    expect(taskIds(await receiver.gets(6, '/flaky'))).toEqual([
      ...taskIds(deliveries.slice(0, 4)),
      't-3',
      't-3',
    ]);
    expect(receiver.at('/elsewhere')).toEqual([]);
    await until('flaky', { lag: 0, status: 'active', last_error: null });
  });

  it('that fails for good leaves a dead letter and goes on', async () => {
    const { webhook_id } = await add('failing');
    const letters = `${WEBHOOKS}/${webhook_id}/dead-letters`;
    receiver.replies.push(answers(500), answers(503), answers(410), ...Array(3).fill(answers(500)));
    for (const task of ['t-1', 't-2', 't-3']) await house.remember('failing', task);
    const deliveries = await receiver.gets(7, '/failing');
    await until('failing', { lag: 0 });

    expect(taskIds(deliveries)).toEqual([...Array(3).fill('t-1'), ...Array(3).fill('t-2'), 't-3']);
    const [, { items }] = await house.ask('failing', 'GET', letters);
    expect(items).toMatchObject([
      { notification_id: deliveries[0]?.event.id, attempts: 3, error: 'webhook.answered_410' },
      { notification_id: deliveries[3]?.event.id, attempts: 3, error: 'webhook.answered_500' },
    ]);
    expect(items[0]).toMatchObject({
      type: 'memory.stored',
      subject: deliveries[0]?.event.subject,
    });
    const [, page] = await house.ask('failing', 'GET', `${letters}?limit=1`);
    const next = `${letters}?limit=1&cursor=${String(page.next_cursor)}`;
    expect((await house.ask('failing', 'GET', next))[1]).toEqual({
      items: [items[1]],
      next_cursor: null,
    });

    const first = `${letters}/${String(items[0].notification_id)}`;
    receiver.replies.push(answers(500));
    expect(await house.ask('failing', 'POST', `${first}/retry`)).toMatchObject([
      409,
      { code: 'dead_letter.failed_again' },
    ]);
    expect((await house.ask('failing', 'GET', letters))[1].items[0].attempts).toBe(4);
    expect(await house.ask('failing', 'POST', `${first}/retry`)).toEqual([
      200,
      { notification_id: items[0].notification_id, status: 'delivered' },
    ]);
    expect(receiver.at('/failing').at(-1)?.event).toEqual(deliveries[0]?.event);

    const second = `${letters}/${String(items[1].notification_id)}`;
    expect(await house.ask('failing', 'POST', `${second}/discard`)).toEqual([
      200,
      { notification_id: items[1].notification_id, status: 'discarded' },
    ]);
    expect(await house.ask('failing', 'GET', letters)).toEqual([
      200,
      { items: [], next_cursor: null },
    ]);
    for (const what of ['retry', 'discard']) {
      expect(await house.ask('failing', 'POST', `${second}/${what}`)).toMatchObject([
        404,
        { code: 'dead_letter.unknown' },
      ]);
    }
    expect(receiver.at('/failing')).toHaveLength(9);
  });

  it('holds back none but itself', async () => {
    await add('stuck');
    await add('free');
    const held: ServerResponse[] = [];
    receiver.usual = (response) => {
      if (response.req.url === '/free') answers(200)(response);
      else held.push(response);
    };
    await house.remember('stuck', 't-1');
    await receiver.gets(1, '/stuck');
    await house.remember('free', 't-2');
    await receiver.gets(1, '/free');
    const stuck = await only('stuck');
    receiver.usual = answers(204);
    held.forEach(receiver.usual);
    await until('stuck', { lag: 0 });

    expect(stuck).toMatchObject({ lag: 1, failures: 0 });
    expect(receiver.at('/stuck')).toHaveLength(1);
  });

  it('is of one tenant alone, and gone when it is removed', async () => {
    const { webhook_id } = await add('mine');
    const one = `${WEBHOOKS}/${webhook_id}`;
    expect((await house.ask('yours', 'GET', WEBHOOKS))[1].items).toEqual([]);
    for (const [method, path] of [
      ['DELETE', one],
      ['GET', `${one}/dead-letters`],
      ['POST', `${one}/dead-letters/${NOBODY}/retry`],
      ['POST', `${one}/dead-letters/${NOBODY}/discard`],
    ] as const) {
      expect(await house.ask('yours', method, path)).toMatchObject([
        404,
        { code: 'webhook.unknown' },
      ]);
    }
    await house.remember('yours', 't-1');
    await house.remember('mine', 't-2');
    expect(taskIds(await receiver.gets(1, '/mine'))).toEqual(['t-2']);

    expect(await house.ask('mine', 'DELETE', one)).toEqual([204, null]);
    expect((await house.ask('mine', 'DELETE', one))[0]).toBe(404);
    expect((await house.ask('mine', 'GET', WEBHOOKS))[1].items).toEqual([]);
    await house.remember('mine', 't-3');
    await until_told('mine', 2);
    expect(receiver.at('/mine')).toHaveLength(1);
  });

  it('is made once under a key, and is refused by name when it is not right', async () => {
    const keyed = async (body: object): Promise<[number, Record<string, string>]> => {
      const answer = await fetch(`${house.url}${WEBHOOKS}`, {
        method: 'POST',
        headers: {
          'content-type': 'application/json',
          'x-namespace': 'keyed',
          'idempotency-key': 'once',
        },
        body: JSON.stringify(body),
      });
      return [answer.status, (await answer.json()) as Record<string, string>];
    };
    const body = { url: `${url}/keyed`, types: ['memory.stored'] };
    const both = await Promise.all([keyed(body), keyed(body)]);
    const again = await keyed(body);
    expect(new Set([...both, again].map(([, said]) => JSON.stringify(said))).size).toBe(1);
    expect(again[0]).toBe(200);
    expect((await keyed({ ...body, types: null }))[1].code).toBe('request.key_reused');
    expect((await house.ask('keyed', 'GET', WEBHOOKS))[1].items).toHaveLength(1);

    const refused: readonly [body: object, field: string][] = [
      [{}, 'url'],
      [{ url: 'ftp://example.com' }, 'url'],
      [{ url: 'nowhere' }, 'url'],
      [{ url: 'https://ann:secret@example.com' }, 'url'],
      [{ url: `https://example.com/${'x'.repeat(2_000)}` }, 'url'],
      [{ ...body, types: ['memory.forgotten'] }, 'types.0'],
      [{ ...body, types: [] }, 'types'],
      [{ ...body, secret: 'whsec_short' }, 'secret'],
      [{ ...body, retries: 3 }, 'retries'],
    ];
    for (const [wrong, field] of refused) {
      const [status, { errors }] = await house.ask('refused', 'POST', WEBHOOKS, wrong);
      expect([status, errors[0].field]).toEqual([422, field]);
    }
    expect((await house.ask('refused', 'DELETE', `${WEBHOOKS}/seven`))[0]).toBe(422);
  });

  it('is one of twenty at most', async () => {
    const asked = { url: `${url}/many`, types: ['memory.pattern.demoted'] };
    for (let n = 0; n < 20; n += 1) await add('many', asked);
    expect(await house.ask('many', 'POST', WEBHOOKS, asked)).toMatchObject([
      422,
      { code: 'webhook.too_many' },
    ]);
    const [, page] = await house.ask('many', 'GET', `${WEBHOOKS}?limit=15`);
    const [, rest] = await house.ask(
      'many',
      'GET',
      `${WEBHOOKS}?cursor=${String(page.next_cursor)}`,
    );
    const ids = [...page.items, ...rest.items].map((item: Webhook) => item.webhook_id);
    expect(new Set(ids).size).toBe(20);
    expect(rest.next_cursor).toBeNull();
  });

  /** Whether so many notifications of a tenant were written. */
  const until_told = (namespace: string, count: number): Promise<unknown> =>
    eventually(
      () => outboxOf(house, namespace),
      (rows) => rows.length >= count,
    );
});

describe('A service that stops while it delivers', () => {
  it('loses nothing, and goes on when it is back', async () => {
    const database = await freshDatabase();
    const receiver = new Receiver();
    const url = await receiver.open();
    const first = await startRelay({}, database.env);
    await first.ask('restarted', 'POST', WEBHOOKS, { url: `${url}/restarted` });
    receiver.replies.push(answers(200), answers(200), neverAnswers);
    const expected = Array.from({ length: 6 }, (_, n) => `t-${String(n)}`);
    for (const task of expected) await first.remember('restarted', task);
    await receiver.gets(3, '/restarted');
    await first.stop();
    const second = await startRelay({}, database.env);
    const deliveries = await receiver.gets(7, '/restarted');
    const [, { items }] = await second.ask('restarted', 'GET', WEBHOOKS);
    await second.stop();
    await receiver.close();
    await database.drop();

    expect(taskIds(deliveries)).toEqual(['t-0', 't-1', 't-2', 't-2', 't-3', 't-4', 't-5']);
    expect(items[0]).toMatchObject({ failures: 0, dead_letters: 0 });
  });
});

(isServer ? describe : describe.skip)('Two services over one database', () => {
  it('deliver each notification once, in order', async () => {
    const database = await freshDatabase();
    const receiver = new Receiver();
    const url = await receiver.open();
    const both = [await startRelay({}, database.env), await startRelay({}, database.env)];
    for (const namespace of ['ann', 'bob']) {
      await both[0]?.ask(namespace, 'POST', WEBHOOKS, { url: `${url}/${namespace}` });
    }
    const expected = Array.from({ length: 30 }, (_, n) => `t-${String(n)}`);
    for (const [n, task] of expected.entries()) {
      for (const namespace of ['ann', 'bob']) await both[n % 2]?.remember(namespace, task);
    }
    const ann = await receiver.gets(30, '/ann');
    const bob = await receiver.gets(30, '/bob');
    await new Promise((resolve) => setTimeout(resolve, 1_500));
    for (const house of both) await house.stop();
    await receiver.close();
    await database.drop();

    expect(taskIds(ann)).toEqual(expected);
    expect(taskIds(bob)).toEqual(expected);
    expect(receiver.deliveries).toHaveLength(60);
  });
});
