import { EventStore, executeOn } from '#event-store';
import { Clock, type Caller } from '#kernel';
import { Injectable } from '@nestjs/common';
import { unknownPattern } from '../domain/pattern.errors.js';
import { pattern } from '../domain/pattern.js';
import { CaughtUp } from '../learn/caught-up.js';
import { PatternReader } from '../read-model/pattern.reader.js';

type Decision =
  { readonly do: 'retire'; readonly reason: string | null } | { readonly do: 'restore' };

/** What people decide about a pattern that is there. */
@Injectable()
export class PatternDecisions {
  constructor(
    private readonly store: EventStore,
    private readonly caughtUp: CaughtUp,
    private readonly patterns: PatternReader,
    private readonly clock: Clock,
  ) {}

  /** Whether it had been decided before. @throws DomainError `pattern.unknown` */
  async take(caller: Caller, id: string, decision: Decision): Promise<boolean> {
    await this.caughtUp.now();
    const found = await this.patterns.one(caller.namespace, id);
    if (!found) throw unknownPattern(id);
    const at = this.clock.now().toISOString();
    const { repeated, position } = await executeOn(
      this.store,
      { caller, stream: `pattern-${id}`, result: { id } },
      pattern,
      { ...decision, id, at },
    );
    await this.caughtUp.until(position);

    return repeated;
  }
}
