import type { AuditTrail } from './audit.ts';
import type { BlobStore, CommitGroup, Db, TenantJobs } from './ports.ts';
import type { TenantKeys } from './tenant-keys.ts';
import type { Visibility } from './visibility.ts';

/** The tenant that is there from the start. */
export const DEFAULT_TENANT = 'default';

/** One tenant's part of everything that stores: what a handler, a job or a command works with. */
export type Scope = {
  tenant_id: string;
  visibility: Visibility;
  db: Db;
  blobs: BlobStore;
  /** For sensitive columns: `sealText(keys, …)`. */
  keys: TenantKeys;
  /** Commits together with writes of others, whichever their tenant. */
  commit: CommitGroup;
  jobs: TenantJobs;
  /** The trail of all tenants; the scope of an act writes to it by itself, see `acting-scope.ts`. */
  audit: AuditTrail;
};

/** Opens a tenant's scope; everything is visible unless told. Cheap: called for each request. */
export type OpenScope = (tenantId: string, visibility?: Visibility) => Promise<Scope>;
