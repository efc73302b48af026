import { Controller, Get } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { RecallMonitor } from './measure-recall/recall-monitor.js';
import { recallResponse, type RecallResponse } from './measure-recall/recall.response.js';

@ApiTags('admin')
@Controller('admin/recall')
export class RecallController {
  constructor(private readonly monitor: RecallMonitor) {}

  @Get()
  @ApiOperation({
    summary: 'How much of what an exact search finds is found through indexes',
    description:
      'Of all namespaces, since this process started. Searches that look at every row anyhow do not count.',
  })
  @ApiOkResponse({ standardSchema: recallResponse })
  figures(): RecallResponse {
    return this.monitor.figures();
  }
}
