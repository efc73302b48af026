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
      events.push(...(await this.first(most + 1 - events.length, type, namespace, position)));
    }
    if (events.length > most) return null;
    events.sort((a, b) => Number(a.position - b.position));

    return { position, events: events.map(triedIn) };
  }

  /** The first of the events of a type, as many as are wanted at least, when there are. */
  private async first(
    wanted: number,
    type: Read['type'],
    namespace: string,
    until: bigint,
  ): Promise<Read[]> {
    const filter = { stream: null, type, since: null };
    const found: Read[] = [];
    for (let after = 0n; after < until && found.length < wanted;) {
      const page = await this.browser.browse(namespace, filter, after, PAGE);
      const events = page.map(({ event }) => event as StoredEvent<LearnerEvent> as Read);
      found.push(...events.filter((one) => one.position <= until && isLearnedFrom(one)));
      after = page.length < PAGE ? until : (events.at(-1)?.position ?? until);
    }

    return found;
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
