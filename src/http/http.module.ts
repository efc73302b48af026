import { PlainTextInterceptor, RepeatableInterceptor } from '#rest';
import { Module } from '@nestjs/common';
import { APP_FILTER, APP_GUARD, APP_INTERCEPTOR, APP_PIPE } from '@nestjs/core';
import { Admission } from './admission.js';
import { Drain } from './drain.js';
import { LoggingModule } from './logging.module.js';
import { ProblemFilter } from './problem.filter.js';
import { QueryGuard } from './query.guard.js';
import { SchemaPipe } from './schema.pipe.js';
import { ScopeGuard } from './scope.guard.js';

/**
 * What every route has, whichever room it is in. Needs `Settings`, and what `KeysModule` exports, from
 * global modules.
 */
@Module({
  imports: [LoggingModule],
  providers: [
    Drain,
    Admission,
    { provide: APP_FILTER, useClass: ProblemFilter },
    { provide: APP_GUARD, useClass: ScopeGuard },
    { provide: APP_GUARD, useClass: QueryGuard },
    { provide: APP_INTERCEPTOR, useClass: RepeatableInterceptor },
    { provide: APP_INTERCEPTOR, useClass: PlainTextInterceptor },
    { provide: APP_PIPE, useClass: SchemaPipe },
  ],
})
export class HttpModule {}
