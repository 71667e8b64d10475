import { createHmac } from 'node:crypto';
import { secretKeyOf } from '../platform/secret-key.ts';

/** 128 bits: more than enough that no two patients of an installation share one. */
const DIGITS = 32;

/**
 * The patient as the trail knows him: HMAC-SHA-256 of tenant and record id under a key of the installation, so that entries stay together
 * after the record is erased, and tell nothing to who guesses ids.
 */
export function patientPseudonym(key: Uint8Array, tenantId: string, patientId: string): string {
  return createHmac('sha256', secretKeyOf(key))
    .update(JSON.stringify([tenantId, patientId]))
    .digest('hex')
    .slice(0, DIGITS);
}
