import type { PolicyDef } from '@mikro-orm/postgresql';

const PROJECTOR = { name: 'projector', roles: ['omoi_projector'], using: 'true', check: 'true' };
const OWNER = { name: 'owner', roles: ['omoi_owner'], using: 'true', check: 'true' };

/** Row-level security of a table of tenants: a request sees its own namespace and no other. */
export const tenantsApart = (): PolicyDef[] => [
  {
    name: 'tenant',
    roles: ['omoi_app'],
    using: "namespace = current_setting('omoi.namespace', true)",
  },
  PROJECTOR,
  OWNER,
];

/** Row-level security of a table that belongs to the service: everybody reads it. */
export const everybodyReads = (): PolicyDef[] => [
  { name: 'reader', roles: ['omoi_app'], using: 'true' },
  PROJECTOR,
  OWNER,
];
