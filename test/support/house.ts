import 'reflect-metadata';
import { Module, type Type } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import type { NestExpressApplication } from '@nestjs/platform-express';
import { AppModule } from '../../src/app.module.js';
import { Settings } from '../../src/config/index.js';
import { configureApp } from '../../src/http/index.js';
import { freshDatabase } from './database.js';

/** The whole service with another module in the same process. */
export interface House {
  readonly app: NestExpressApplication;
  stop(): Promise<void>;
}

export async function startHouseWith(sibling: Type): Promise<House> {
  const database = await freshDatabase();
  const quiet = { PORT: '0', LOG_LEVEL: 'silent', EMBEDDING_WORKERS: '1' };
  const settings = new Settings({ ...quiet, ...database.env });
  @Module({ imports: [AppModule.with(settings), sibling] })
  class WholeHouse {}
  const options: object = { bodyParser: false, logger: false };
  const app = await NestFactory.create<NestExpressApplication>(WholeHouse, options);
  configureApp(app);
  await app.listen(0, '127.0.0.1');

  return {
    app,
    stop: async () => {
      await app.close();
      await database.drop();
    },
  };
}
