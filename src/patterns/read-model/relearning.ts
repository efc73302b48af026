import type { StoredEvent } from '#event-store';
import type { Moment } from '../domain/conclusions.js';
import { movedByWords, withoutWords } from '../domain/erasure.js';
import type { Evidence } from '../domain/key-state.js';
import { nameOf, ROOT, type ExtractedKey, type Key } from '../domain/key.js';
import { LearnerState } from '../domain/learner-state.js';
import type { Learner } from '../domain/learner.js';
import { isFound } from '../regex.js';
import { Turns } from '../turns.js';
import { EvidenceTable } from './evidence.table.js';
import { DECISIONS, extractedIn, is, type Folded, type LearnerEvent } from './learner-events.js';
import { LearnerPage } from './learner-page.js';
import { LearnerStateTable } from './learner-state.table.js';
import { PatternsTable } from './patterns.table.js';
import {
  isExtracted,
  keysOfSignatures,
  RelearnedKeys,
  type Happened,
  type Counted,
} from './relearned-keys.table.js';
import type { Writing } from './writing.js';

const PAGE = 5_000;

/** What happened besides executions: one was taken back, or somebody decided something. */
type Other = { readonly position: bigint } & (
  { readonly revoked: bigint } | { readonly decided: StoredEvent<LearnerEvent> }
);

/** An execution that may be taken back, or found by a regex that nobody has asked for yet. */
interface Kept {
  readonly evidence: Evidence;
  readonly linked: readonly Key[];
}

/**
 * Works some keys out anew, from the first execution on, as if words that were erased had never been
 * there. Errors and regexes are nobody's parents: besides themselves they rest on counts alone, so all
 * other keys stay as they are.
 */
export class Relearning {
  private readonly state: LearnerState;
  private readonly page: LearnerPage;
  private readonly learner: Learner;
  private readonly turns = new Turns();
  private readonly kept = new Map<bigint, Kept>();
  private readonly links: { key: Key; evidence: Evidence }[] = [];
  private readonly stripped: ReadonlyMap<bigint, Evidence>;

  private constructor(
    private readonly writing: Writing,
    private readonly namespace: string,
    private readonly keys: readonly Key[],
    private readonly table: RelearnedKeys,
    erased: readonly Evidence[],
  ) {
    this.state = new LearnerState(namespace);
    this.page = new LearnerPage(this.state, [], (id) => this.keyOf(id));
    this.learner = this.page.learner;
    this.stripped = new Map(erased.map((one) => [one.position, withoutWords(one)]));
  }

  /** What has to be worked out anew without the words of these executions; null when nothing has to. */
  static async without(
    writing: Writing,
    namespace: string,
    erased: readonly Evidence[],
    extracted: readonly ExtractedKey[],
  ): Promise<Relearning | null> {
    const moved = erased.flatMap((one) => movedByWords(one, extracted, isFound));
    const errors = await keysOfSignatures(writing.sql, namespace, signaturesOf(erased));
    const keys = [...new Map([...errors, ...moved].map((key) => [nameOf(key), key])).values()];
    if (keys.length === 0) return null;
    const table = new RelearnedKeys(writing.sql, namespace, keys);

    return new Relearning(writing, namespace, keys, table, erased);
  }

  /** @param until the last position that the tables have read; the words are out of them already */
  async run(until: bigint, signatures: readonly string[]): Promise<void> {
    await this.table.unlink([...this.stripped.keys()]);
    const others = await this.others(until);
    const when = await this.table.happened(others.map(({ position }) => position));
    for await (const page of this.pages()) {
      const touching = page.filter((one) => this.touches(this.linkedOf(one)));
      const learned = await this.table.happened(touching.map(({ evidence }) => evidence.position));
      for (const one of page) {
        await this.turns.next();
        this.applyBefore(one.evidence.position, others, when);
        this.learn(one, learned);
      }
    }
    this.applyBefore(until + 1n, others, when);
    await this.save(signatures);
  }

  private applyBefore(
    position: bigint,
    others: Other[],
    when: ReadonlyMap<bigint, Happened>,
  ): void {
    while (others[0] && others[0].position < position) this.apply(others.shift(), when);
  }

  private async others(until: bigint): Promise<Other[]> {
    const others: Other[] = await this.table.revocations();
    const part = { namespace: this.namespace, types: DECISIONS, until };
    for await (const page of this.writing.past.pages(part, PAGE)) {
      others.push(
        ...page.map((event) => ({
          position: event.position,
          decided: event as unknown as StoredEvent<LearnerEvent>,
        })),
      );
    }

    return others.sort((a, b) => (a.position < b.position ? -1 : 1));
  }

