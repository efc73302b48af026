export { ConfigModule } from './config.module.js';
export { readApiKey, readSettings } from './environment.js';
export { Settings, WrongSetting, type EmbeddingSettings } from './settings.js';
