import { QueryHandler, type IQueryHandler } from '@nestjs/cqrs';
import { seeded } from '../chance.js';
import {
  byChance,
  Look,
  shareOf,
  verdictOn,
  type ByChance,
  type Found,
} from '../domain/null-test.js';
import { nullTestRuns, tooManyExecutions } from '../domain/pattern.errors.js';
import { SHUFFLES, shuffled, type Shuffle, type Tried } from '../domain/shuffled.js';
import { Turns } from '../turns.js';
import type { NullTestRequest, NullTestResponse } from './null-test.request.js';
import { RunNullTest } from './run-null-test.query.js';
import { TriedLogs } from './tried-log.js';

/** Events that are looked at in all: of a log with many tags and tools each takes up to 2 ms. */
const MOST_LOOKED_AT = 70_000;

/**
 * Works in memory alone, and nothing is told of it. One at a time in this process, because each takes a
 * processor for as long as it lasts, a piece at a time: others have their turns in between.
 */
@QueryHandler(RunNullTest)
export class RunNullTestHandler implements IQueryHandler<RunNullTest> {
  private isRunning = false;

  constructor(private readonly logs: TriedLogs) {}

  /** @throws DomainError `null_test.running`, `null_test.too_many_executions` */
  async execute({ caller, asked }: RunNullTest): Promise<NullTestResponse> {
    if (this.isRunning) throw nullTestRuns();
    this.isRunning = true;
    try {
      return await this.run(caller.namespace, asked);
    } finally {
      this.isRunning = false;
    }
  }

  private async run(namespace: string, asked: NullTestRequest): Promise<NullTestResponse> {
    const looks = 1 + SHUFFLES.length * asked.shuffles;
    const most = Math.floor(MOST_LOOKED_AT / looks);
    const read = await this.logs.read(namespace, most);
    if (read === null) throw tooManyExecutions(most, asked.shuffles);
    const { position, events } = read;
    const log = await look(events);
    const chance = {
      by_execution: await shuffledAgain(events, 'by_execution', asked),
      by_task: await shuffledAgain(events, 'by_task', asked),
    };

    return {
      position: Number(position),
      executions: events.filter((event) => event.is === 'execution').length,
      ...asked,
      log: asAnswer(log),
      by_execution: byChanceAnswer(chance.by_execution),
      by_task: byChanceAnswer(chance.by_task),
      verdict: verdictOn(log, chance),
    };
  }
}

async function look(log: readonly Tried[]): Promise<Found> {
  const [seen, turns] = [new Look(), new Turns()];
  for (const event of log) {
    await turns.next();
    seen.next(event);
  }

  return seen.found();
}

async function shuffledAgain(
  log: readonly Tried[],
  by: Shuffle,
  { shuffles, seed }: NullTestRequest,
): Promise<ByChance> {
  const below = seeded(seed);
  const found: Found[] = [];
  while (found.length < shuffles) found.push(await look(shuffled(log, by, below)));

  return byChance(found);
}

const asAnswer = (found: Found): NullTestResponse['log'] => ({
  keys: found.keys,
  ever_active: found.everActive,
  share: shareOf(found),
  active: found.active,
});

const byChanceAnswer = (found: ByChance): NullTestResponse['by_task'] => ({
  shuffles: found.shuffles,
  ...asAnswer(found),
});
