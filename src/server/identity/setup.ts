import { createHash, randomBytes, timingSafeEqual } from 'node:crypto';
import type { Input } from '../../contract/endpoint.ts';
import type { Profile, setUpAdministrator } from '../../contract/identity.ts';
import { AppError } from '../platform/errors.ts';
import { newId } from '../platform/ids.ts';
import type { Db } from '../platform/ports.ts';
import { hashPassword } from './password.ts';
import { countUsers, deleteSetting, findSetting, insertUser, profileOf, putSetting } from './repository.ts';

const SETUP_TOKEN = 'setup_token_sha256';

/** Whether nobody can sign in yet. */
export async function needsSetup(db: Db): Promise<boolean> {
  return (await countUsers(db)) === 0;
}

/** Makes a fresh one-time token if nobody can sign in yet; a token of an earlier start is void from then on. */
export async function openSetup(db: Db): Promise<string | undefined> {
  if (!(await needsSetup(db))) return undefined;
  const token = randomBytes(24).toString('base64url');
  await putSetting(db, SETUP_TOKEN, sha256(token));
  return token;
}

/**
 * Makes the first administrator and voids the token, both or neither.
 *
 * @throws {AppError} `forbidden` for a wrong or used token
 */
export async function setUpFirstAdministrator(
  { db, now }: { db: Db; now: () => Date },
  { token, username, full_name, password }: Input<typeof setUpAdministrator>['body'],
): Promise<Profile> {
  // Hashed before the transaction: it takes long, and the transaction blocks other writers.
  const password_hash = await hashPassword(password);
  return db.transaction().execute(async (tx) => {
    const expected = await findSetting(tx, SETUP_TOKEN);
    if (expected === undefined || (await countUsers(tx)) > 0 || !equal(sha256(token), expected)) {
      throw new AppError('forbidden', 'The set-up link is not valid; the server prints a new one at its next start while there is no user');
    }
    const user = {
      id: newId(now()),
      username,
      full_name,
      role: 'admin',
      password_hash,
      is_active: 1,
      created_at: now().toISOString(),
      last_login: null,
    };
    await insertUser(tx, user);
    await deleteSetting(tx, SETUP_TOKEN);
    return profileOf(user);
  });
}

function sha256(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}

function equal(a: string, b: string): boolean {
  return timingSafeEqual(Buffer.from(a), Buffer.from(b));
}
