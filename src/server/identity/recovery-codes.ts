import { randomBytes } from 'node:crypto';
import type { Tx } from '../platform/ports.ts';
import { putRecoveryCodes, readHeldFactors } from './factor-repository.ts';
import { digestOf } from './secret.ts';

const COUNT = 10;
/** Crockford's base 32, without letters that are read as digits. */
const ALPHABET = '0123456789abcdefghjkmnpqrstvwxyz';
/** 120 random bits: a digest is enough to keep it (ASVS 5.0, 6.5.2: from 112 bits on). */
const LENGTH = 24;

/** Ten new codes in place of those before. What is returned is nowhere else. */
export async function issueRecoveryCodes(tx: Tx, userId: string, now: Date): Promise<string[]> {
  const codes = Array.from({ length: COUNT }, newCode);
  const hashes = codes.map((code) => recoveryDigest(userId, code));
  await putRecoveryCodes(tx, userId, hashes, now.toISOString());
  return codes.map((code) => code.replaceAll(/.{6}(?=.)/g, '$&-'));
}

/** For an account that just got its first second factor; none where it has codes already. */
export async function issueFirstRecoveryCodes(tx: Tx, userId: string, now: Date): Promise<string[]> {
  return (await readHeldFactors(tx, userId)).recovery_codes_left > 0 ? [] : issueRecoveryCodes(tx, userId, now);
}

/** @param code lower case, without what makes it readable */
export function recoveryDigest(userId: string, code: string): string {
  return digestOf(`recovery:${userId}:${code}`);
}

function newCode(): string {
  // 32 divides 256: each letter is as likely as the others.
  return Array.from(randomBytes(LENGTH), (byte) => ALPHABET[byte % ALPHABET.length]).join('');
}
