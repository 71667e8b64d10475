import { hash, verify } from '@node-rs/argon2';
import { AppError } from '../platform/errors.ts';
import { isGuessable } from './password-strength.ts';

/** Argon2id with 19 MiB, 2 passes, 1 lane (OWASP Password Storage Cheat Sheet). */
const PARAMETERS = { memoryCost: 19_456, timeCost: 2, parallelism: 1 };
const PRESENT_FORM = '$argon2id$v=19$m=19456,t=2,p=1$';
const ARGON2_FORM = /^\$argon2id\$v=19\$m=\d{4,6},t=\d{1,2},p=\d{1,2}\$[\w+/]{11,128}\$[\w+/]{22,128}$/;
/** Costs up to 14: a check of a higher one would take seconds. */
const BCRYPT_FORM = /^\$2[aby]\$(?:0[4-9]|1[0-4])\$[./\w]{53}$/;

/** How passwords are kept and compared. */
export type Passwords = {
  hash(password: string): Promise<string>;
  /** Computes a hash whether or not there is one to compare with, so that nobody learns from the time which names exist. */
  matches(stored: string | undefined, password: string): Promise<boolean>;
};

export const passwords: Passwords = {
  hash: async (password) => hash(normalized(password), PARAMETERS),
  matches: async (stored, password) => {
    if (stored?.startsWith('$2')) return matchesBcrypt(stored, password);
    decoy ??= passwords.hash('a password that nobody has');
    const matches = await verify(stored ?? (await decoy), normalized(password));
    return stored !== undefined && matches;
  },
};

let decoy: Promise<string> | undefined;

/** Whether a hash should be made anew now that the password is at hand. */
export function isOutdated(stored: string): boolean {
  return !stored.startsWith(PRESENT_FORM);
}

/** Whether it is a hash that `matches` can compare with: Argon2id, or bcrypt of another system. */
export function isPasswordHash(text: string): boolean {
  return ARGON2_FORM.test(text) || BCRYPT_FORM.test(text);
}

/** @param field where the password stands in the request @throws {AppError} `invalid-request` for one that is guessed first */
export async function requireStrength(password: string, own: readonly (string | null | undefined)[], field = 'password'): Promise<void> {
  const names = own.flatMap((name) => name ?? []);
  if (!(await isGuessable(password, names))) return;
  throw new AppError('invalid-request', 'This password is made of common words, names, dates or patterns, which are guessed first', {
    fields: [{ field: `body/${field}`, message: 'is guessed early; add words that do not belong together' }],
  });
}

/** The same characters typed on another system may be other code points. */
function normalized(password: string): string {
  return password.normalize('NFC');
}

async function matchesBcrypt(stored: string, password: string): Promise<boolean> {
  const { compare } = await import('bcryptjs');
  return compare(password, stored);
}
