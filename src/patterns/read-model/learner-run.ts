import type { Sql } from '#database';
import type { StoredEvent } from '#event-store';
import type { Evidence } from '../domain/key-state.js';
import { keysOf, measuredKeysOf } from '../domain/key.js';
import type { LearnerState } from '../domain/learner-state.js';
import { Learner } from '../domain/learner.js';
import { metricsOf } from '../domain/measure.js';
import { isFound } from '../regex.js';
import { filteredInTurns, Turns } from '../turns.js';
import { EvidenceTable } from './evidence.table.js';
import {
  executionsIn,
  extractedIn,
  groupsOf,
  is,
  isFolded,
  momentOf,
  type LearnerEvent,
  type Of,
} from './learner-events.js';
import { LearnerPage } from './learner-page.js';
import { LearnerStateTable } from './learner-state.table.js';
import { PatternsTable } from './patterns.table.js';
import { Relearning, signaturesOf } from './relearning.js';
import { countUsage } from './usage.table.js';
import type { Writing } from './writing.js';

/** How many executions an extraction looks at between two waits for the database. */
const PAGE = 200;

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
    for (const group of groupsOf(events)) {
      const [first] = group;
      if (first?.type === 'memory.erased') await this.loseWords(group, first.position);
      await (first?.type === 'pattern.extracted' ? this.extract(first) : this.fold(group));
    }
  }

  /** Forgets the words of executions that are erased now, and what was concluded from them so far. */
  private async loseWords(
    erased: readonly StoredEvent<LearnerEvent>[],
    position: bigint,
  ): Promise<void> {
    const ids = erased.filter(is('memory.erased')).map(({ data }) => data.memory_id);
    const evidence = await this.evidence.loadAll(ids);
    const extracted = (await this.states.load([])).extracted();
    const { writing, namespace } = this;
    const again = await Relearning.without(writing, namespace, evidence, extracted);
    await this.evidence.strip(evidence);
    await again?.run(position - 1n, signaturesOf(evidence));
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
    const executions = executionsIn(events).map((one) => ({
      ...one,
      keys: [...keysOf(one), ...measuredKeysOf(one, metricsOf(one))],
    }));
    const state = await this.states.load([...judged.values()], [...executions, ...evidence]);

    return new LearnerPage(state, evidence, (id) => judged.get(id));
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
    const key = extractedIn(event);
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
