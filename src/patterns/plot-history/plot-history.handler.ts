import { drawPlot } from '#plot';
import { QueryHandler, type IQueryHandler } from '@nestjs/cqrs';
import { unknownPattern } from '../domain/pattern.errors.js';
import { LookBack } from '../look-back/look-back.js';
import { NOW } from '../read-model/learner.js';
import { historyPlot } from './history-plot.js';
import { PlotHistory } from './plot-history.query.js';

@QueryHandler(PlotHistory)
export class PlotHistoryHandler implements IQueryHandler<PlotHistory> {
  constructor(private readonly lookBack: LookBack) {}

  async execute({ caller, id, asked: { as_of = NOW } }: PlotHistory): Promise<string> {
    const until = await this.lookBack.until(as_of);
    const found = await this.lookBack.course(caller.namespace, id, until);
    if (!found) throw unknownPattern(id);

    return drawPlot(historyPlot(found.pattern, found.course));
  }
}
