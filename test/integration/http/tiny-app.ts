import { Settings } from '#config';
import { configureApp, HttpModule } from '#http';
import { conflict, DomainError, notFound, overloaded, text, type Caller } from '#kernel';
import { Doorkeeper, OpenStreams, RateLimit } from '#keys';
import {
  Abandoned,
  Asked,
  NdJson,
  decodeCursor,
  pageFrom,
  pageOf,
  pageQuery,
  queryBoolean,
  queryDecimal,
  queryInteger,
  queryList,
  Refuses,
  type Answer,
  type Page,
} from '#rest';
import { once } from 'node:events';
import {
  Body,
  Controller,
  Delete,
  Get,
  Global,
  HttpCode,
  Logger,
  Module,
  Param,
  Post,
  Put,
  Query,
  Res,
} from '@nestjs/common';
import { type NestExpressApplication } from '@nestjs/platform-express';
import { ApiExcludeEndpoint, ApiResponse } from '@nestjs/swagger';
import { Test, type TestingModuleBuilder } from '@nestjs/testing';
import { type Response } from 'express';
import { z } from 'zod';

const thing = z.strictObject({
  name: text(10, 1),
  size: z.int().min(1).max(9).optional(),
  kind: z.enum(['big', 'small']).optional(),
  filters: z.strictObject({ tags: z.array(text(5)).max(60) }).optional(),
});
type Thing = z.infer<typeof thing>;

const stored = z.object({ id: z.string(), note: z.string().nullable() }).meta({ id: 'Stored' });

const listing = z.strictObject({
  ...pageQuery(),
  tags: queryList(text(5), 3).optional(),
  level: queryInteger(1, 5).optional(),
  share: queryDecimal(0, 1).optional(),
  open: queryBoolean().optional(),
});

/** Lets the slow route answer. */
export let release: () => void;
const released = new Promise<void>((resolve) => {
  release = resolve;
});

const FAULTS: Readonly<Record<string, () => Error>> = {
  conflict: () => conflict('thing.taken', 'That is taken.'),
  missing: () => notFound('thing.not_found', 'There is no such thing.'),
  busy: () => overloaded('thing.busy', 'Too much work.'),
  bug: () => new Error('the secret is 42'),
  file: () => Object.assign(new Error('no such file'), { code: 'ENOENT', syscall: 'open' }),
};

@Controller('things')
class ThingsController {
  private readonly logger = new Logger('things');

  @Post()
  @Refuses(409)
  @ApiResponse({ status: 201, standardSchema: stored })
  @ApiResponse({ status: 200, standardSchema: stored })
  store(@Body({ schema: thing }) body: Thing): Answer<z.infer<typeof stored>> {
    this.logger.log('storing');
    return { body: { id: body.name, note: null }, repeated: body.name === 'again' };
  }

  @Get()
  @ApiResponse({ status: 200, standardSchema: pageOf(stored) })
  list(@Query({ schema: listing }) { limit, cursor }: z.infer<typeof listing>): Page<object> {
    const after = decodeCursor(cursor, z.tuple([z.int()]))?.[0] ?? -1;
    const rows = [0, 1, 2, 3, 4].filter((row) => row > after).slice(0, limit + 1);
    const page = pageFrom(rows, limit, (row) => [row]);

    return { ...page, items: page.items.map((row) => ({ id: String(row), note: null })) };
  }

  @Post('search')
  @HttpCode(200)
  @ApiExcludeEndpoint()
  search(@Query({ schema: listing }) query: object, @Body() body: unknown): object {
    return { query, body: body ?? null };
  }

  @Put(':id')
  @ApiExcludeEndpoint()
  replace(@Param('id') id: string, @Body() body: unknown, @Asked() caller: Caller): object {
    return { id, caller, body: body ?? null };
  }

  @Get(':id')
  @ApiResponse({ status: 200, description: 'ok', schema: { type: 'object' } })
  read(
    @Param('id', { schema: z.string().max(8) }) id: string,
    @Asked() caller: Caller,
  ): { id: string; caller: Caller } {
    return { id, caller };
  }

  @Delete(':id')
  @HttpCode(204)
  remove(): void {
    this.logger.log('removed');
  }

  @Post(':id/faults/:name')
  @ApiExcludeEndpoint()
  fail(@Param('name') name: string): never {
    throw FAULTS[name]?.() ?? new DomainError('unavailable', 'thing.away', 'It is away.');
  }

  @Post(':id/complete')
  @ApiExcludeEndpoint()
  complete(@Asked() caller: Caller): Caller {
    return caller;
  }

  @Get(':id/slow')
  @ApiExcludeEndpoint()
  async slow(): Promise<string> {
    await released;

    return 'at last';
  }

  @Get(':id/never')
  @ApiExcludeEndpoint()
  async never(@Abandoned() signal: AbortSignal): Promise<void> {
    await once(signal, 'abort');
    this.logger.log('abandoned');
    signal.throwIfAborted();
  }

  @Get(':id/half')
  @ApiExcludeEndpoint()
  half(@Res() response: Response): void {
    response.write('half of ');
    throw new Error('and then it broke');
  }
}

@Controller('memory/store')
class BatchController {
  @Post('batch')
  @HttpCode(207)
  @ApiExcludeEndpoint()
  store(@Body() body: unknown): object {
    return body instanceof NdJson ? { lines: body.lines(10).map(String) } : { type: typeof body };
  }
}

@Controller('health')
class HealthController {
  @Get('live')
  live(): { status: string } {
    return { status: 'up' };
  }
}

@Global()
@Module({
  providers: [
    { provide: Settings, useFactory: () => new Settings({ LOG_LEVEL: 'silent' }) },
    // Nobody is asked for a key.
    { provide: Doorkeeper, useValue: { asks: false } },
    { provide: OpenStreams, useValue: {} },
    RateLimit,
  ],
  exports: [Settings, Doorkeeper, OpenStreams, RateLimit],
})
class SettingsModule {}

@Module({
  imports: [SettingsModule, HttpModule],
  controllers: [ThingsController, BatchController, HealthController],
})
class TinyModule {}

/** A small application with a real edge and nothing behind it. */
export async function tinyApp(
  change: (builder: TestingModuleBuilder) => TestingModuleBuilder = (builder) => builder,
): Promise<NestExpressApplication> {
  const testing = await change(Test.createTestingModule({ imports: [TinyModule] })).compile();
  const options: object = { bodyParser: false };
  const app = testing.createNestApplication<NestExpressApplication>(options);
  configureApp(app);
  await app.listen(0, '127.0.0.1');

  return app;
}
