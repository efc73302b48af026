import { Database } from '#database';
import { Injectable } from '@nestjs/common';
import type { Evidence } from '../domain/key-state.js';
import { nameOf, ROOT, type ExtractedKey } from '../domain/key.js';
import type { LearnerState } from '../domain/learner-state.js';
import { tooSlow } from '../domain/pattern.errors.js';
import { isFound } from '../regex.js';
import { filteredInTurns } from '../turns.js';
import { EvidenceTable } from './evidence.table.js';
import { LearnerStateTable } from './learner-state.table.js';

const PAGE = 200;
const MOST_MEMBERS = 100;
const PATIENCE_MS = 10_000;

/** What a regex finds among the executions that may be learned from. */
export interface Sample {
  readonly members: readonly Evidence[];
  readonly count: number;
  readonly successes: number;
  /** Distinct tasks of those that ended as asked. */
  readonly tasks: number;
}

/** Looks for what a pattern would be made of, before it is one. */
@Injectable()
export class SampleReader {
  constructor(private readonly database: Database) {}

  /**
   * Page by page, so that nobody else waits for long.
   * @throws DomainError `pattern.too_slow` when it searches for ten seconds: so would the learner.
   */
  async sample(namespace: string, [, side, regex]: ExtractedKey): Promise<Sample> {
    const members: Evidence[] = [];
    const tasks = new Set<string>();
    let [count, successes, searchingMs] = [0, 0, 0];
    const finds = ({ line }: Evidence): boolean => {
      const start = performance.now();
      const found = isFound(regex, line);
      searchingMs += performance.now() - start;
      if (searchingMs > PATIENCE_MS) throw tooSlow();
      return found;
    };
    for await (const page of this.pages(namespace)) {
      const found = await filteredInTurns(page, finds);
      const asked = found.filter(({ success }) => success === (side === 'success'));
      count += found.length;
      successes += found.filter(({ success }) => success).length;
      asked.forEach(({ task }) => tasks.add(task));
      members.push(...found.slice(0, MOST_MEMBERS - members.length));
    }

    return { members, count, successes, tasks: tasks.size };
  }

  /** The success rate of everything, and what is extracted already. */
  async standing(namespace: string): Promise<{ rate: number; extracted: readonly ExtractedKey[] }> {
    const state = await this.database.within(namespace, (sql): Promise<LearnerState> =>
      new LearnerStateTable(sql, namespace).load([ROOT]),
    );

    return { rate: state.keys.get(nameOf(ROOT))?.rate ?? 0.5, extracted: state.extracted() };
  }

  private async *pages(namespace: string): AsyncGenerator<Evidence[]> {
    const next = (after: bigint): Promise<Evidence[]> =>
      this.database.within(namespace, (sql) => new EvidenceTable(sql, namespace).page(after, PAGE));
    let page = await next(0n);
    while (page.length > 0) {
      yield page;
      page = await next(page.at(-1)?.position ?? 0n);
    }
  }
}
