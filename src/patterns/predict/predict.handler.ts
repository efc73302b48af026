import { QueryHandler, type IQueryHandler } from '@nestjs/cqrs';
import { lineOf } from '../domain/key.js';
import { predict } from '../domain/prediction.js';
import { CaughtUp } from '../learn/caught-up.js';
import { PredictionReader } from '../read-model/prediction.reader.js';
import { isFound } from '../regex.js';
import { Predict } from './predict.query.js';
import type { PredictResponse } from './predict.request.js';

@QueryHandler(Predict)
export class PredictHandler implements IQueryHandler<Predict> {
  constructor(
    private readonly caughtUp: CaughtUp,
    private readonly reader: PredictionReader,
  ) {}

  async execute({ caller, asked }: Predict): Promise<PredictResponse> {
    const { task_type: taskType, agent_id: agent, task_id: task, task_description } = asked;
    await this.caughtUp.now();
    const candidate = { taskType, agent, task };
    const state = await this.reader.stateFor(caller.namespace, candidate);
    const line = task_description === null ? null : lineOf(taskType, task_description);
    const { probability, interval, basis } = predict(
      state,
      candidate,
      (regex) => line !== null && isFound(regex, line),
    );

    return { probability, interval, basis: [...basis] };
  }
}
