#!/usr/bin/env node
import 'reflect-metadata';
import { runCli } from '#cli';
import { readApiKey, readSettings } from '#config';
import { sentenceFor } from './greeting.js';

/** Where nobody listens, a service of one command’s length: on a free port, and silent. */
const code = await runCli(process.argv, {
  settings: () => readSettings(),
  apiKey: readApiKey,
  // Most commands need no service of their own, and loading one takes longer than they do.
  start: async () => {
    const { startService } = await import('./start-service.js');

    return startService(readSettings({ PORT: '0', HOST: '127.0.0.1', LOG_LEVEL: 'silent' }));
  },
  sentenceFor,
});
// A service that did not start leaves what it had begun behind.
process.exit(code);
