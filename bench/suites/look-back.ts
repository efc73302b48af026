import { CqrsModule } from '@nestjs/cqrs';
import ormOptions from '../../mikro-orm.config.js';
import { ConfigModule } from '../../src/config/index.js';
import { DatabaseModule } from '../../src/database/index.js';
import {
  EventCatalog,
  EventStore,
  EventStoreModule,
  Followers,
} from '../../src/event-store/index.js';
import { memoryEvents } from '../../src/memory/domain/memory.events.js';
import { PatternsModule } from '../../src/patterns/index.js';
import { LookBack } from '../../src/patterns/look-back/look-back.js';
import { LEARNER } from '../../src/patterns/read-model/learner.js';
import { PatternReader } from '../../src/patterns/read-model/pattern.reader.js';
import { withFreshDatabase } from '../database.js';
import { executionsStored, NAMESPACE } from '../made-events.js';
import { percentile } from '../metrics.js';
import { OwnLog } from '../own-log.js';
import { goThrough } from '../progress.js';
import { withRooms, type Rooms } from '../rooms.js';
import { NONE, timed, type Outcome, type Suite } from '../suite.js';

const EXECUTIONS = 100_000;
const TOGETHER = 1_000;
const PATIENCE_MS = 3_600_000;
/** At each tenth of the log. */
const PLACES = 10;
const ANYTHING = {
  matching: null,
  patternType: null,
  statuses: ['candidate', 'active'],
  minConfidence: 0,
  isFlagged: null,
  parent: null,
} as const;

/** Whoever learns, and nobody else. */
const LEARNING: Rooms = (settings) => [
  ConfigModule.with(settings),
  DatabaseModule.with(ormOptions),
  CqrsModule.forRoot(),
  EventStoreModule,
  PatternsModule,
];

/** How long does an earlier pattern take after 100,000 executions, and how long does it take to learn from them? */
export const lookBack: Suite = {
  records: 'generated',
  bars: () => ({}),

  run: () =>
    withFreshDatabase(({ name, env }) =>
      withRooms(env, LEARNING, async (house): Promise<Outcome> => {
        house.get(EventCatalog).add(memoryEvents);
        const log = new OwnLog(house.get(EventStore));
        const start = performance.now();
        const pages = Array.from({ length: EXECUTIONS / TOGETHER }, (_, page) => page);
        await goThrough('Storing', pages, (page) =>
          log.append(executionsStored(TOGETHER, TOGETHER * page)),
        );
        const head = await house.get(EventStore).head();
        await house.get(Followers).mustHavePassed(head, [LEARNER], PATIENCE_MS);
        const learnedMs = performance.now() - start;

        const [widest] = (await house.get(PatternReader).all(NAMESPACE, ANYTHING)).toSorted(
          (a, b) => counted(b) - counted(a),
        );
        const latencies: number[] = [];
        const places = Array.from({ length: PLACES }, (_, at) => (head * BigInt(at + 1)) / 10n);
        await goThrough('Looking back', places, (place) =>
          timed(latencies, () =>
            house.get(LookBack).pattern(NAMESPACE, widest?.pattern_id ?? '', place),
          ),
        );

        return {
          n: EXECUTIONS,
          metrics: {
            executions_of_the_pattern: widest ? counted(widest) : 0,
            as_of_p50_ms: percentile(latencies, 50),
            as_of_max_ms: Math.max(...latencies),
            stored_and_learned_ms_per_execution: learnedMs / EXECUTIONS,
          },
          slices: {},
          latencies,
          modelKey: NONE,
          database: name,
        };
      }),
    ),
};

const counted = ({
  evidence,
}: {
  readonly evidence: { readonly successes: number; readonly failures: number };
}): number => evidence.successes + evidence.failures;
