import { decideOn, EventStore, execute } from '#event-store';
import { Clock, type Caller } from '#kernel';
import { Injectable } from '@nestjs/common';
import { unknownPattern } from '../domain/pattern.errors.js';
import { pattern } from '../domain/pattern.js';
import { CaughtUp } from '../learn/caught-up.js';
import { PatternReader } from '../read-model/pattern.reader.js';

interface Decision {
  readonly do: 'retire' | 'restore';
  readonly reason: string | null;
}

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
    const at = this.clock.now().toISOString();
    const place = { namespace: caller.namespace, stream: `pattern-${id}` as const };
    const keys = caller.key ? [caller.key] : [];
    const wish = { caller, keys, result: { id }, causationId: null };
    const { repeated, position } = await execute(this.store, wish, async () => {
      await this.mustBeThere(caller.namespace, id);
      return [await decideOn(this.store, place, pattern, { ...decision, id, at })];
    });
    await this.caughtUp.until(position);

    return repeated;
  }

  private async mustBeThere(namespace: string, id: string): Promise<void> {
    await this.caughtUp.now();
    if (!(await this.patterns.one(namespace, id))) throw unknownPattern(id);
  }
}
