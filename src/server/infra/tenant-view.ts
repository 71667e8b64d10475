import type { KyselyPlugin, OperationNode, RootOperationNode } from 'kysely';
import { LRUCache } from 'lru-cache';
import type { Db, SystemDb, SystemTx, Tx } from '../platform/ports.ts';
import type { Visibility } from '../platform/visibility.ts';
import { rewriteForTenant } from './tenant-rewrite.ts';

/** A tenant's view of a database or of a transaction: the same connection, every statement limited. */
export function tenantView(db: SystemTx, plugin: KyselyPlugin): Tx;
export function tenantView(db: SystemDb, plugin: KyselyPlugin): Db;
export function tenantView(db: SystemDb, plugin: KyselyPlugin): Db {
  // The plugin is what makes the one out of the other.
  return db.withPlugin(plugin) as unknown as Db;
}

/**
 * The transaction without the limits of its tenant, for the tables of the installation that a tenant's act writes to (jobs). On PostgreSQL
 * other tenants' rows stay out of reach all the same.
 */
export function beyondTenant(tx: Tx | SystemTx): SystemTx {
  return tx.withoutPlugins() as unknown as SystemTx;
}

/** Views of a part of a tenant that are kept: those of the people who work at the moment. */
const PARTS_KEPT = 256;

/** Makes what limits statements to a tenant. Of the same rows it is the same, so that what is prepared for it is found again. */
export type TenantPlugins = (tenantId: string, visibility?: Visibility) => KyselyPlugin;

export function openTenantPlugins(): TenantPlugins {
  const whole = new Map<string, KyselyPlugin>();
  const parts = new LRUCache<string, KyselyPlugin>({ max: PARTS_KEPT });
  return (tenantId, visibility = { kind: 'tenant' }) => {
    if (visibility.kind !== 'tenant') {
      const name = JSON.stringify([tenantId, visibility]);
      const part = parts.get(name) ?? tenantPlugin(tenantId, visibility);
      parts.set(name, part);
      return part;
    }
    const plugin = whole.get(tenantId) ?? tenantPlugin(tenantId, visibility);
    whole.set(tenantId, plugin);
    return plugin;
  };
}

/** Limits every statement to what the tenant owns and the visibility shows; results come without `tenant_id`. */
function tenantPlugin(tenantId: string, visibility: Visibility): KyselyPlugin {
  const limits = { tenantId, visibility };
  const rewritten = new WeakSet<OperationNode>();
  return {
    transformQuery: ({ node }) => rewriteForTenant<RootOperationNode>(node, limits, rewritten),
    transformResult: async ({ result }) => {
      const [first] = result.rows;
      if (first === undefined || !('tenant_id' in first)) return result;
      for (const row of result.rows) delete row['tenant_id'];
      return result;
    },
  };
}
