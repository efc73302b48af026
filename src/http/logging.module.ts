import { Settings } from '#config';
import { type IncomingMessage } from 'node:http';
import { Injectable, Module } from '@nestjs/common';
import { LoggerModule } from 'nestjs-pino';
import { stdTimeFunctions } from 'pino';
import { pinoHttp, type HttpLogger, type Options } from 'pino-http';
import { nameRequest } from './introduction.js';
import { ServiceLog } from './service-log.js';

/** The middleware that writes a line for each request, and the logger behind it. */
@Injectable()
export class RequestLog {
  readonly log: HttpLogger;

  constructor(settings: Settings) {
    this.log = pinoHttp(logOptions(settings));
  }
}

@Module({ providers: [RequestLog], exports: [RequestLog] })
class RequestLogModule {}

/** JSON lines; those written while a request is answered carry its id and namespace. */
@Module({
  providers: [ServiceLog],
  imports: [
    RequestLogModule,
    LoggerModule.forRootAsync({
      imports: [RequestLogModule],
      inject: [RequestLog],
      useFactory: ({ log }: RequestLog) => ({
        pinoHttp: { logger: log.logger },
        useExisting: true,
      }),
    }),
  ],
  exports: [RequestLogModule],
})
export class LoggingModule {}

/** Neither bodies nor headers nor query strings: they hold people's texts and keys. */
export function logOptions(settings: Settings): Options {
  return {
    level: settings.logLevel,
    timestamp: stdTimeFunctions.isoTime,
    genReqId: nameRequest,
    customProps: (request) => ({ request_id: request.id }),
    serializers: {
      req: ({ method, url }: { method: string; url: string }) => ({ method, path: pathOf(url) }),
      res: ({ statusCode }: { statusCode: number }) => ({ status: statusCode }),
    },
    customErrorObject: (_request, _response, _error, { res, responseTime }: LineParts) => ({
      res,
      responseTime,
    }),
    customLogLevel: (request, { statusCode }) => levelOf(request, statusCode),
  };
}

interface LineParts {
  readonly res: unknown;
  readonly responseTime: number;
}

function levelOf({ url = '' }: IncomingMessage, status: number): 'debug' | 'error' | 'info' {
  if (url.startsWith('/health/')) return 'debug';

  return status >= 500 ? 'error' : 'info';
}

const pathOf = (url: string): string => url.split('?', 1).join();
