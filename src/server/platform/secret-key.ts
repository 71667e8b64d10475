import { createSecretKey, type KeyObject } from 'node:crypto';

const known = new WeakMap<Uint8Array, KeyObject>();

/**
 * A key of bytes as an object: given the bare bytes, each cipher, HMAC and derivation takes several times as long to look at them as it
 * does for small content. Remembered for as long as the bytes are, which must stay as they are.
 */
export function secretKeyOf(bytes: Uint8Array): KeyObject {
  const key = known.get(bytes) ?? createSecretKey(bytes);
  known.set(bytes, key);
  return key;
}
