import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { readGoldenLog } from '../../../bench/golden-log.js';
import type { Database } from '../../../src/database/index.js';
import type { CaughtUp } from '../../../src/patterns/learn/caught-up.js';
import { LogTimes } from '../../../src/patterns/look-back/log-times.js';
import { LookBack } from '../../../src/patterns/look-back/look-back.js';
import type { Behind } from '../../../src/patterns/read-model/evidence-rows.js';
import { EvidenceReader } from '../../../src/patterns/read-model/evidence.reader.js';
import { NOW } from '../../../src/patterns/read-model/learner.js';
import { PastReader } from '../../../src/patterns/read-model/past.reader.js';
import { PatternReader } from '../../../src/patterns/read-model/pattern.reader.js';
import type {
  PatternChange,
  PatternResponse,
} from '../../../src/patterns/read-model/pattern.response.js';
import { openDatabase, type OpenDatabase } from '../../support/open-database.js';
import { GoldenTables } from './golden-tables.js';
import { LogTables } from './log-tables.js';
import { MadeWishes } from './made-wishes.js';

const EVERYTHING = { after: '0', limit: 10_000 };
const EVER = { after: 0, limit: 10_000 };
const ANY = {
  matching: null,
  patternType: null,
  statuses: ['candidate', 'active', 'retired'] as const,
  minConfidence: 0,
  isFlagged: null,
  parent: null,
};

/** What the plain readers said when the log ended at a position. */
interface Then {
  readonly position: bigint;
  readonly patterns: ReadonlyMap<string, PatternResponse>;
  /** Of some of them. */
  readonly behind: ReadonlyMap<string, Behind | null>;
  readonly history: ReadonlyMap<string, readonly PatternChange[]>;
}

/** Of all that could be compared every so manieth is: it takes long. */
const STRIDE = 8;

/** Goes through a log in so short steps that much is taken back in a later one than it was counted. */
class SlowReader extends PastReader {
  protected override readonly most = 60;
}

/** Asks the plain readers while a log grows, and looks back on it. */
class Witness {
  readonly seen: Then[] = [];
  readonly lookBack: LookBack;
  readonly times: LogTimes;
  private readonly patterns: PatternReader;
  private readonly evidence: EvidenceReader;

  constructor(
    database: Database,
    private readonly tables: LogTables,
    past: PastReader,
  ) {
    const { store } = tables;
    const caughtUp = { withOutcomes: () => store.head() } as unknown as CaughtUp;
    this.patterns = new PatternReader(database);
    this.evidence = new EvidenceReader(database);
    this.times = new LogTimes(store);
    this.lookBack = new LookBack(store, this.times, caughtUp, past);
  }

  /** What is listed now, and of some of it all that is behind it. */
  async look(): Promise<PatternResponse[]> {
    const { namespace, store } = this.tables;
    const patterns = await this.patterns.list(namespace, ANY, null, 10_000);
    const behind = new Map<string, Behind | null>();
    const history = new Map<string, PatternChange[]>();
    for (const id of this.some(patterns.map(({ pattern_id }) => pattern_id))) {
      behind.set(id, await this.evidence.behind(namespace, id, EVERYTHING));
      history.set(id, await this.evidence.history(namespace, id, EVER, NOW));
    }
    this.seen.push({
      position: await store.head(),
      patterns: new Map(patterns.map((pattern) => [pattern.pattern_id, pattern])),
      behind,
      history,
    });

    return patterns;
  }

  /** Looks back on what was seen, and on what was not there then: which kinds, and in which status. */
  async compare(): Promise<string[]> {
    const { namespace } = this.tables;
    const ever = [...new Set(this.seen.flatMap(({ patterns }) => [...patterns.keys()]))];
    const compared: string[] = [];
    for (const [nth, { position, patterns, behind, history }] of this.seen.entries()) {
      for (const id of this.some(ever, nth)) {
        const was = patterns.get(id) ?? null;
        expect(await this.lookBack.pattern(namespace, id, position)).toEqual(was);
        compared.push(...told(was));
      }
      for (const [id, was] of behind) {
        expect(await this.lookBack.behind(namespace, id, position, EVERYTHING)).toEqual(was);
      }
      for (const [id, was] of history) {
        expect(await this.evidence.history(namespace, id, EVER, position)).toEqual(was);
      }
    }

    return [...new Set(compared)].sort();
  }

