import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { Database } from '../../../src/database/index.js';
import { NotificationReader } from '../../../src/relay/read-model/notification.reader.js';
import { eventually } from '../../support/app.js';
import { Listener, type Heard } from './listener.js';
import { startRelay, type RelayHouse } from './relay-house.js';

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-5[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/;
const NOBODY = '00000000-0000-4000-8000-000000000000';

const taskIds = (heard: readonly Heard[]): unknown[] => heard.map(({ data }) => data.data.task_id);

describe('A stream of events', () => {
  let house: RelayHouse;
  const listeners: Listener[] = [];

  beforeAll(async () => {
    house = await startRelay();
  });
  afterAll(() => house.stop());

  const listen = async (
    namespace: string,
    asked?: { query?: string; lastId?: string },
  ): Promise<Listener> => {
    const listener = await Listener.open(house.url, namespace, asked);
    listeners.push(listener);
    return listener;
  };

  it('tells a story as CloudEvents, in order, from the moment it is opened', async () => {
    await house.remember('story', 'before');
    const before = await listen('story', { lastId: NOBODY });
    const [told] = await before.hears(1);
    await before.leave();

    const listener = await listen('story');
    const memoryId = await house.remember('story', 'first');
    const [, context] = await house.ask('story', 'GET', '/memory/tasks/first/context');
    const heard = await listener.hears(2);
    await listener.leave();

    expect(told?.data.data.task_id).toBe('before');
    expect(listener.answer.headers.get('content-type')).toBe('text/event-stream; charset=utf-8');
    expect(listener.answer.headers.get('cache-control')).toContain('no-cache');
    expect(listener.answer.headers.get('content-encoding')).toBeNull();
    expect(listener.answer.headers.get('x-request-id')).not.toBeNull();
    expect(listener.retry).toBe('2000');
    const [stored, suggested] = heard;
    expect(stored).toEqual({
      id: expect.stringMatching(UUID),
      event: 'memory.stored',
      data: {
        specversion: '1.0',
        id: stored?.id,
        source: 'urn:omoi:memory',
        type: 'memory.stored',
        subject: memoryId,
        time: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/),
        datacontenttype: 'application/json',
        data: { memory_id: memoryId, task_id: 'first', success: true, has_embedding: false },
        namespace: 'story',
        position: expect.stringMatching(/^\d+$/),
        correlationid: expect.any(String),
        causationid: expect.any(String),
        schemaversion: 1,
      },
    });
    expect(suggested).toMatchObject({
      event: 'memory.context.suggested',
      data: {
        subject: context.suggestion_id,
        data: {
          suggestion_id: context.suggestion_id,
          task_id: 'first',
          similar_count: context.similar_tasks.length,
          pattern_count: 0,
        },
      },
    });
    for (const { data } of heard) {
      const extensions = Object.keys(data).filter((name) => !/^[a-z0-9]{1,20}$/.test(name));
      expect(extensions).toEqual([]);
      expect(Object.values(data)).not.toContain(null);
    }
    expect(new Set(heard.map(({ id }) => id)).size).toBe(heard.length);
  });

  it('goes on where it was left, without loss or repetition', async () => {
    const all = await listen('resumed');
    for (let n = 0; n < 12; n += 1) await house.remember('resumed', `t-${String(n)}`);
    const heard = await all.hears(12);
    const [fifth, last] = [heard[4]?.id ?? '', heard[11]?.id ?? ''];

    const byHeader = await listen('resumed', { lastId: fifth });
    const byQuery = await listen('resumed', { query: `?last_event_id=${fifth.toUpperCase()}` });
    const headerFirst = await listen('resumed', { lastId: last, query: `?last_event_id=${fifth}` });
    const unknown = await listen('resumed', { lastId: NOBODY });
    await house.remember('resumed', 't-12');
    const expected = Array.from({ length: 13 }, (_, n) => `t-${String(n)}`);

    expect(taskIds(await byHeader.hears(8))).toEqual(expected.slice(5));
    expect(taskIds(await byQuery.hears(8))).toEqual(expected.slice(5));
    expect(taskIds(await headerFirst.hears(1))).toEqual(expected.slice(12));
    expect(taskIds(await unknown.hears(13))).toEqual(expected);
    expect(taskIds(await all.hears(13))).toEqual(expected);
    for (const listener of [all, byHeader, byQuery, headerFirst, unknown]) await listener.leave();
  });

  it('keeps tenants apart, also when one knows the id of another', async () => {
    const [ann, bob] = [await listen('ann'), await listen('bob')];
    await house.remember('ann', 'of-ann');
    await house.remember('bob', 'of-bob');
    await house.remember('ann', 'of-ann-too');
    const [first] = await ann.hears(2);
    await bob.hears(1);
    const curious = await listen('bob', { lastId: first?.id ?? '' });

    expect(taskIds(ann.heard)).toEqual(['of-ann', 'of-ann-too']);
    expect(taskIds(bob.heard)).toEqual(['of-bob']);
    expect(taskIds(await curious.hears(1))).toEqual(['of-bob']);
    for (const listener of [ann, bob, curious]) await listener.leave();
  });

  it('tells of some types alone when asked, and goes on after those', async () => {
    const types = '?types=memory.context.suggested&types=memory.pattern.demoted';
    const listener = await listen('filtered', { query: types });
    await house.remember('filtered', 't-1');
    await house.ask('filtered', 'GET', '/memory/tasks/t-1/context');
    await house.remember('filtered', 't-2');
    await house.ask('filtered', 'GET', '/memory/tasks/t-2/context');
    const heard = await listener.hears(2);
    await listener.leave();

    expect(heard.map(({ event }) => event)).toEqual(Array(2).fill('memory.context.suggested'));
    expect(taskIds(heard)).toEqual(['t-1', 't-2']);
  });

  it('refuses before it begins what is not right, by name', async () => {
    const stream = '/events/stream';
    const badTypes = await house.ask('ann', 'GET', `${stream}?types=memory.forgotten`);
    const badId = await house.ask('ann', 'GET', `${stream}?last_event_id=seven`);
    const unknown = await house.ask('ann', 'GET', `${stream}?since=0`);
    const badHeader = await Listener.open(house.url, 'ann', { lastId: 'seven' });
    const badNamespace = await house.ask('an/n', 'GET', stream);

    expect([badTypes[0], badTypes[1].errors[0].field]).toEqual([422, 'types.0']);
    expect([badId[0], badId[1].errors[0].field]).toEqual([422, 'last_event_id']);
    expect([unknown[0], unknown[1].errors[0].field]).toEqual([422, 'since']);
    expect(badHeader.answer.status).toBe(400);
    expect(badHeader.answer.headers.get('content-type')).toContain('application/problem+json');
    expect(badNamespace[0]).toBe(400);
    expect((await house.ask('ann', 'POST', stream))[0]).toBe(405);
    const head = await fetch(`${house.url}${stream}`, { method: 'HEAD' });
    expect([head.status, await head.text()]).toEqual([200, '']);
  });

  it('begins with the oldest that is kept for who was away too long', async () => {
    const listener = await listen('swept');
    for (const task of ['t-1', 't-2', 't-3']) await house.remember('swept', task);
    const [first] = await listener.hears(3);
    await listener.leave();
    await house.app
      .get(Database)
      .as('omoi_owner', (sql) =>
        sql.query('delete from es.notification as gone where gone.id = $1', [first?.id]),
      );
    const late = await listen('swept', { lastId: first?.id ?? '' });

    expect(taskIds(await late.hears(2))).toEqual(['t-2', 't-3']);
    await late.leave();
  });

  it('says how many are too many, and lets others in when some have left', async () => {
    const refusal = async (namespace: string): Promise<unknown[]> => {
      const headers = { 'x-namespace': namespace };
      const answer = await fetch(`${house.url}/events/stream`, { headers });
      const { code } = (await answer.json()) as { code: string };
      return [answer.status, answer.headers.get('retry-after'), code];
    };
    const crowdOf = (namespace: string): Promise<Listener[]> =>
      Promise.all(Array.from({ length: 100 }, () => listen(namespace)));
    const first = await crowdOf('crowd');
    expect(await refusal('crowd')).toEqual([503, '2', 'events.too_many_of_namespace']);
    const crowd = [...first, ...(await crowdOf('others')), ...(await crowdOf('more'))];
    expect(await refusal('nobody')).toEqual([503, '2', 'events.too_many_streams']);
    await house.remember('crowd', 'heard-by-all');

    expect(new Set(crowd.map(({ answer }) => answer.status))).toEqual(new Set([200]));
    await Promise.all(first.map((listener) => listener.hears(1)));
    await Promise.all(crowd.map((listener) => listener.leave()));
    const again = await eventually(
      () => Listener.open(house.url, 'crowd'),
      ({ answer }) => answer.status === 200,
    );
    await again.leave();
  });
});