  private async *pages(): AsyncGenerator<Counted[]> {
    let page = await this.table.page(0n, PAGE);
    while (page.length > 0) {
      yield page;
      page = await this.table.page(page.at(-1)?.evidence.position ?? 0n, PAGE);
    }
  }

  private linkedOf({ evidence }: Counted): Key[] {
    const bare = this.stripped.get(evidence.position);
    const found = bare
      ? this.keys.filter(isExtracted).filter(([, , regex]) => isFound(regex, bare.line))
      : [];

    return [...evidence.keys, ...found];
  }

  private learn(counted: Counted, when: ReadonlyMap<bigint, Happened>): void {
    const linked = this.linkedOf(counted);
    const begun = this.state.extracted().map(nameOf);
    const keys = linked.filter((key) => !isExtracted(key) || begun.includes(nameOf(key)));
    const evidence = { ...counted.evidence, keys };
    this.learner.add(evidence, momentAt(evidence.position, when), this.concluded(keys));
    this.note(evidence, keys);
    if (counted.revokedAt !== null || keys.length < linked.length) {
      this.kept.set(evidence.position, { evidence, linked });
    }
  }

  private apply(other: Other | undefined, when: ReadonlyMap<bigint, Happened>): void {
    if (!other) return;
    const moment = momentAt(other.position, when);
    if ('revoked' in other) {
      const kept = this.kept.get(other.revoked);
      this.kept.delete(other.revoked);
      if (kept) this.learner.forget(kept.evidence, moment, this.concluded(kept.evidence.keys));
    } else if (is('pattern.extracted')(other.decided)) {
      this.extract(extractedIn(other.decided), moment);
    } else {
      this.page.apply(other.decided as StoredEvent<Folded>);
    }
  }

  private extract(key: ExtractedKey, moment: Moment): void {
    if (!this.table.names.has(nameOf(key)) || !this.learner.beginExtracting(key)) return;
    for (const [position, { evidence, linked }] of this.kept) {
      if (!linked.some((one) => nameOf(one) === nameOf(key))) continue;
      this.learner.link(key, evidence);
      const counted = { ...evidence, keys: [...evidence.keys, key] };
      this.kept.set(position, { evidence: counted, linked });
      this.note(counted, [key]);
    }
    this.learner.endExtracting(key, moment);
  }

  /** Of the executions whose words went it has to be written for which keys they count now. */
  private note(evidence: Evidence, keys: readonly Key[]): void {
    if (!this.stripped.has(evidence.position)) return;
    this.links.push(...keys.filter(isExtracted).map((key) => ({ key, evidence })));
  }

  private async save(signatures: readonly string[]): Promise<void> {
    const { state, learner, page, writing, namespace } = this;
    const isOurs = (key: Key): boolean => this.table.names.has(nameOf(key));
    const patterns = new PatternsTable(writing.sql, namespace, () => undefined);
    const ours = new LearnerState(namespace);
    for (const [name, counts] of state.tasks) if (isOurs(counts.key)) ours.tasks.set(name, counts);
    for (const signature of signatures) {
      const failures = state.signatures.get(signature);
      if (failures !== undefined) ours.signatures.set(signature, failures);
    }
    await this.table.empty(signatures);
    await new EvidenceTable(writing.sql, namespace).link(this.links);
    await patterns.hear(state, page.spoken);
    const touched = [...learner.touched].filter(({ key }) => isOurs(key));
    await new LearnerStateTable(writing.sql, namespace).save(ours, touched);
    await patterns.save({
      turned: new Set([...learner.turned].filter(({ key }) => isOurs(key))),
      patterns: new Map([...learner.patterns].filter(([, { of }]) => isOurs(of.key))),
      changes: learner.changes.filter(({ key }) => isOurs(key)),
    });
    await patterns.retire(state, page.retired);
  }

  /** Of the others only counts are needed, and of the root its rate. */
  private concluded(keys: readonly Key[]): Key[] {
    return [ROOT, ...keys.filter((key) => this.table.names.has(nameOf(key)))];
  }

  /** Of patterns of other keys nothing is to be done. */
  private keyOf(patternId: string): Key | undefined {
    const key = this.learner.patterns.get(patternId)?.of.key;

    return key && this.table.names.has(nameOf(key)) ? key : undefined;
  }

  private touches(keys: readonly Key[]): boolean {
    return keys.some((key) => this.table.names.has(nameOf(key)));
  }
}

export const signaturesOf = (evidence: readonly Evidence[]): string[] => [
  ...new Set(evidence.flatMap(({ signature }) => (signature === null ? [] : [signature]))),
];

/** What touches none of the keys has no time: nothing is concluded from it that is kept. */
const momentAt = (position: bigint, when: ReadonlyMap<bigint, Happened>): Moment => ({
  position,
  ...(when.get(position) ?? { at: '', cause: '' }),
});
