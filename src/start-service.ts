import { type Settings } from '#config';
import { FolderLock } from '#database';
import { configureApp } from '#http';
import { Logger } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import type { NestExpressApplication } from '@nestjs/platform-express';
import { AppModule } from './app.module.js';
import { openTo } from './greeting.js';

/** The whole service, listening. Shared by the command line and the end-to-end tests. */
export async function startService(settings: Settings): Promise<NestExpressApplication> {
  const options: object = { bodyParser: false, logger: false, abortOnError: false };
  const app = await NestFactory.create<NestExpressApplication>(AppModule.with(settings), options);
  configureApp(app);
  try {
    await app.listen(settings.port, settings.host);
    if (settings.databaseUrl === null) {
      new FolderLock(settings.dataDir).announce(await app.getUrl());
    }
    sayWhoMayCome(settings);
  } catch (error) {
    await app.close();
    throw error;
  }
  return app;
}

function sayWhoMayCome(settings: Settings): void {
  const open = openTo(settings);
  if (open) new Logger('Auth')[open.warns ? 'warn' : 'log'](open.says);
}
