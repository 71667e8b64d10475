import type { KyselyPlugin, OperationNode, RootOperationNode } from 'kysely';
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

/** Makes what limits statements to a tenant. Of a whole tenant it is always the same, so that what is prepared for it is found again. */
export type TenantPlugins = (tenantId: string, visibility?: Visibility) => KyselyPlugin;

export function openTenantPlugins(): TenantPlugins {
  const whole = new Map<string, KyselyPlugin>();
  return (tenantId, visibility = { kind: 'tenant' }) => {
    if (visibility.kind !== 'tenant') return tenantPlugin(tenantId, visibility);
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
