import type { Selectable, Updateable } from 'kysely';
import type { Db, SystemDb, Tx } from '../platform/ports.ts';
import type { SystemTables, Tables } from '../platform/schema.ts';

export type ProviderRow = Selectable<Tables['identity_provider']>;
export type IdentityLinkRow = Selectable<Tables['identity_link']>;

export async function listProviders(db: Db | Tx): Promise<ProviderRow[]> {
  return db.selectFrom('identity_provider').selectAll().orderBy('name').execute();
}

export async function findProvider(db: Db | Tx, id: string): Promise<ProviderRow | undefined> {
  return db.selectFrom('identity_provider').selectAll().where('id', '=', id).executeTakeFirst();
}

/** Whichever the tenant, if it and its tenant are active. */
export async function findActiveProvider(db: SystemDb, id: string): Promise<Selectable<SystemTables['identity_provider']> | undefined> {
  return db
    .selectFrom('identity_provider')
    .innerJoin('tenant', 'tenant.id', 'identity_provider.tenant_id')
    .selectAll('identity_provider')
    .where('identity_provider.id', '=', id)
    .where('identity_provider.is_active', '=', 1)
    .where('tenant.is_active', '=', 1)
    .executeTakeFirst();
}

/** Whether it was inserted; false if the name is taken. */
export async function insertProvider(tx: Tx, provider: ProviderRow): Promise<boolean> {
  const { numInsertedOrUpdatedRows } = await tx
    .insertInto('identity_provider')
    .values(provider)
    .onConflict((conflict) => conflict.doNothing())
    .executeTakeFirstOrThrow();
  return Number(numInsertedOrUpdatedRows) > 0;
}

export async function updateProvider(tx: Tx, id: string, change: Updateable<Tables['identity_provider']>): Promise<void> {
  await tx.updateTable('identity_provider').set(change).where('id', '=', id).execute();
}

/** Whether there was one. What ties accounts to it goes with it. */
export async function deleteProvider(tx: Tx, id: string): Promise<boolean> {
  return Number((await tx.deleteFrom('identity_provider').where('id', '=', id).executeTakeFirst()).numDeletedRows) > 0;
}

/** Forgets whose accounts a provider opens, as when it has become another one. */
export async function deleteIdentityLinks(tx: Tx, providerId: string): Promise<void> {
  await tx.deleteFrom('identity_link').where('provider_id', '=', providerId).execute();
}

export async function findIdentityLink(tx: Tx, providerId: string, subject: string): Promise<IdentityLinkRow | undefined> {
  return tx.selectFrom('identity_link').selectAll().where('provider_id', '=', providerId).where('subject', '=', subject).executeTakeFirst();
}

/** Ties an account to what a provider calls it, or writes down that this was used. */
export async function putIdentityLink(tx: Tx, link: Omit<IdentityLinkRow, 'last_used_at'>): Promise<void> {
  await tx
    .insertInto('identity_link')
    .values({ ...link, last_used_at: link.created_at })
    .onConflict((conflict) => conflict.columns(['provider_id', 'subject']).doUpdateSet({ last_used_at: link.created_at }))
    .execute();
}
