import type { Input } from '../../contract/endpoint.ts';
import type { Profile, setUpAdministrator } from '../../contract/identity.ts';
import { AppError } from '../platform/errors.ts';
import { newId } from '../platform/ids.ts';
import type { SystemDb } from '../platform/ports.ts';
import { DEFAULT_TENANT, type OpenScope } from '../platform/scope.ts';
import { ownWords } from './account-password.ts';
import { passwords, requireStrength } from './password.ts';
import { countAllUsers, insertUser, profileOf, type UserRow } from './repository.ts';
import { digestOf, newSecret, sameDigest } from './secret.ts';
import { deleteSetting, findSetting, putSetting } from './setting-repository.ts';

const SETUP_TOKEN = 'setup_token_sha256';

type SetupDeps = { systemDb: SystemDb; scope: OpenScope };

/** Whether nobody can sign in yet. */
export async function needsSetup(db: SystemDb): Promise<boolean> {
  return (await countAllUsers(db)) === 0;
}

/** Makes a fresh one-time token if nobody can sign in yet; a token of an earlier start is void from then on. */
export async function openSetup({ systemDb, scope }: SetupDeps): Promise<string | undefined> {
  if (!(await needsSetup(systemDb))) return undefined;
  const token = newSecret();
  await putSetting((await scope(DEFAULT_TENANT)).db, SETUP_TOKEN, digestOf(token));
  return token;
}

/**
 * Makes the first administrator, of the default tenant and of the installation, and voids the token, both or neither.
 *
 * @throws {AppError} `forbidden` for a wrong or used token, `invalid-request` for a password that is guessed first
 */
export async function setUpFirstAdministrator(
  { systemDb, scope, now }: SetupDeps & { now: () => Date },
  { token, username, full_name, password }: Input<typeof setUpAdministrator>['body'],
): Promise<Profile> {
  const { db } = await scope(DEFAULT_TENANT);
  const expected = await findSetting(db, SETUP_TOKEN);
  if (expected === undefined || !sameDigest(digestOf(token), expected) || !(await needsSetup(systemDb))) throw wrongToken();
  await requireStrength(password, ownWords({ username, full_name, email: null, hospital: null }));
  const at = now().toISOString();
  const user: UserRow = {
    id: newId(now()),
    username,
    full_name,
    role: 'admin',
    // Hashed before the transaction: it takes long, and the transaction blocks other writers.
    password_hash: await passwords.hash(password),
    is_active: 1,
    created_at: at,
    last_login: null,
    is_operator: 1,
    email: null,
    specialization: null,
    license_number: null,
    hospital: null,
    phone: null,
    patient_key: null,
    password_changed_at: at,
    email_confirmed_at: null,
  };
  await db.transaction().execute(async (tx) => {
    // Of two at once, the first has taken the token away.
    if ((await findSetting(tx, SETUP_TOKEN)) !== expected || !(await insertUser(tx, user))) throw wrongToken();
    await deleteSetting(tx, SETUP_TOKEN);
  });
  return profileOf(user, DEFAULT_TENANT);
}

function wrongToken(): AppError {
  return new AppError('forbidden', 'The set-up link is not valid; the server prints a new one at its next start while there is no user');
}
