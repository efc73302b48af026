export { Doorkeeper } from './admit-callers/doorkeeper.js';
export { OpenStreams } from './admit-callers/open-streams.js';
export { RateLimit } from './admit-callers/rate-limit.js';
export { notAdmitted, tooOften } from './domain/keys.errors.js';
export { mustBeGranted, needOf, type Grant, type Need } from './domain/scopes.js';
export { KeysModule } from './keys.module.js';
export { RevokeKeysOfNamespace } from './manage-keys/manage-keys.command.js';
