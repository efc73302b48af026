import { EventStore, type StoredEvent } from '#event-store';
import { Injectable } from '@nestjs/common';
import { Course } from '../domain/course.js';
import { patternTypeOf, type Key } from '../domain/key.js';
import { Past, type Happening } from '../domain/past.js';
import { patternIdOf } from '../domain/pattern-id.js';
import type { PatternEvent } from '../domain/pattern.events.js';
import { medianFor } from '../domain/served.js';
import { CaughtUp } from '../learn/caught-up.js';
import type { Behind, EvidencePage } from '../read-model/evidence-rows.js';
import { saidIn } from '../read-model/learner-events.js';
import { PastReader, type PatternThen } from '../read-model/past.reader.js';
import { asServed, type PatternRow } from '../read-model/pattern-rows.js';
import type { PatternResponse } from '../read-model/pattern.response.js';
import { Turns } from '../turns.js';
import { LogTimes } from './log-times.js';

/** A position in the log, or a time: RFC 3339 in UTC, in ms. */
export type AsOf = bigint | string;

/** Patterns as they were, worked out again from their evidence. No earlier state is kept. */
@Injectable()
export class LookBack {
  constructor(
    private readonly store: EventStore,
    private readonly times: LogTimes,
    private readonly caughtUp: CaughtUp,
    private readonly past: PastReader,
  ) {}

  /** The position that it stands for: the last one learned from, at most. */
  async until(asOf: AsOf): Promise<bigint> {
    const learned = await this.caughtUp.withOutcomes();
    if (typeof asOf === 'string') return this.times.lastBy(asOf, learned);

    return asOf < learned ? asOf : learned;
  }

  /** Null when it was not listed at that position. */
  async pattern(namespace: string, id: string, until: bigint): Promise<PatternResponse | null> {
    const was = await this.recall(namespace, id, until);

    return was && this.past.pattern(namespace, was);
  }

  /** Null when it was not listed at that position. */
  async behind(
    namespace: string,
    id: string,
    until: bigint,
    page: EvidencePage,
  ): Promise<Behind | null> {
    const was = await this.recall(namespace, id, until);

    return was && this.past.behind(namespace, was, page);
  }

  /** With how it came to be and changed by then; null when it was not listed at that position. */
  async course(
    namespace: string,
    id: string,
    until: bigint,
  ): Promise<{ readonly pattern: PatternResponse; readonly course: Course } | null> {
    const row = await this.past.ever(namespace, id);
    if (!row) return null;
    const course = new Course(row.id, row.pattern_type);
    const was = await this.recallRow(namespace, row, until, course);

    return was && { pattern: await this.past.pattern(namespace, was), course };
  }

  private async recall(namespace: string, id: string, until: bigint): Promise<PatternThen | null> {
    const row = await this.past.ever(namespace, id);

    return row && this.recallRow(namespace, row, until);
  }

  private async recallRow(
    namespace: string,
    row: PatternRow,
    until: bigint,
    course?: Course,
  ): Promise<PatternThen | null> {
    const past = await this.fold(namespace, row.key, until, course);
    const was = past.pattern(row.pattern_type);
    if (!was) return null;
    const usage = await this.past.usage(namespace, row.id, was.since.position, until);
    const last = usage.last > was.last.position ? usage.last : was.last.position;
    const updated_at = await this.times.of(last);
    const median = medianFor(row.key, past.state.histograms);

    return {
      row: { ...asServed(row, was.of, was), median, usage_count: usage.count, updated_at },
      state: past.state,
      until,
    };
  }

  private async fold(namespace: string, key: Key, until: bigint, course?: Course): Promise<Past> {
    const past = new Past(namespace, key, await this.past.errors(namespace, key, until));
    const turns = new Turns();
    const decided = await this.decided(namespace, key, until);
    for await (const stretch of this.past.happenings(namespace, key, until, decided)) {
      for (const one of stretch) {
        await turns.next();
        past.apply(one);
        course?.follow(one, past);
      }
    }

    return past;
  }

  /** What people decided of the patterns of a key, of either side: what is said of one moves the other. */
  private async decided(namespace: string, key: Key, until: bigint): Promise<Happening[]> {
    const [success, failure] = [
      patternIdOf(namespace, patternTypeOf(key, 'success'), key),
      patternIdOf(namespace, patternTypeOf(key, 'failure'), key),
    ];
    const events = await this.store.read(namespace, `pattern-${success}`, `pattern-${failure}`);

    return events
      .filter(({ position }) => position <= until)
      .map((event) => happeningOf(event as StoredEvent<PatternEvent>, key));
  }
}

function happeningOf(event: StoredEvent<PatternEvent>, key: Key): Happening {
  const { type, position, data, metadata } = event;
  const of = { position, patternId: data.pattern_id, key };
  switch (type) {
    case 'pattern.extracted':
      return { is: 'extraction', position };
    case 'pattern.feedback_given':
      return { is: 'feedback', ...of, actor: metadata.actor, said: saidIn(data) };
    case 'pattern.retired':
      return { is: 'retirement', ...of };
    case 'pattern.restored':
      return { is: 'restoration', ...of };
  }
}
