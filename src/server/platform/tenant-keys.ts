/** A key that data is sealed with. `id` is a UUID, `secret` 32 random bytes. */
export type DataKey = { id: string; secret: Uint8Array };

/** The keys of one tenant, opened. */
export type TenantKeys = {
  tenant_id: string;
  /** What is written from now on is sealed with this one. @throws {AppError} `not-found` once the tenant's keys are destroyed */
  current(): DataKey;
  /** Any key that still exists, also one that was replaced. */
  find(id: string): Promise<DataKey | undefined>;
  /** Whether something may still be sealed with a key that was replaced. */
  hasReplaced(): boolean;
  /** Turns content digests into names and back; the same for ever, so that equal content keeps its name. */
  nameKey(): Uint8Array;
};

/** The master key: wraps the keys of the tenants, and is itself never in the database. */
export type KeyWrapper = {
  /** Tells which master key wrapped a key. */
  id: string;
  /** @param key 32 bytes; `context` must be the same at `unwrap` */
  wrap(key: Uint8Array, context: string): Promise<string>;
  /** @throws {Error} if the text was not wrapped by this master key in this context */
  unwrap(wrapped: string, context: string): Promise<Uint8Array>;
};
