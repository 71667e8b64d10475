import { createCipheriv, createDecipheriv, hkdfSync, randomBytes } from 'node:crypto';
import { AppError } from './errors.ts';
import type { DataKey, TenantKeys } from './tenant-keys.ts';

/** Where a sealed value belongs: it opens in no other tenant, table, column or row. */
export type SealedPlace = { table: string; column: string; row: string };

const CIPHER = 'aes-256-gcm';
const NONCE_BYTES = 12;
const TAG_BYTES = 16;
/** `sealed1.<id of the key>.<nonce, ciphertext and tag in base64url>` */
const FORM = /^sealed1\.([0-9a-f-]{36})\.([\w-]{38,})$/;

/** Seals the value of a sensitive column with the tenant's present key (AES-256-GCM, random nonce). */
export function sealText(keys: TenantKeys, place: SealedPlace, text: string): string {
  const key = keys.current();
  const nonce = randomBytes(NONCE_BYTES);
  const cipher = createCipheriv(CIPHER, textKeyOf(key), nonce).setAAD(addressOf(keys.tenant_id, place));
  const sealed = Buffer.concat([nonce, cipher.update(text, 'utf8'), cipher.final(), cipher.getAuthTag()]);
  return `sealed1.${key.id}.${sealed.toString('base64url')}`;
}

/** Opens what `sealText` sealed for the same place. @throws {AppError} `internal` if it is anything else, or its key was destroyed */
export async function openText(keys: TenantKeys, place: SealedPlace, sealed: string): Promise<string> {
  const where = `${place.table}.${place.column}`;
  const [, id = '', encoded = ''] = FORM.exec(sealed) ?? [];
  const key = await keys.find(id);
  const bytes = Buffer.from(encoded, 'base64url');
  if (bytes.toString('base64url') !== encoded) throw new AppError('internal', `A value of ${where} was changed`);
  if (!key) throw new AppError('internal', id ? `The key of a value of ${where} no longer exists` : `A value of ${where} is not sealed`);
  const decipher = createDecipheriv(CIPHER, textKeyOf(key), bytes.subarray(0, NONCE_BYTES), { authTagLength: TAG_BYTES });
  decipher.setAAD(addressOf(keys.tenant_id, place)).setAuthTag(bytes.subarray(-TAG_BYTES));
  try {
    return decipher.update(bytes.subarray(NONCE_BYTES, -TAG_BYTES), undefined, 'utf8') + decipher.final('utf8');
  } catch (error) {
    throw new AppError('internal', `A value of ${where} was changed, or belongs to another row`, { cause: error });
  }
}

/** The id of the key that a value was sealed with; undefined for what is not sealed. */
export function sealedWith(sealed: string): string | undefined {
  return FORM.exec(sealed)?.[1];
}

/** A key of its own for columns: blobs and columns never share one. */
function textKeyOf(key: DataKey): Uint8Array {
  const known = textKeys.get(key);
  if (known) return known;
  const made = new Uint8Array(hkdfSync('sha256', key.secret, '', 'isocenter text', 32));
  textKeys.set(key, made);
  return made;
}

const textKeys = new WeakMap<DataKey, Uint8Array>();

function addressOf(tenantId: string, { table, column, row }: SealedPlace): Uint8Array {
  return Buffer.from(JSON.stringify([tenantId, table, column, row]));
}
