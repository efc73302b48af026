import { PlainTextInterceptor, RepeatableInterceptor } from '#rest';
import { Module } from '@nestjs/common';
import { APP_FILTER, APP_GUARD, APP_INTERCEPTOR, APP_PIPE } from '@nestjs/core';
import { Drain } from './drain.js';
import { LoggingModule } from './logging.module.js';
import { ProblemFilter } from './problem.filter.js';
import { QueryGuard } from './query.guard.js';
import { SchemaPipe } from './schema.pipe.js';

/** What every route has, whichever room it is in. Needs `Settings` from a global module. */
@Module({
  imports: [LoggingModule],
  providers: [
    Drain,
    { provide: APP_FILTER, useClass: ProblemFilter },
    { provide: APP_GUARD, useClass: QueryGuard },
    { provide: APP_INTERCEPTOR, useClass: RepeatableInterceptor },
    { provide: APP_INTERCEPTOR, useClass: PlainTextInterceptor },
    { provide: APP_PIPE, useClass: SchemaPipe },
  ],
})
export class HttpModule {}
