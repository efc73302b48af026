import { EventStore, once, Projections, Rebuilds, type ProjectionVersion } from '#event-store';
import { label, type Caller } from '#kernel';
import { Asked, pageOf, Refuses, type Answer, type Page } from '#rest';
import { Body, Controller, Get, HttpCode, Param, Post } from '@nestjs/common';
import { ApiAcceptedResponse, ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import {
  projectionResponse,
  rebuildBegun,
  rebuildRequest,
  type RebuildRequest,
} from './rebuild-projection/projection.response.js';

const name = label().meta({ example: 'task-memories' });

@ApiTags('admin')
@Controller('admin/projections')
export class ProjectionsController {
  constructor(
    private readonly projections: Projections,
    private readonly rebuilds: Rebuilds,
    private readonly store: EventStore,
  ) {}

  @Get()
  @ApiOperation({ summary: 'Who follows the log, how far, and what is wrong with them' })
  @ApiOkResponse({ standardSchema: pageOf(projectionResponse) })
  async list(): Promise<Page<ProjectionVersion>> {
    return { items: await this.projections.list(), next_cursor: null };
  }

  @Post(':name/rebuild')
  @HttpCode(202)
  @ApiOperation({
    summary: 'Read the log anew into tables beside the living ones',
    description: 'Readers and writers notice nothing. The new tables go live with `swap`.',
  })
  @ApiAcceptedResponse({ standardSchema: rebuildBegun })
  @ApiOkResponse({ standardSchema: rebuildBegun, description: 'It was begun before.' })
  @Refuses(404, 409)
  rebuild(
    @Asked() caller: Caller,
    @Param('name', { schema: name }) projection: string,
    @Body({ schema: rebuildRequest }) { swap }: RebuildRequest,
  ): Promise<Answer<{ rebuild_id: string }>> {
    return once(this.store, caller, async () => ({
      rebuild_id: await this.rebuilds.start(projection, swap),
    }));
  }

  @Post(':name/flip-back')
  @HttpCode(202)
  @ApiOperation({ summary: 'Take the version back that lived before; kept for 24 hours' })
  @ApiAcceptedResponse({ standardSchema: rebuildBegun })
  @ApiOkResponse({ standardSchema: rebuildBegun, description: 'It was begun before.' })
  @Refuses(404, 409)
  flipBack(
    @Asked() caller: Caller,
    @Param('name', { schema: name }) projection: string,
  ): Promise<Answer<{ rebuild_id: string }>> {
    return once(this.store, caller, async () => ({
      rebuild_id: await this.rebuilds.flipBack(projection),
    }));
  }
}
