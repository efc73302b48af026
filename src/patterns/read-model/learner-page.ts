import type { StoredEvent } from '#event-store';
import type { Moment } from '../domain/conclusions.js';
import type { Evidence } from '../domain/key-state.js';
import type { Key } from '../domain/key.js';
import type { LearnerState } from '../domain/learner-state.js';
import { Learner } from '../domain/learner.js';
import { isFound } from '../regex.js';
import type { DatedEvidence } from './evidence.table.js';
import { executionOf, momentOf, saidIn, type Folded, type Of } from './learner-events.js';

/** Some events of one namespace being folded into the part of the state that they touch. */
export class LearnerPage {
  readonly learner: Learner;
  readonly added: DatedEvidence[] = [];
  /** When memories were taken back, by memory. */
  readonly revoked = new Map<string, bigint>();
  /** What people said, by pattern and by who said it. */
  readonly spoken = new Map<string, Map<string, Moment>>();
  /** The patterns that were retired or restored. */
  readonly retired: string[] = [];
  private readonly evidence: Map<string, Evidence>;

  constructor(
    readonly state: LearnerState,
    revocable: readonly Evidence[],
    /** The key of a pattern that people speak of, when it was ever listed. */
    private readonly keyOf: (patternId: string) => Key | undefined,
  ) {
    this.learner = new Learner(state, isFound);
    this.evidence = new Map(revocable.map((one) => [one.memoryId, one]));
  }

  apply(event: StoredEvent<Folded>): void {
    switch (event.type) {
      case 'memory.execution_stored':
        this.learn(event);
        break;
      case 'memory.revoked':
      case 'memory.erased':
        this.revoke(event);
        break;
      case 'pattern.feedback_given':
        this.hear(event);
        break;
      case 'pattern.retired':
      case 'pattern.restored':
        this.retire(event);
        break;
    }
  }

  private learn(event: Of<'memory.execution_stored'>): void {
    if (!event.data.auto_extract_patterns) return;
    const evidence = this.learner.learn(executionOf(event), momentOf(event));
    this.evidence.set(evidence.memoryId, evidence);
    this.added.push({ evidence, at: event.data.occurred_at });
  }

  private revoke(event: Of<'memory.revoked' | 'memory.erased'>): void {
    const { memory_id: id } = event.data;
    const evidence = this.evidence.get(id);
    if (!evidence) return;
    this.evidence.delete(id);
    this.revoked.set(id, event.position);
    this.learner.forget(evidence, momentOf(event));
  }

  private hear(event: Of<'pattern.feedback_given'>): void {
    const { pattern_id: id } = event.data;
    const key = this.keyOf(id);
    if (!key) return;
    const said = saidIn(event.data);
    const who = this.learner.hear(id, key, event.metadata.actor, said, momentOf(event));
    const words = this.spoken.get(id) ?? new Map<string, Moment>();
    this.spoken.set(id, words.set(who, words.get(who) ?? momentOf(event)));
  }

  private retire(event: Of<'pattern.retired' | 'pattern.restored'>): void {
    const { pattern_id: id } = event.data;
    const key = this.keyOf(id);
    if (!key) return;
    if (event.type === 'pattern.retired') this.learner.retire(id, key, momentOf(event));
    else this.learner.restore(id, key, momentOf(event));
    this.retired.push(id);
  }
}
