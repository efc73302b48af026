import { Injectable } from '@nestjs/common';
import { Logger } from 'nestjs-pino';

/** Parts of the framework that announce every module and route at each start. */
const TALKATIVE = [
  'NestFactory',
  'InstanceLoader',
  'RoutesResolver',
  'RouterExplorer',
  'NestApplication',
];

/** The log of the service without what only its framework wants to say. */
@Injectable()
export class ServiceLog extends Logger {
  override log(message: unknown, ...rest: unknown[]): void {
    if (!TALKATIVE.includes(String(rest.at(-1)))) super.log(message, ...rest);
  }
}
