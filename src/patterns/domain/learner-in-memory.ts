import type { Change, Concluded, Moment } from './conclusions.js';
import type { Evidence } from './key-state.js';
import type { ExtractedKey } from './key.js';
import { LearnerState } from './learner-state.js';
import { Learner, type Decision, type Execution } from './learner.js';

/** What the learner reads of the log. */
export type Learned =
  | { readonly is: 'execution'; readonly execution: Execution }
  | { readonly is: 'revocation'; readonly memoryId: string }
  | { readonly is: 'extraction'; readonly key: ExtractedKey }
  | Decision;

/** The twin of the learner's tables: a whole log of one namespace, learned from in memory. */
export class LearnerInMemory {
  readonly state: LearnerState;
  /** What was not taken back, by memory. */
  readonly evidence = new Map<string, Evidence>();
  private readonly learner: Learner;

  constructor(namespace: string, finds: (regex: string, line: string) => boolean) {
    this.state = new LearnerState(namespace);
    this.learner = new Learner(this.state, finds);
  }

  /** Everything that was worth noting so far. */
  get changes(): readonly Change[] {
    return this.learner.changes;
  }

  /** Every pattern that was ever listed, as it was last concluded on, by its id. */
  get patterns(): ReadonlyMap<string, Concluded> {
    return this.learner.patterns;
  }

  apply(event: Learned, moment: Moment): void {
    switch (event.is) {
      case 'execution': {
        const evidence = this.learner.learn(event.execution, moment);
        this.evidence.set(evidence.memoryId, evidence);
        break;
      }
      case 'revocation':
        this.revoke(event.memoryId, moment);
        break;
      case 'extraction':
        this.extract(event.key, moment);
        break;
      default:
        this.learner.decide(event, moment);
    }
  }

  private revoke(memoryId: string, moment: Moment): void {
    const evidence = this.evidence.get(memoryId);
    if (!evidence) return;
    this.evidence.delete(memoryId);
    this.learner.forget(evidence, moment);
  }

  private extract(key: ExtractedKey, moment: Moment): void {
    if (!this.learner.beginExtracting(key)) return;
    for (const [id, one] of this.evidence) {
      if (!this.learner.alsoCounts(key, one)) continue;
      this.evidence.set(id, { ...one, keys: [...one.keys, key] });
    }
    this.learner.endExtracting(key, moment);
  }
}
