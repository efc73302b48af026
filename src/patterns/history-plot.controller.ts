import { label, type Caller } from '#kernel';
import { PLOT_POLICY } from '#plot';
import { Asked, Refuses } from '#rest';
import { Controller, Get, Header, Param, Query } from '@nestjs/common';
import { QueryBus } from '@nestjs/cqrs';
import { ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { onePatternQuery, type OnePatternQuery } from './get-patterns/get-patterns.request.js';
import { PlotHistory } from './plot-history/plot-history.query.js';

@ApiTags('memory')
@Controller('memory')
export class HistoryPlotController {
  constructor(private readonly queries: QueryBus) {}

  @Get('patterns/:pattern_id/history.svg')
  @Header('Content-Type', 'image/svg+xml')
  @Header('Content-Security-Policy', PLOT_POLICY)
  @ApiOperation({
    summary: 'How a pattern came to be and changed, as a plot',
    description:
      'Its confidence with the 90 % interval over the executions counted for it. Marked are feedback, ' +
      'activation, demotion, retirement and restoration; of many, the newest 40. There is a gap where ' +
      'the other side had its place. It goes through the evidence once more, so it may take a second ' +
      'or two.',
  })
  @ApiOkResponse({ content: { 'image/svg+xml': { schema: { type: 'string' } } } })
  @Refuses(404)
  plot(
    @Asked() caller: Caller,
    @Param('pattern_id', { schema: label().toLowerCase() }) id: string,
    @Query({ schema: onePatternQuery }) query: OnePatternQuery,
  ): Promise<string> {
    return this.queries.execute(new PlotHistory(caller, id, query));
  }
}
