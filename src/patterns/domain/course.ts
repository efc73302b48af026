import { intervalOf, type Interval } from './confidence.js';
import type { Status } from './key-state.js';
import type { PatternType } from './key.js';
import type { Happening, Past } from './past.js';

/** How many steps of a long course are kept besides its turns: at most so many, at least half of it. */
const MOST_STEPS = 200;
/** How many turns are told of: the newest. */
const MOST_TURNS = 40;

/** What makes a step worth a mark: the gate, the watch, or what people said and did. */
export type Turn =
  'activation' | 'demotion' | 'found helpful' | 'found unhelpful' | 'retirement' | 'restoration';

/** How sure a pattern was. */
export interface Standing {
  readonly confidence: number;
  readonly interval: Interval;
  readonly status: Status;
}

/** A pattern after something that happened to it. */
export interface Step {
  /** How many executions had been counted for it by then, those taken back since among them. */
  readonly counted: number;
  /** Null while it was not listed. */
  readonly stood: Standing | null;
  readonly turn: Turn | null;
}

interface Kept extends Step {
  readonly nth: number;
}

/**
 * How a pattern came to be and changed, a step for each execution, revocation and word. Of a long
 * course every second, fourth, … step is kept, with the first, the last and the turns.
 */
export class Course {
  /** How many turns there were before those that are told of. */
  untold = 0;
  private kept: Kept[] = [];
  private latest: Kept | null = null;
  private turns = 0;
  private stride = 1;
  private executions = 0;

  constructor(
    private readonly id: string,
    private readonly side: PatternType,
  ) {}

  /** How many executions were counted for it, those taken back since among them. */
  get counted(): number {
    return this.executions;
  }

  /** Oldest first. */
  get steps(): readonly Step[] {
    return this.latest ? [...this.kept, this.latest] : [];
  }

  /** @param past what became of its key by `one`, in the order of the log */
  follow(one: Happening, past: Past): void {
    if (!this.isAbout(one)) return;
    if (one.is === 'evidence' && one.sign > 0) this.executions += 1;
    const stood = standingOf(past, this.side);
    const turn = stood && turnOf(one, this.latest, stood);
    // It begins when it is listed for the first time.
    if (stood ?? this.latest) this.add({ counted: this.executions, stood, turn });
  }

  private isAbout(one: Happening): boolean {
    switch (one.is) {
      case 'evidence':
        return one.isOwn;
      case 'extraction':
        return true;
      default:
        return one.patternId === this.id;
    }
  }

  private add(step: Step): void {
    const { latest } = this;
    if (latest && this.isKept(latest)) this.kept.push(latest);
    this.latest = { ...step, nth: latest ? latest.nth + 1 : 0 };
    if (step.turn !== null) this.turns += 1;
    if (this.turns > MOST_TURNS) this.tellOneLess();
    if (this.kept.length > MOST_STEPS + this.turns) {
      this.stride *= 2;
      this.kept = this.kept.filter((one) => this.isKept(one));
    }
  }

  private tellOneLess(): void {
    const oldest = this.kept.find(({ turn }) => turn !== null);
    this.kept = this.kept.map((one) => (one === oldest ? { ...one, turn: null } : one));
    this.turns -= 1;
    this.untold += 1;
  }

  private readonly isKept = ({ nth, turn }: Kept): boolean =>
    turn !== null || nth % this.stride === 0;
}

function standingOf(past: Past, side: PatternType): Standing | null {
  const found = past.pattern(side);

  return (
    found && { confidence: found.confidence, interval: intervalOf(found), status: found.status }
  );
}

function turnOf(one: Happening, was: Step | null, is: Standing): Turn | null {
  switch (one.is) {
    case 'feedback':
      return one.said.helpful ? 'found helpful' : 'found unhelpful';
    case 'retirement':
    case 'restoration':
      return one.is;
    default:
      // What was not listed begins as a candidate does.
      return concludedOn(was?.stood?.status ?? 'candidate', is.status);
  }
}

/** What the gate and the watch made of it; what is retired they do not touch. */
function concludedOn(was: Status, is: Status): Turn | null {
  if (was === 'candidate' && is === 'active') return 'activation';

  return was === 'active' && is === 'candidate' ? 'demotion' : null;
}
