export { Database, type Finished, type Role, type Sql, type Statement } from './database.js';
export { DatabaseModule } from './database.module.js';
export { prepareIndexBuilding } from './index-building.js';
export { FolderInUse, FolderLock } from './embedded/folder-lock.js';
export { Maintenance } from './maintenance.js';
export { everybodyReads, tenantsApart } from './tenant-policies.js';
export { DatabaseNotReady } from './orm.js';
export { judgeVersions, type Verdict } from './versions.js';
