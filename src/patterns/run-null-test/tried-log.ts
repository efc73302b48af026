import { EventBrowser, EventStore, type StoredEvent } from '#event-store';
import { Injectable } from '@nestjs/common';
import type { Tried } from '../domain/shuffled.js';
import { executionOf, type LearnerEvent, type Of } from '../read-model/learner-events.js';

const PAGE = 500;

type Read = Of<'memory.execution_stored' | 'memory.revoked' | 'memory.erased'>;
const TYPES: readonly Read['type'][] = [
  'memory.execution_stored',
  'memory.revoked',
  'memory.erased',
];

/** The log of a namespace, up to a position. */
export interface TriedLog {
  readonly position: bigint;
  readonly events: readonly Tried[];
}

/** Reads what gates are about: the executions that are learned from, and which of them were taken back. */
@Injectable()
export class TriedLogs {
  constructor(
    private readonly store: EventStore,
    private readonly browser: EventBrowser,
  ) {}

  /** Null when more than `most` events would have to be held in memory. */
  async read(namespace: string, most: number): Promise<TriedLog | null> {
    const position = await this.store.head();
    const events: Read[] = [];
    for (const type of TYPES) {
      for await (const page of this.pages(namespace, type, position)) {
        events.push(...page.filter(isLearnedFrom));
        if (events.length > most) return null;
      }
    }
    events.sort((a, b) => Number(a.position - b.position));

    return { position, events: events.map(triedIn) };
  }

  private async *pages(
    namespace: string,
    type: Read['type'],
    until: bigint,
  ): AsyncGenerator<Read[]> {
    const filter = { stream: null, type, since: null };
    for (let after = 0n; after < until;) {
      const page = await this.browser.browse(namespace, filter, after, PAGE);
      const events = page.map(({ event }) => event as StoredEvent<LearnerEvent> as Read);
      yield events.filter(({ position }) => position <= until);
      after = page.length < PAGE ? until : (events.at(-1)?.position ?? until);
    }
  }
}

const isLearnedFrom = ({ type, data }: Read): boolean =>
  type !== 'memory.execution_stored' || data.auto_extract_patterns;

/** Without its words: no gate asks for them. */
function triedIn(event: Read): Tried {
  if (event.type !== 'memory.execution_stored') {
    return { is: 'revocation', memoryId: event.data.memory_id };
  }

  return {
    is: 'execution',
    execution: { ...executionOf(event), description: null, signature: null },
  };
}
