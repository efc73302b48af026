import { Settings } from '#config';
import { RequestMethod } from '@nestjs/common';
import { type NestExpressApplication } from '@nestjs/platform-express';
import { SwaggerModule } from '@nestjs/swagger';
import { type Express } from 'express';
import { Admission } from './admission.js';
import { Drain } from './drain.js';
import { readIntroduction } from './introduction.js';
import { knownRoutes } from './known-routes.js';
import { localHosts } from './local-hosts.js';
import { RequestLog } from './logging.module.js';
import { describeApi, PREFIX } from './openapi.js';
import { readBody } from './read-body.js';
import { ServiceLog } from './service-log.js';
import { speakPlainly } from './zod-words.js';

const OUTSIDE = ['health/live', 'health/ready'];

/**
 * Gives an application its edge, before it is started. It has `HttpModule` among its modules and
 * was created with `bodyParser: false`.
 */
export function configureApp(app: NestExpressApplication): void {
  const server: Express = app.getHttpAdapter().getInstance();
  speakPlainly();
  app.useLogger(app.get(ServiceLog));
  app.enableShutdownHooks([], { useProcessExit: true });
  app.disable('x-powered-by').disable('etag');
  app.setGlobalPrefix(PREFIX, {
    exclude: OUTSIDE.map((path) => ({ path, method: RequestMethod.GET })),
  });
  app.use(app.get(Drain).follow, app.get(RequestLog).log, localHosts(app.get(Settings)));
  SwaggerModule.setup('docs', app, () => describeApi(app), {
    jsonDocumentUrl: 'docs-json',
    raw: ['json'],
  });
  app.use(app.get(Admission).admit, readIntroduction, knownRoutes(server), readBody);
}
