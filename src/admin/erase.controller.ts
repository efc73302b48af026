import { EventStore, once } from '#event-store';
import type { Caller } from '#kernel';
import { Asked, Refuses, type Answer } from '#rest';
import { Body, Controller, HttpCode, Post } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import {
  eraseRequest,
  eraseResponse,
  type EraseRequest,
  type EraseResponse,
} from './erase/erase.request.js';
import { Eraser } from './erase/eraser.js';

@ApiTags('admin')
@Controller('admin/erase')
export class EraseController {
  constructor(
    private readonly store: EventStore,
    private readonly eraser: Eraser,
  ) {}

  @Post()
  @HttpCode(200)
  @ApiOperation({ summary: 'Erase a memory, a task with its memories, or all that a person wrote' })
  @ApiOkResponse({ standardSchema: eraseResponse })
  @Refuses(404, 409)
  erase(
    @Asked() caller: Caller,
    @Body({ schema: eraseRequest }) body: EraseRequest,
  ): Promise<Answer<EraseResponse>> {
    return once(this.store, caller, async () => ({ ...(await this.eraser.erase(caller, body)) }));
  }
}
