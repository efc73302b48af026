import type { Concluded, Moment } from './conclusions.js';
import { count, type Counted } from './key-state.js';
import {
  ancestorsOf,
  isMeasured,
  isSignature,
  ROOT,
  signatureIn,
  taskTypeIn,
  taskTypeOf,
  type Key,
  type PatternType,
} from './key.js';
import { LearnerState } from './learner-state.js';
import { Learner, type Decision } from './learner.js';
import { served, shareKeysOf } from './served.js';

/** What happened to a key, to what it rests on, or to its patterns. */
export type Happening = { readonly position: bigint } & (Decision | Extraction | Reckoning);

interface Extraction {
  readonly is: 'extraction';
}

/** An execution was counted, or taken back. */
interface Reckoning {
  readonly is: 'evidence';
  readonly evidence: Counted;
  readonly sign: 1 | -1;
  /** Whether it counts for the key itself. */
  readonly isOwn: boolean;
  /** Those of the keys it rests on for which it counts: all of them when it counts for itself. */
  readonly others: readonly Key[];
}

/** The keys whose counts the pattern of a key rests on, besides its own; for a median all of its type. */
export function restsOn(key: Key): Key[] {
  if (isSignature(key)) return [ROOT, ...shareKeysOf(key)];
  if (isMeasured(key)) return [['type', taskTypeOf(key) ?? ''], ...ancestorsOf(key)];

  return ancestorsOf(key);
}

/**
 * The pattern of one key as it once was: the learner again, over the evidence of this key. Of the keys
 * that it rests on counts are enough: whatever touches a key touches all that it rests on, so their
 * rates are settled in the same moment, and nothing else of them matters to it.
 */
export class Past {
  readonly state: LearnerState;
  private readonly learner: Learner;
  private readonly ancestors: readonly Key[];
  /** What a regex finds counts from the beginning, and is a pattern from when it was asked for. */
  private isPattern: boolean;

  /** @param errors of a signature's key: how many failures of all tasks showed it by then */
  constructor(
    namespace: string,
    private readonly key: Key,
    errors: number,
  ) {
    this.state = new LearnerState(namespace);
    if (isSignature(key)) this.state.signatures.set(signatureIn(key), errors);
    this.learner = new Learner(this.state, () => false);
    this.ancestors = ancestorsOf(key);
    this.isPattern = key[0] !== 'extracted';
  }

  /** In the order of the log. */
  apply(one: Happening): void {
    const moment = { position: one.position, ...UNTOLD };
    switch (one.is) {
      case 'evidence':
        this.reckon(one, moment);
        break;
      case 'extraction':
        if (this.isPattern) break;
        this.isPattern = true;
        this.conclude(null, moment);
        break;
      default:
        this.learner.decide(one, moment);
    }
  }

  /** The key's pattern on one side, as it stands by now; null when it is not listed. */
  pattern(side: PatternType): Concluded | null {
    const of = this.state.key(this.key);
    if (of.noted?.side !== side) return null;
    const now = served(this.state, of);
    const concluded = this.learner.patterns.get(now.patternId);

    // Concluded on or not: the share of an error moves without it.
    return concluded ? { ...concluded, ...now } : null;
  }

  private reckon({ evidence, sign, isOwn, others }: Reckoning, moment: Moment): void {
    for (const key of others) count(this.state.key(key), evidence, sign);
    if (isMeasured(this.key) && others.length > 0) {
      this.state.countValues(taskTypeIn(others), evidence.measures, sign);
    }
    if (!isOwn) return;
    this.learner.countFor(this.key, evidence, sign);
    this.conclude(sign > 0 ? evidence : null, moment);
  }

  private conclude(executed: Counted | null, moment: Moment): void {
    if (this.isPattern) this.learner.concludeOn(this.key, this.ancestors, executed, moment);
  }
}

/** Nobody is told of what is worked out again. */
const UNTOLD: Omit<Moment, 'position'> = { at: '', cause: '' };
