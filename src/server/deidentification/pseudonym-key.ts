import { createHmac, randomBytes } from 'node:crypto';
import type { Db } from '../platform/ports.ts';
import { openText, sealText } from '../platform/sealed-text.ts';
import type { TenantKeys } from '../platform/tenant-keys.ts';
import { findPseudonymKey, insertPseudonymKey } from './repository.ts';

const KEY_BYTES = 32;
/** There is one: whoever has it can tell which pseudonym is whose, so it is never replaced unnoticed. */
const ROW = 'tenant';

export type KeyDeps = { db: Db; keys: TenantKeys; now: () => Date };

/**
 * The key of a project's pseudonyms: made of the tenant's secret, or of the caller's own, and the project's name. The tenant's secret is
 * made when it is first asked for, and kept sealed; it leaves the server in no form.
 */
export async function pseudonymKey(
  deps: KeyDeps,
  { project, secret }: { project: string; secret?: string | undefined },
): Promise<Uint8Array> {
  const base = secret === undefined ? await tenantSecret(deps) : Buffer.from(secret, 'utf8');
  return new Uint8Array(createHmac('sha256', base).update(`isocenter pseudonyms\n${project}`).digest());
}

async function tenantSecret({ db, keys, now }: KeyDeps): Promise<Uint8Array> {
  const row = ROW;
  const held = await findPseudonymKey(db, row);
  if (held !== undefined) return Buffer.from(await openText(keys, { table: 'pseudonym_key', column: 'secret', row }, held), 'base64');
  const fresh = sealText(keys, { table: 'pseudonym_key', column: 'secret', row }, randomBytes(KEY_BYTES).toString('base64'));
  await insertPseudonymKey(db, { id: row, secret: fresh, created_at: now().toISOString() });
  // Another process may have been first.
  return tenantSecret({ db, keys, now });
}