describe('A stream on which nothing happens', () => {
  it('says that it is alive, and ends when the service stops', async () => {
    const house = await startRelay({ heartbeat: 30 });
    const listener = await Listener.open(house.url, 'quiet');
    await eventually(
      () => Promise.resolve(listener.comments.length),
      (count) => count >= 3,
    );
    const begin = performance.now();
    const stopping = house.stop();
    await listener.ended;
    const took = performance.now() - begin;
    await stopping;

    expect(new Set(listener.comments)).toEqual(new Set([':']));
    expect(listener.heard).toEqual([]);
    expect(took).toBeLessThan(8_000);
  });
});

describe('A reader who takes nothing', () => {
  it('is not gathered for, and is let go', async () => {
    const house = await startRelay({ patience: 1_000, heartbeat: 100 });
    const { hostname, port } = new URL(house.url);
    const accepted = once(house.app.getHttpServer(), 'connection');
    const socket = connect(Number(port), hostname);
    socket.on('error', () => undefined);
    const closed = new Promise((resolve) => socket.once('close', resolve));
    socket.write(
      `GET /api/v1/events/stream?last_event_id=${NOBODY} HTTP/1.1\r\nHost: localhost\r\nX-Namespace: slow\r\n\r\n`,
    );
    socket.pause();
    const [served] = (await accepted) as [Socket];
    const letGo = once(served, 'close');
    await house.remember('slow', 'first');
    const reading = jest.spyOn(house.app.get(NotificationReader, { strict: false }), 'page');
    // Eighty megabytes: more than the buffers of the network take.
    await house.app.get(Database).as('omoi_owner', (sql) =>
      sql.query(
        `with head as (
           update es.notification_head as head set number = head.number + 20000
           returning head.number - 20000 as before
         )
         insert into es.notification
                (number, id, namespace, type, subject, position, at, correlation_id, causation_id,
                 data)
         select head.before + nth, gen_random_uuid(), 'slow', 'memory.stored', 'x', 1, now(), 'x',
                gen_random_uuid(), jsonb_build_object('filler', repeat('x', 4000))
           from head, generate_series(1, 20000) as nth`,
      ),
    );
    await letGo;
    const pages = reading.mock.calls.length;
    socket.resume();
    await closed;
    await house.stop();

    expect(pages).toBeGreaterThan(0);
    expect(pages).toBeLessThan(150);
  });
});
