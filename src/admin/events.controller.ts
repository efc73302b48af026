import { SERVICE_NAMESPACE, type Caller } from '#kernel';
import { Asked, pageOf, type Page } from '#rest';
import { Controller, Get, Query } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import {
  browseEventsQuery,
  eventResponse,
  type BrowseEventsQuery,
  type EventResponse,
} from './browse-events/browse-events.request.js';
import { EventsPage } from './browse-events/events.page.js';

@ApiTags('admin')
@Controller('admin')
export class EventsController {
  constructor(private readonly page: EventsPage) {}

  @Get('events')
  @ApiOperation({ summary: 'What stands in the log of this namespace, oldest first' })
  @ApiOkResponse({ standardSchema: pageOf(eventResponse) })
  browse(
    @Asked() caller: Caller,
    @Query({ schema: browseEventsQuery }) query: BrowseEventsQuery,
  ): Promise<Page<EventResponse>> {
    return this.page.read(caller, query);
  }

  @Get('service-events')
  @ApiOperation({
    summary: 'What stands in the log of the service, oldest first',
    description: 'Of no namespace: phases, and changes of the embedding model.',
  })
  @ApiOkResponse({ standardSchema: pageOf(eventResponse) })
  browseService(
    @Asked() caller: Caller,
    @Query({ schema: browseEventsQuery }) query: BrowseEventsQuery,
  ): Promise<Page<EventResponse>> {
    return this.page.read({ ...caller, namespace: SERVICE_NAMESPACE }, query);
  }
}
