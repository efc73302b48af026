import type { Caller } from '#kernel';
import { Asked } from '#rest';
import { Controller, Get, Headers, Query, Res } from '@nestjs/common';
import { ApiHeader, ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { type Response } from 'express';
import { EventStreams } from './stream-events/event-streams.js';
import {
  lastEventId,
  streamEventsQuery,
  type StreamEventsQuery,
} from './stream-events/stream-events.request.js';

@ApiTags('events')
@Controller('events')
export class EventsController {
  constructor(private readonly streams: EventStreams) {}

  @Get('stream')
  @ApiOperation({
    summary: 'What happens, as Server-Sent Events',
    description:
      'Each event has the id and the type of a notification, and as its data the CloudEvent. It never ends by itself.',
  })
  @ApiHeader({
    name: 'Last-Event-ID',
    required: false,
    description:
      'The last notification that was received: goes on after it; one that is not kept any more begins with the oldest that is. Without it, from now on.',
    schema: { type: 'string', format: 'uuid' },
  })
  @ApiOkResponse({
    description: 'A stream that goes on until one side ends it.',
    content: { 'text/event-stream': { schema: { type: 'string' } } },
  })
  async stream(
    @Asked() { namespace }: Caller,
    @Query({ schema: streamEventsQuery }) query: StreamEventsQuery,
    @Headers('last-event-id') header: string | undefined,
    @Res() response: Response,
  ): Promise<void> {
    const lastId = lastEventId(header) ?? query.last_event_id ?? null;

    await this.streams.send(response, { namespace, types: query.types ?? null, lastId });
  }
}
