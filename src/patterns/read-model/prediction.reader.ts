import { Database } from '#database';
import { Injectable } from '@nestjs/common';
import { ROOT } from '../domain/key.js';
import type { LearnerState } from '../domain/learner-state.js';
import { predictionKeys, type Candidate } from '../domain/prediction.js';
import { LearnerStateTable } from './learner-state.table.js';

/** Reads what a prediction rests on. */
@Injectable()
export class PredictionReader {
  constructor(private readonly database: Database) {}

  stateFor(namespace: string, candidate: Candidate): Promise<LearnerState> {
    const { task } = candidate;
    const own = task === null ? [] : [{ keys: [ROOT], task }];

    return this.database.within(namespace, (sql) =>
      new LearnerStateTable(sql, namespace).load(predictionKeys(candidate), own),
    );
  }
}
