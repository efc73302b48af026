import { Database } from '#database';
import { Injectable } from '@nestjs/common';
import type { Evidence } from '../domain/key-state.js';
import { nameOf, ROOT, type ExtractedKey } from '../domain/key.js';
import type { LearnerState } from '../domain/learner-state.js';
import { isFound } from '../regex.js';
import { EvidenceTable } from './evidence.table.js';
import { LearnerStateTable } from './learner-state.table.js';

const PAGE = 200;
const MOST_MEMBERS = 100;

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

  /** Page by page, so that nobody else waits for long. */
  async sample(namespace: string, [, side, regex]: ExtractedKey): Promise<Sample> {
    const members: Evidence[] = [];
    const tasks = new Set<string>();
    let [count, successes] = [0, 0];
    for await (const page of this.pages(namespace)) {
      const found = page.filter(({ line }) => isFound(regex, line));
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
