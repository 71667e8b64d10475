import type { Input } from '../../contract/endpoint.ts';
import type { register } from '../../contract/identity.ts';
import { AppError } from '../platform/errors.ts';
import { newId } from '../platform/ids.ts';
import { DEFAULT_TENANT } from '../platform/scope.ts';
import { findTenant } from '../tenants/queries.ts';
import { linkDoesNotWork, ownWords, type TenantUser } from './account-password.ts';
import type { Identity } from './identity.ts';
import { registrationGuard, takeTry } from './lockout.ts';
import { findLink, type InvitationContent, invitationContent } from './one-time-links.ts';
import { requireStrength } from './password.ts';
import { readPolicies } from './policies.ts';
import { insertUser, type UserRow } from './repository.ts';
import { countRegistrations, deleteOldRegistrations, insertRegistration, spendOneTimeLink } from './request-repository.ts';
import type { Client } from './sessions.ts';

/** More wait for nobody: a flood of requests must not fill the disk. */
const MAX_PENDING = 1_000;
const FORGET_AFTER_MS = 30 * 24 * 3_600_000;

export type NewRegistration = Input<typeof register>['body'];

/**
 * Makes an account with an invitation, which fixes its role; without one, where the tenant allows it, leaves a request for the
 * administrators. A request is answered alike whether or not its user name is taken or its tenant exists.
 *
 * @throws {AppError} `forbidden` where accounts are not asked for, or for a link that does not work; `wrong-state` if the name is taken
 * (to an invited person only); `invalid-request` for a password that is guessed first; `too-many-requests`
 */
export async function registerUser(identity: Identity, wanted: NewRegistration, client: Client): Promise<TenantUser | 'pending'> {
  await requireStrength(wanted.password, ownWords(namesOf(wanted)));
  return wanted.invitation === undefined ? askForAccount(identity, wanted, client) : acceptInvitation(identity, wanted, wanted.invitation);
}

async function acceptInvitation(identity: Identity, wanted: NewRegistration, token: string): Promise<TenantUser> {
  const { now, scope, passwords } = identity;
  const link = await findLink(identity, 'invitation', token);
  if (!link) throw linkDoesNotWork();
  const { db } = await scope(link.tenant_id);
  const user = newUser(wanted, { content: invitationContent(link), password_hash: await passwords.hash(wanted.password), now: now() });
  await db.transaction().execute(async (tx) => {
    if (!(await spendOneTimeLink(tx, link.id, now().toISOString()))) throw linkDoesNotWork();
    // Rolls the use of the link back, so that another name can be tried with it.
    if (!(await insertUser(tx, user))) throw new AppError('wrong-state', 'This user name or e-mail address is taken');
  });
  return { tenantId: link.tenant_id, user };
}

async function askForAccount(identity: Identity, wanted: NewRegistration, client: Client): Promise<'pending'> {
  const { systemDb, scope, now, passwords, config } = identity;
  const { tenant: named = DEFAULT_TENANT, username, full_name } = wanted;
  const tenant = await findTenant(systemDb, named);
  const { db } = await scope(tenant?.is_active === 1 ? tenant.id : DEFAULT_TENANT);
  const { registration } = tenant?.is_active === 1 ? await readPolicies(db, config) : config;
  if (registration === 'closed') throw new AppError('forbidden', 'Accounts are made by the administrators');
  if (registration === 'invitation') throw new AppError('forbidden', 'This needs an invitation: ask an administrator for a link');
  const at = now();
  await takeTry(db, [registrationGuard(client.ip)], at);
  const password_hash = await passwords.hash(wanted.password);
  if (tenant?.is_active !== 1) return 'pending';
  await db.transaction().execute(async (tx) => {
    await deleteOldRegistrations(tx, new Date(at.getTime() - FORGET_AFTER_MS).toISOString());
    if ((await countRegistrations(tx)) >= MAX_PENDING) throw new AppError('too-many-requests', 'Too many requests are waiting already');
    const { email, specialization, license_number, hospital, phone } = namesOf(wanted);
    const details = { email, specialization, license_number, hospital, phone };
    await insertRegistration(tx, {
      ...details,
      id: newId(at),
      username,
      full_name,
      password_hash,
      ip: client.ip,
      created_at: at.toISOString(),
    });
  });
  return 'pending';
}

type Given = Pick<UserRow, 'username' | 'full_name' | 'email' | 'specialization' | 'license_number' | 'hospital' | 'phone'>;

function namesOf({ username, full_name, email, profile = {} }: NewRegistration): Given {
  const { specialization = null, license_number = null, hospital = null, phone = null } = profile;
  return { username, full_name, email: email?.toLowerCase() ?? null, specialization, license_number, hospital, phone };
}

function newUser(
  wanted: NewRegistration,
  { content, password_hash, now }: { content: InvitationContent; password_hash: string; now: Date },
): UserRow {
  const given = namesOf(wanted);
  const at = now.toISOString();
  const email = given.email ?? content.email;
  return {
    ...given,
    id: newId(now),
    email,
    role: content.role,
    password_hash,
    is_active: 1,
    created_at: at,
    last_login: null,
    is_operator: 0,
    patient_key: content.patient_id,
    password_changed_at: at,
    // The address that the administrator wrote is known; another one is what somebody says.
    email_confirmed_at: email !== null && email === content.email ? at : null,
  };
}
