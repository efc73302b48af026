import { EventStore, textsOf, type StoredEvent } from '#event-store';
import { Clock, newId, type Caller } from '#kernel';
import { Injectable } from '@nestjs/common';
import { subjectErased } from '../domain/subject.js';

/** So many texts are looked at together. */
const PAGE = 200;

/** Whose texts, and up to where in the log. */
interface Whose {
  readonly caller: Caller;
  /** Null: of everybody. */
  readonly subject: string | null;
  readonly until: bigint;
}

/** The texts of a namespace that are still there, by who wrote them. */
@Injectable()
export class Texts {
  constructor(
    private readonly store: EventStore,
    private readonly clock: Clock,
  ) {}

  /** Their events, in log order. */
  async *pages({ caller, subject, until }: Whose): AsyncGenerator<StoredEvent[]> {
    let after = 0n;
    while (after < until) {
      const page = await this.store.readBy(caller.namespace, subject, after, PAGE);
      const due = page.filter(({ position }) => position <= until);
      if (due.length > 0) yield due;
      after = page.length < PAGE ? until : (page.at(-1)?.position ?? until);
    }
  }

  /** They go, all in one transaction; the name of a person stands nowhere in it. */
  async forget(caller: Caller, page: readonly StoredEvent[]): Promise<void> {
    const events = [subjectErased(page, this.clock.now().toISOString())];
    await this.store.append({
      caller,
      writes: [{ stream: `erasure-${newId()}`, expected: 0, events, forgets: textsOf(page) }],
      keys: [],
      result: {},
      causationId: null,
    });
  }
}
