export { Database, type Role, type Sql } from './database.js';
export { DatabaseModule } from './database.module.js';
export { Maintenance } from './maintenance.js';
export { FolderInUse } from './embedded/folder-lock.js';
export { everybodyReads, tenantsApart } from './tenant-policies.js';
export { DatabaseNotReady } from './orm.js';
