import { createPublicKey, hash, type KeyObject, sign, verify } from 'node:crypto';
import type { AuditCheckpoint } from '../../contract/audit.ts';
import { canonicalJson } from '../../reporting/canonical-json.ts';
import { digestOf } from './chain.ts';

export const CHECKPOINT_FORM = 'isocenter-audit-checkpoint/1';

/** Digits of a key's name; enough to tell the keys of one installation apart. */
const KEY_ID_DIGITS = 16;

type Signed = { key_id: string; signature: string };

/** Signs a statement: adds the name of the key and the signature (Ed25519 over the canonical JSON of all the rest, base64url). */
export function signStatement<T extends object>(statement: T, privateKey: KeyObject): T & Signed {
  const body = { ...statement, key_id: keyIdOf(createPublicKey(privateKey)) };
  return { ...body, signature: sign(null, Buffer.from(canonicalJson(body)), privateKey).toString('base64url') };
}

/** Whether a statement was signed with the private half of `publicKey`, in the one spelling that a signature has. */
export function isSignedBy({ signature, ...body }: Signed, publicKey: KeyObject): boolean {
  const bytes = Buffer.from(signature, 'base64url');
  if (bytes.toString('base64url') !== signature || body.key_id !== keyIdOf(publicKey)) return false;
  return verify(null, Buffer.from(canonicalJson(body)), publicKey, bytes);
}

/** What the next checkpoint names as the one before it. */
export function checkpointHash(checkpoint: AuditCheckpoint): string {
  return digestOf(checkpoint);
}

export function keyIdOf(publicKey: KeyObject): string {
  return hash('sha256', publicKey.export({ type: 'spki', format: 'der' }), 'hex').slice(0, KEY_ID_DIGITS);
}
