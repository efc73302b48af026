import { existsSync } from 'node:fs';
import { loadEnvFile } from 'node:process';
import { Settings } from './settings.js';

/** The settings of this process: its environment, completed by a `.env` file in its folder. */
export function readSettings(): Settings {
  if (existsSync('.env')) loadEnvFile('.env');

  return new Settings(process.env);
}
