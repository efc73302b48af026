import type { Sql } from '#database';
import type { Past, StoredEvent, Tell } from '#event-store';
import { restsOnWords } from '../domain/erasure.js';
import type { Evidence } from '../domain/key-state.js';
import { keysOf, type ExtractedKey } from '../domain/key.js';
import type { LearnerState } from '../domain/learner-state.js';
import { Learner } from '../domain/learner.js';
import { isFound } from '../regex.js';
import { filteredInTurns, Turns } from '../turns.js';
import { EvidenceTable } from './evidence.table.js';
import {
  executionsIn,
  groupsOf,
  is,
  isFolded,
  LEARNER_EVENTS,
  momentOf,
  type LearnerEvent,
  type Of,
} from './learner-events.js';
import { LearnerPage } from './learner-page.js';
import { LearnerStateTable } from './learner-state.table.js';
import { unlearn } from './learner-tables.js';
import { PatternsTable } from './patterns.table.js';
import { countUsage } from './usage.table.js';

/** How many executions an extraction looks at between two waits for the database. */
const PAGE = 200;

/** Where the learner writes, and where it tells what it concludes. */
export interface Writing {
  readonly sql: Sql;
  readonly tell: Tell;
  readonly past: Past;
}

const toNobody: Tell = () => undefined;

/** How many events are read at a time when all is learned again. */
const LARGE_PAGE = 1_000;

/** Some events of one namespace on their way through the learner: load, fold, save. */
export class LearnerRun {
  private readonly sql: Sql;
  private readonly states: LearnerStateTable;
  private readonly evidence: EvidenceTable;
  private readonly patterns: PatternsTable;
  private readonly turns = new Turns();

  constructor(
    private readonly writing: Writing,
    private readonly namespace: string,
  ) {
    const { sql, tell } = writing;
    this.sql = sql;
    this.states = new LearnerStateTable(sql, namespace);
    this.evidence = new EvidenceTable(sql, namespace);
    this.patterns = new PatternsTable(sql, namespace, tell);
  }

  async learn(events: readonly StoredEvent<LearnerEvent>[]): Promise<void> {
    for (const group of groupsOf(events)) await this.learnGroup(group);
  }

  private async learnGroup(group: readonly StoredEvent<LearnerEvent>[]): Promise<void> {
    const [first] = group;
    if (first?.type === 'pattern.extracted') return this.extract(first);
    if (first?.type === 'memory.erased' && (await this.changesThePast(group))) {
      return this.learnAgain(group.at(-1)?.position ?? 0n);
    }

    return this.fold(group);
  }

  /**
   * Forgets the words of erased executions where they say more than the facts. Gives whether that is
   * not enough, because something was concluded from them.
   */
  private async changesThePast(erased: readonly StoredEvent<LearnerEvent>[]): Promise<boolean> {
    const ids = erased.filter(is('memory.erased')).map(({ data }) => data.memory_id);
    const evidence = await this.evidence.loadAll(ids);
    const extracted = (await this.states.load([])).extracted();
    if (evidence.some((one) => restsOnWords(one, extracted, isFound))) return true;
    await this.evidence.strip(evidence);

    return false;
  }

  /** Reads all that was read so far anew: the words are gone, and nobody is told twice. */
  private async learnAgain(until: bigint): Promise<void> {
    const { sql, past } = this.writing;
    const part = { namespace: this.namespace, types: LEARNER_EVENTS, until };
    await unlearn(sql, this.namespace);
    const again = new LearnerRun({ sql, past, tell: toNobody }, this.namespace);
    for await (const page of past.pages(part, LARGE_PAGE)) {
      await again.learn(page as unknown as StoredEvent<LearnerEvent>[]);
    }
  }

  private async fold(events: readonly StoredEvent<LearnerEvent>[]): Promise<void> {
    if (events.length === 0) return;
    const folded = events.filter(isFolded);
    if (folded.length > 0) {
      const page = await this.open(folded);
      for (const event of folded) {
        await this.turns.next();
        page.apply(event);
      }
      await this.close(page);
    }
    await countUsage(this.sql, this.namespace, events.filter(is('context.suggested')));
  }

  /** Everything that these events touch. */
  private async open(events: readonly StoredEvent<LearnerEvent>[]): Promise<LearnerPage> {
    const revoked = [
      ...events.filter(is('memory.revoked')),
      ...events.filter(is('memory.erased')),
    ].map(({ data }) => data.memory_id);
    const evidence = await this.evidence.load(revoked);
    const judged = await this.patterns.keysOf(
      events.flatMap(({ data }) => ('pattern_id' in data ? [data.pattern_id] : [])),
    );
    const executions = executionsIn(events).map((one) => ({ ...one, keys: keysOf(one) }));
    const state = await this.states.load([...judged.values()], [...executions, ...evidence]);

    return new LearnerPage(state, evidence, judged);
  }

  private async close(page: LearnerPage): Promise<void> {
    const { state, learner } = page;
    await this.evidence.add(page.added);
    await this.evidence.revoke(page.revoked);
    await this.patterns.hear(state, page.spoken);
    await this.save(state, learner);
    await this.patterns.retire(state, page.retired);
  }

  private async save(state: LearnerState, learner: Learner): Promise<void> {
    await this.states.save(state, [...learner.touched]);
    await this.patterns.save(learner);
  }

  private async extract(event: Of<'pattern.extracted'>): Promise<void> {
    const { pattern_type: side, task_type_pattern: regex } = event.data;
    const key: ExtractedKey = ['extracted', side, regex];
    const state = await this.states.load([key]);
    const learner = new Learner(state, isFound);
    if (!learner.beginExtracting(key)) return;
    for await (const page of this.allEvidence()) {
      const found = await filteredInTurns(page, (one) => learner.alsoCounts(key, one));
      await this.evidence.link(found.map((evidence) => ({ key, evidence })));
    }
    learner.endExtracting(key, momentOf(event));
    await this.save(state, learner);
  }

  private async *allEvidence(): AsyncGenerator<Evidence[]> {
    let page = await this.evidence.page(0n, PAGE);
    while (page.length > 0) {
      yield page;
      page = await this.evidence.page(page.at(-1)?.position ?? 0n, PAGE);
    }
  }
}
