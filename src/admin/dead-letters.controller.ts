import { EventStore, once, DeadLetters } from '#event-store';
import type { Caller } from '#kernel';
import {
  Asked,
  decodeCursor,
  pageFrom,
  pageOf,
  pageQuery,
  Refuses,
  type Answer,
  type Page,
} from '#rest';
import { Controller, Get, HttpCode, Param, Post, Query } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { z } from 'zod';

const listQuery = z.strictObject(pageQuery());
const letterKey = z.tuple([z.int().min(0), z.uuid()]);
const letterId = z.uuid();

const deadLetterResponse = z
  .object({
    id: z.uuid(),
    projection: z.string(),
    version: z.int(),
    position: z.int(),
    type: z.string(),
    namespace: z.string(),
    attempts: z.int(),
    error: z.string(),
    parked_at: z.string(),
  })
  .meta({ id: 'DeadLetter' });

const settled = z.object({ id: z.uuid(), status: z.enum(['applied', 'discarded']) });
type Settled = z.output<typeof settled>;

@ApiTags('admin')
@Controller('admin/dead-letters')
export class DeadLettersController {
  constructor(
    private readonly letters: DeadLetters,
    private readonly store: EventStore,
  ) {}

  @Get()
  @ApiOperation({ summary: 'Events that were set aside, in log order' })
  @ApiOkResponse({ standardSchema: pageOf(deadLetterResponse) })
  async list(
    @Query({ schema: listQuery }) { cursor, limit }: z.output<typeof listQuery>,
  ): Promise<Page<z.output<typeof deadLetterResponse>>> {
    const rows = await this.letters.list(decodeCursor(cursor, letterKey), limit + 1);

    return pageFrom(rows, limit, ({ position, id }) => [position, id]);
  }

  @Post(':id/retry')
  @HttpCode(200)
  @ApiOperation({ summary: 'Apply it now, out of its turn' })
  @ApiOkResponse({ standardSchema: settled })
  @Refuses(404, 409)
  retry(
    @Asked() caller: Caller,
    @Param('id', { schema: letterId }) id: string,
  ): Promise<Answer<Settled>> {
    return once(this.store, caller, async (): Promise<Settled> => {
      await this.letters.retry(id);
      return { id, status: 'applied' };
    });
  }

  @Post(':id/discard')
  @HttpCode(200)
  @ApiOperation({ summary: 'Go without it for good' })
  @ApiOkResponse({ standardSchema: settled })
  @Refuses(404)
  discard(
    @Asked() caller: Caller,
    @Param('id', { schema: letterId }) id: string,
  ): Promise<Answer<Settled>> {
    return once(this.store, caller, async (): Promise<Settled> => {
      await this.letters.discard(id);
      return { id, status: 'discarded' };
    });
  }
}
