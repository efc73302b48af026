import 'reflect-metadata';
import { readSettings } from '#config';
import { greeting, sentenceFor } from './greeting.js';
import { startService } from './start-service.js';

try {
  const settings = readSettings();
  const app = await startService(settings);
  process.stdout.write(greeting(settings, await app.getUrl()));
} catch (error) {
  process.stderr.write(`${sentenceFor(error)}\n`);
  process.exit(1);
}
