import { existsSync } from 'node:fs';
import { loadEnvFile } from 'node:process';
import { Settings } from './settings.js';

/** The key with which the command line speaks to a service: `OMOI_API_KEY`; null when not said. */
export function readApiKey(): string | null {
  if (existsSync('.env')) loadEnvFile('.env');
  const { OMOI_API_KEY: key = '' } = process.env;

  return key === '' ? null : key;
}

/**
 * The settings of this process: its environment, completed by a `.env` file in its folder.
 * @param instead what holds whatever the environment says
 */
export function readSettings(instead: Readonly<Record<string, string>> = {}): Settings {
  if (existsSync('.env')) loadEnvFile('.env');

  return new Settings({ ...process.env, ...instead });
}
