import type { Caller } from '#kernel';
import {
  nullTestRequest,
  nullTestResponse,
  RunNullTest,
  type NullTestRequest,
  type NullTestResponse,
} from '#patterns';
import { Asked, Refuses } from '#rest';
import { Body, Controller, HttpCode, Post } from '@nestjs/common';
import { QueryBus } from '@nestjs/cqrs';
import { ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';

@ApiTags('admin')
@Controller('admin/null-test')
export class NullTestController {
  constructor(private readonly queries: QueryBus) {}

  @Post()
  @HttpCode(200)
  @ApiOperation({
    summary: 'How many patterns chance alone would make of this log',
    description:
      'Outcomes are dealt anew by chance, one by one (`by_execution`) and those of a task together (`by_task`), and the learner looks at the log after each execution, in memory: nothing is written and nobody is told. With 3 shuffles of each, 2,000 executions take some 3 to 30 seconds, the more tags and tools they have; 10,000 executions, which are most, up to two minutes. Others are served meanwhile. One test runs at a time.',
  })
  @ApiOkResponse({ standardSchema: nullTestResponse })
  @Refuses(409)
  run(
    @Asked() caller: Caller,
    @Body({ schema: nullTestRequest }) asked: NullTestRequest,
  ): Promise<NullTestResponse> {
    return this.queries.execute(new RunNullTest(caller, asked));
  }
}
