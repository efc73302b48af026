import { EventStore, once, Rebuilds } from '#event-store';
import type { Caller } from '#kernel';
import { Asked, pageOf, Refuses, sendEvents, type Answer, type Page } from '#rest';
import { Controller, Get, HttpCode, Param, Post, Res } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import type { Response } from 'express';
import { z } from 'zod';
import { RebuildProgress } from './rebuild-projection/rebuild-progress.js';
import {
  rebuildAnswer,
  rebuildResponse,
  type RebuildResponse,
} from './rebuild-projection/rebuild.response.js';

const rebuildId = z.uuid();

@ApiTags('admin')
@Controller('admin/rebuilds')
export class RebuildsController {
  constructor(
    private readonly rebuilds: Rebuilds,
    private readonly progress: RebuildProgress,
    private readonly store: EventStore,
  ) {}

  @Get()
  @ApiOperation({ summary: 'The latest hundred rebuilds, newest first' })
  @ApiOkResponse({ standardSchema: pageOf(rebuildResponse) })
  async list(): Promise<Page<RebuildResponse>> {
    return { items: (await this.rebuilds.list()).map(rebuildAnswer), next_cursor: null };
  }

  @Get(':rebuild_id')
  @ApiOperation({ summary: 'How far a rebuild is, and what it would change' })
  @ApiOkResponse({ standardSchema: rebuildResponse })
  @Refuses(404)
  async one(@Param('rebuild_id', { schema: rebuildId }) id: string): Promise<RebuildResponse> {
    return rebuildAnswer(await this.rebuilds.find(id));
  }

  @Get(':rebuild_id/events')
  @ApiOperation({
    summary: 'The same as Server-Sent Events, until it is over or waits to be swapped',
  })
  @ApiOkResponse({ content: { 'text/event-stream': { schema: { type: 'string' } } } })
  @Refuses(404)
  events(
    @Param('rebuild_id', { schema: rebuildId }) id: string,
    @Res() response: Response,
  ): Promise<void> {
    return sendEvents(response, this.progress.follow(id));
  }

  @Post(':rebuild_id/swap')
  @HttpCode(200)
  @ApiOperation({ summary: 'Take the new tables live as soon as they can be' })
  @ApiOkResponse({ standardSchema: rebuildResponse })
  @Refuses(404, 409)
  swap(
    @Asked() caller: Caller,
    @Param('rebuild_id', { schema: rebuildId }) id: string,
  ): Promise<Answer<RebuildResponse>> {
    return once(this.store, caller, async () => rebuildAnswer(await this.rebuilds.swap(id)));
  }

  @Post(':rebuild_id/cancel')
  @HttpCode(200)
  @ApiOperation({ summary: 'Give a rebuild up; the living tables stay' })
  @ApiOkResponse({ standardSchema: rebuildResponse })
  @Refuses(404, 409)
  cancel(
    @Asked() caller: Caller,
    @Param('rebuild_id', { schema: rebuildId }) id: string,
  ): Promise<Answer<RebuildResponse>> {
    return once(this.store, caller, async () => rebuildAnswer(await this.rebuilds.cancel(id)));
  }
}
