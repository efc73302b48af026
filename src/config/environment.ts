import { existsSync } from 'node:fs';
import { loadEnvFile } from 'node:process';
import { Settings } from './settings.js';

/**
 * The settings of this process: its environment, completed by a `.env` file in its folder.
 * @param instead what holds whatever the environment says
 */
export function readSettings(instead: Readonly<Record<string, string>> = {}): Settings {
  if (existsSync('.env')) loadEnvFile('.env');

  return new Settings({ ...process.env, ...instead });
}
