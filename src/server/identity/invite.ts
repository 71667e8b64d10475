import type { Input } from '../../contract/endpoint.ts';
import type { Invitation, invite, Registration } from '../../contract/identity-users.ts';
import type { Principal } from '../platform/auth.ts';
import type { Scope } from '../platform/scope.ts';
import type { Identity } from './identity.ts';
import { requirePatient } from './manage-users.ts';
import { type InvitationContent, type IssuedLink, invitationContent, issueInvitation } from './one-time-links.ts';
import type { OneTimeLinkRow, RegistrationRow } from './request-repository.ts';

/**
 * Makes a link with which a person makes its own account, in the role that it is invited for.
 *
 * @throws {AppError} `invalid-request` for a patient without a record
 */
export async function inviteUser(
  clock: Pick<Identity, 'now'>,
  { db }: Pick<Scope, 'db'>,
  { wanted, principal }: { wanted: Input<typeof invite>['body']; principal: Principal },
): Promise<IssuedLink> {
  const { role, full_name, email, patient_id, hours } = wanted;
  const content: InvitationContent = {
    role,
    full_name: full_name ?? null,
    email: email?.toLowerCase() ?? null,
    patient_id: patient_id ?? null,
  };
  await requirePatient(db, role, content.patient_id);
  return db.transaction().execute((tx) => issueInvitation(clock, tx, { content, createdBy: principal.id, hours }));
}

export function invitationOf(row: OneTimeLinkRow): Invitation {
  const { role, full_name, email } = invitationContent(row);
  const { id, created_by, created_at, expires_at } = row;
  return { id, role, full_name, email, created_by, created_at, expires_at };
}

export function registrationOf({ taken_by, ...row }: RegistrationRow & { taken_by: string | null }): Registration {
  const { id, username, full_name, email, specialization, license_number, hospital, phone, ip, created_at } = row;
  const profile = { specialization, license_number, hospital, phone };
  return { id, username, full_name, email, profile, ip, created_at, is_taken: taken_by !== null };
}
