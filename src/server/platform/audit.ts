import type { NewAuditEntry } from './audit-entry.ts';
import type { Tx } from './ports.ts';

/** The audit trail of all tenants: a hash chain for each. */
export type AuditTrail = {
  /**
   * Writes entries in the transaction of the change that they tell of: neither is there without the other. It locks the tenant's chain
   * until the commit, so it is the last statement of its transaction.
   */
  append(tx: Tx, tenantId: string, entries: readonly NewAuditEntry[]): Promise<void>;
  /** Writes an entry that has no change of its own; it is durable when this resolves, and shares its commit with others. */
  record(tenantId: string, entry: NewAuditEntry): Promise<void>;
  /** Writes an entry soon: for reads, which do not wait for the disk. Repeats within a minute are counted, not repeated. */
  note(tenantId: string, entry: NewAuditEntry): void;
  /** @throws {AppError} `unavailable` while the tenant's entries cannot be written: what would go unrecorded is refused */
  requireWritable(tenantId: string): void;
  /** Writes everything that was noted. */
  flush(): Promise<void>;
  /** Writes everything, counts of repeats included, and takes no more. */
  close(): Promise<void>;
};
