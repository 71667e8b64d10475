import type { Static } from 'typebox';
import type { Input } from '../../contract/endpoint.ts';
import type { Profile, Session, updateProfile, WhoAmI } from '../../contract/identity.ts';
import { PERMISSIONS } from '../../contract/permission.ts';
import { mayDo, type Principal } from '../platform/auth.ts';
import { AppError } from '../platform/errors.ts';
import type { Scope } from '../platform/scope.ts';
import { endSessionOf } from './access-changes.ts';
import type { Identity } from './identity.ts';
import { detailsOf, getUser, isEmailTaken, profileOf, updateUser } from './repository.ts';
import { listSessions } from './session-repository.ts';
import { sessionOf } from './sessions.ts';

type Here = Pick<Scope, 'db' | 'tenant_id'>;

export async function readProfile({ db, tenant_id }: Here, principal: Principal): Promise<Profile> {
  return profileOf(await getUser(db, principal.user_id), tenant_id);
}

/** Changes the own name and details. @throws {AppError} `wrong-state` if the address is taken */
export async function changeProfile(
  here: Here,
  principal: Principal,
  { full_name, email, profile }: Input<typeof updateProfile>['body'],
): Promise<Profile> {
  await here.db.transaction().execute(async (tx) => {
    if (email && (await isEmailTaken(tx, email.toLowerCase(), principal.user_id)))
      throw new AppError('wrong-state', 'This e-mail address is taken');
    const { email: before } = await getUser(tx, principal.user_id);
    await updateUser(tx, principal.user_id, {
      ...detailsOf(profile),
      // An address that one gives oneself opens no account at a provider's word.
      ...(email === undefined || email?.toLowerCase() === before ? {} : { email_confirmed_at: null }),
      ...(full_name === undefined ? {} : { full_name }),
      ...(email === undefined ? {} : { email: email?.toLowerCase() ?? null }),
    });
  });
  return readProfile(here, principal);
}

export async function readSessions({ now }: Pick<Identity, 'now'>, { db }: Here, userId: string, currentId?: string): Promise<Session[]> {
  const at = now();
  const rows = await listSessions(db, userId, at.toISOString());
  return rows
    .filter(({ last_used_at, idle_seconds }) => Date.parse(last_used_at) + idle_seconds * 1000 > at.getTime())
    .map((row) => sessionOf(row, currentId));
}

/** Ends one of the own sessions. @throws {AppError} `not-found`, for those of others as well */
export async function endOwnSession(clock: Pick<Identity, 'now'>, here: Here, principal: Principal, id: string): Promise<void> {
  if (!(await endSessionOf(clock, here, principal.user_id, id))) throw new AppError('not-found', `No session ${id}`);
}

export function whoIs(principal: Principal): Static<typeof WhoAmI> {
  const { kind, tenant_id, id, full_name, role, visibility, must_enroll = false, idle_seconds = null, diagnosis_id = null } = principal;
  const study = visibility?.kind === 'shared' || visibility?.kind === 'study' ? visibility.study_instance_uid : null;
  const permissions = PERMISSIONS.filter((permission) => mayDo(principal, permission));
  return { kind, tenant_id, id, name: full_name, role, permissions, study_instance_uid: study, diagnosis_id, must_enroll, idle_seconds };
}
