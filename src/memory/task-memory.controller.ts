import { label, type Caller } from '#kernel';
import { Abandoned, AlsoAsText, Asked, pageOf, PlainText, Refuses, type Page } from '#rest';
import { Controller, Get, Param, Query } from '@nestjs/common';
import { CommandBus, QueryBus } from '@nestjs/cqrs';
import { ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { adviceText } from './domain/advice-text.js';
import { ListTaskMemories } from './get-memories/get-memories.query.js';
import { taskMemoriesQuery, type TaskMemoriesQuery } from './get-memories/get-memories.request.js';
import { memoryResponse, type MemoryResponse } from './read-model/memory.response.js';
import { SuggestContext } from './suggest-context/suggest-context.command.js';
import {
  suggestContextQuery,
  type SuggestContextQuery,
} from './suggest-context/suggest-context.request.js';
import {
  suggestContextResponse,
  type SuggestContextResponse,
} from './suggest-context/suggest-context.response.js';

const taskId = label().meta({ example: 'task-200' });

/** What memory knows about one task. */
@ApiTags('memory')
@Controller()
export class TaskMemoryController {
  constructor(
    private readonly commands: CommandBus,
    private readonly queries: QueryBus,
  ) {}

  @Get('tasks/:id/memories')
  @ApiOperation({ summary: 'The memories of one task, newest first' })
  @ApiOkResponse({ standardSchema: pageOf(memoryResponse) })
  @Refuses(404)
  memories(
    @Asked() caller: Caller,
    @Param('id', { schema: taskId }) id: string,
    @Query({ schema: taskMemoriesQuery }) query: TaskMemoriesQuery,
  ): Promise<Page<MemoryResponse>> {
    return this.queries.execute(new ListTaskMemories(caller, id, query));
  }

  @Get('memory/tasks/:id/context')
  @ApiOperation({
    summary: 'Advice before a task: what resembles it, and how that ended',
    description:
      'Records the suggestion and counts the reuse of what it served, unless record=false.',
  })
  @ApiOkResponse({ standardSchema: suggestContextResponse })
  @AlsoAsText()
  @Refuses(404)
  context(
    @Asked() caller: Caller,
    @Param('id', { schema: taskId }) id: string,
    @Query({ schema: suggestContextQuery }) query: SuggestContextQuery,
    @Abandoned() signal: AbortSignal,
  ): Promise<SuggestContextResponse | PlainText> {
    return this.commands
      .execute(new SuggestContext(caller, id, query, signal))
      .then(inFormat(query));
  }
}

const inFormat =
  ({ format }: SuggestContextQuery) =>
  (context: SuggestContextResponse): SuggestContextResponse | PlainText =>
    format === 'text' ? new PlainText(adviceText(context)) : context;
