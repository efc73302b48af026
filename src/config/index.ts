export { Settings, WrongSetting, type EmbeddingSettings } from './settings.js';
