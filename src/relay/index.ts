export { TellNoMore } from './manage-webhooks/manage-webhooks.command.js';
export { RelayModule } from './relay.module.js';