  /** Others each time. */
  private readonly some = (ids: readonly string[], turn = this.seen.length): string[] =>
    ids.toSorted().filter((_, nth) => (nth + turn) % STRIDE === 0);
}

function told(was: PatternResponse | null): string[] {
  if (!was) return ['none'];
  const [kind = ''] = was.definition;

  return [`${kind} ${was.status}`, ...(was.uplift ? [`${kind} with uplift`] : [])];
}

const kindsIn = (compared: readonly string[]): Set<string> =>
  new Set(compared.map((one) => one.split(' ', 1).join()));

describe('The golden log', () => {
  let opened: OpenDatabase;
  let witness: Witness;

  beforeAll(async () => {
    opened = await openDatabase();
    const tables = new GoldenTables(opened.database);
    witness = new Witness(opened.database, tables, new PastReader(opened.database));
    const { steps } = await readGoldenLog('test/fixtures/golden-learner');
    const cuts = [7, 41, 150, 500, 1_200, 2_000, steps.length];
    for (const [nth, cut] of cuts.entries()) {
      await tables.append(steps.slice(cuts[nth - 1] ?? 0, cut));
      await tables.learn();
      await witness.look();
    }
  });
  afterAll(() => opened.close());

  it('gives as of a position what it gave when it ended there, in every field', async () => {
    const compared = await witness.compare();

    expect(kindsIn(compared).size).toBe(9);
    expect(compared).toEqual(
      expect.arrayContaining(['none', 'prefix active', 'agent_type active', 'extracted active']),
    );
  });
});

describe('A log with all that can happen to patterns', () => {
  const NAMESPACE = 'made';
  const [ROUNDS, EVENTS] = [24, 25];
  let opened: OpenDatabase;
  let tables: LogTables;
  let witness: Witness;

  beforeAll(async () => {
    opened = await openDatabase();
    tables = new LogTables(opened.database, NAMESPACE);
    witness = new Witness(opened.database, tables, new SlowReader(opened.database));
    const wishes = new MadeWishes(NAMESPACE, 3);
    let listed: PatternResponse[] = [];
    for (let round = 0; round < ROUNDS; round += 1) {
      await tables.write(Array.from({ length: EVENTS }, () => wishes.next(listed)));
      await tables.learn();
      listed = await witness.look();
    }
  });
  afterAll(() => opened.close());

  it('gives as of a position what it gave when it ended there, in every field', async () => {
    const compared = await witness.compare();

    expect(kindsIn(compared).size).toBe(12);
    expect(compared).toEqual(
      expect.arrayContaining([
        'none',
        'extracted candidate',
        'agent active',
        'agent_type active',
        'agent_type retired',
        'faster active',
        'faster candidate',
        'faster retired',
        'cheaper candidate',
        'type_signature active',
        'type_signature retired',
        'type_tag retired',
        'extracted with uplift',
        'type_tag with uplift',
      ]),
    );
  });

  it('ends for a time with the last event that was recorded by then', async () => {
    const head = await tables.store.head();
    const { lookBack, times } = witness;
    for (let position = 1n; position <= head; position += 37n) {
      const time = await times.of(position);
      const [last] = await opened.database.within(NAMESPACE, (sql) =>
        sql.query<{ position: string }>(
          `select max(event.position) as position from es.event as event
            where event.namespace = $1 and es.iso(event.recorded_at) <= $2`,
          [NAMESPACE, time],
        ),
      );
      expect(String(await lookBack.until(time))).toBe(last?.position);
    }

    expect(await lookBack.until('0001-01-01T00:00:00.000Z')).toBe(0n);
    expect(await lookBack.until('9999-12-31T23:59:59.999Z')).toBe(head);
    expect(await lookBack.until(head + 1n)).toBe(head);
    expect(await lookBack.until(3n)).toBe(3n);
  });
});
