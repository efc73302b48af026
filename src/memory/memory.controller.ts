import { label, type Caller } from '#kernel';
import { Abandoned, Asked, pageOf, Refuses, type Answer, type Page } from '#rest';
import { Body, Controller, Delete, Get, HttpCode, Param, Post, Query } from '@nestjs/common';
import { CommandBus, QueryBus } from '@nestjs/cqrs';
import {
  ApiCreatedResponse,
  ApiNoContentResponse,
  ApiOkResponse,
  ApiOperation,
  ApiResponse,
  ApiTags,
} from '@nestjs/swagger';
import type { z } from 'zod';
import { EraseMemory } from './erase-memory/erase-memory.command.js';
import { GetMemory, ListMemories } from './get-memories/get-memories.query.js';
import { listMemoriesQuery, type ListMemoriesQuery } from './get-memories/get-memories.request.js';
import { memoryResponse, type MemoryResponse } from './read-model/memory.response.js';
import { RecordOutcome } from './record-outcome/record-outcome.command.js';
import {
  recordOutcomeRequest,
  recordOutcomeResponse,
  type RecordOutcomeRequest,
  type RecordOutcomeResponse,
} from './record-outcome/record-outcome.request.js';
import { RevokeMemory } from './revoke-memory/revoke-memory.command.js';
import {
  revokeMemoryRequest,
  revokeMemoryResponse,
  type RevokeMemoryResponse,
} from './revoke-memory/revoke-memory.request.js';
import { SearchMemories } from './search-memories/search-memories.query.js';
import {
  searchMemoriesRequest,
  type SearchMemoriesRequest,
} from './search-memories/search-memories.request.js';
import {
  searchMemoriesResponse,
  type SearchMemoriesResponse,
} from './search-memories/search-memories.response.js';
import { StoreBatch } from './store-batch/store-batch.command.js';
import { storeBatchRequest, type StoreBatchRequest } from './store-batch/store-batch.request.js';
import { storeBatchResponse, type StoreBatchResponse } from './store-batch/store-batch.response.js';
import { StoreExecution } from './store-execution/store-execution.command.js';
import {
  storeExecutionRequest,
  type StoreExecutionRequest,
} from './store-execution/store-execution.request.js';
import {
  storeExecutionResponse,
  type StoreExecutionResponse,
} from './store-execution/store-execution.response.js';

const memoryId = label().toLowerCase();
const suggestionId = label().toLowerCase();

@ApiTags('memory')
@Controller('memory')
export class MemoryController {
  constructor(
    private readonly commands: CommandBus,
    private readonly queries: QueryBus,
  ) {}

  @Post('store')
  @ApiOperation({ summary: 'Remember one run of a task and how it ended' })
  @ApiCreatedResponse({ standardSchema: storeExecutionResponse })
  @ApiOkResponse({ standardSchema: storeExecutionResponse, description: 'It was stored before.' })
  @Refuses(404, 409)
  store(
    @Asked() caller: Caller,
    @Body({ schema: storeExecutionRequest }) body: StoreExecutionRequest,
  ): Promise<Answer<StoreExecutionResponse>> {
    return this.commands.execute(new StoreExecution(caller, body));
  }

  @Post('store/batch')
  @HttpCode(207)
  @ApiOperation({
    summary: 'Remember up to 1,000 runs, each alone',
    description: 'Also as application/x-ndjson: one execution a line.',
  })
  @ApiResponse({ status: 207, standardSchema: storeBatchResponse })
  @Refuses(409)
  storeBatch(
    @Asked() caller: Caller,
    @Body({ schema: storeBatchRequest }) body: StoreBatchRequest,
  ): Promise<Answer<StoreBatchResponse>> {
    return this.commands.execute(new StoreBatch(caller, body.executions));
  }

  @Post('search')
  @HttpCode(200)
  @ApiOperation({ summary: 'Find what resembles a task, best first, one hit a task' })
  @ApiOkResponse({ standardSchema: searchMemoriesResponse })
  search(
    @Asked() caller: Caller,
    @Body({ schema: searchMemoriesRequest }) body: SearchMemoriesRequest,
    @Abandoned() signal: AbortSignal,
  ): Promise<SearchMemoriesResponse> {
    return this.queries.execute(new SearchMemories(caller, body, signal));
  }

  @Get('executions')
  @ApiOperation({ summary: 'Memories, newest first' })
  @ApiOkResponse({ standardSchema: pageOf(memoryResponse) })
  list(
    @Asked() caller: Caller,
    @Query({ schema: listMemoriesQuery }) query: ListMemoriesQuery,
  ): Promise<Page<MemoryResponse>> {
    return this.queries.execute(new ListMemories(caller, query));
  }

  @Get('executions/:memory_id')
  @ApiOperation({ summary: 'One memory, revoked or not' })
  @ApiOkResponse({ standardSchema: memoryResponse })
  @Refuses(404)
  one(
    @Asked() caller: Caller,
    @Param('memory_id', { schema: memoryId }) id: string,
  ): Promise<MemoryResponse> {
    return this.queries.execute(new GetMemory(caller, id));
  }

  @Post('executions/:memory_id/revoke')
  @HttpCode(200)
  @ApiOperation({ summary: 'Take a memory back: in no list, search or evidence from now on' })
  @ApiOkResponse({ standardSchema: revokeMemoryResponse })
  @Refuses(404, 409)
  revoke(
    @Asked() caller: Caller,
    @Param('memory_id', { schema: memoryId }) id: string,
    @Body({ schema: revokeMemoryRequest }) body: z.output<typeof revokeMemoryRequest>,
  ): Promise<Answer<RevokeMemoryResponse>> {
    return this.commands.execute(new RevokeMemory(caller, id, body.reason));
  }

  @Post('suggestions/:suggestion_id/outcome')
  @HttpCode(200)
  @ApiOperation({
    summary: 'Say how a task ended after a suggestion',
    description:
      'For those who store no execution with its suggestion_id; one that is stored counts before it.',
  })
  @ApiOkResponse({ standardSchema: recordOutcomeResponse })
  @Refuses(404, 409)
  recordOutcome(
    @Asked() caller: Caller,
    @Param('suggestion_id', { schema: suggestionId }) id: string,
    @Body({ schema: recordOutcomeRequest }) body: RecordOutcomeRequest,
  ): Promise<Answer<RecordOutcomeResponse>> {
    return this.commands.execute(new RecordOutcome(caller, id, body));
  }

  @Delete('executions/:memory_id')
  @HttpCode(204)
  @ApiOperation({ summary: 'Erase a memory, everywhere and for good' })
  @ApiNoContentResponse({ description: 'It is gone.' })
  @Refuses(404)
  async erase(
    @Asked() caller: Caller,
    @Param('memory_id', { schema: memoryId }) id: string,
  ): Promise<void> {
    await this.commands.execute(new EraseMemory(caller, id));
  }
}
