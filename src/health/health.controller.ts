import { Refuses } from '#rest';
import { Controller, Get } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { z } from 'zod';
import { Readiness, readinessResponse, type ReadinessResponse } from './readiness.js';

const live = z.object({ status: z.literal('live') });

@ApiTags('health')
@Controller('health')
export class HealthController {
  constructor(private readonly readiness: Readiness) {}

  @Get('live')
  @ApiOperation({ summary: 'The process answers' })
  @ApiOkResponse({ standardSchema: live })
  live(): z.output<typeof live> {
    return { status: 'live' };
  }

  @Get('ready')
  @ApiOperation({ summary: 'Database, model and projections are there' })
  @ApiOkResponse({ standardSchema: readinessResponse })
  @Refuses(503)
  ready(): Promise<ReadinessResponse> {
    return this.readiness.look();
  }
}
