import { newId } from '../src/server/platform/ids.ts';
import type { Scope } from '../src/server/platform/scope.ts';

const AT = '2030-01-01T00:00:00.000Z';
const LATER = '2999-01-01T00:00:00.000Z';
let count = 0;

/** Ids of an account, and of what brings people and machines in. */
export type IdentityObjects = Record<'user' | 'invitation' | 'registration' | 'apiKey' | 'shareLink' | 'provider', string>;

/** One of each in a tenant, with `owner` in whatever text there is; the link is to `study`. Nothing signs in with them. */
export async function makeIdentityObjects(
  { db }: Pick<Scope, 'db'>,
  { owner, study }: { owner: string; study: string },
): Promise<IdentityObjects> {
  count += 1;
  const [user, invitation, registration, apiKey, shareLink, provider] = [newId(), newId(), newId(), newId(), newId(), newId()];
  const name = `${owner.toLowerCase()}-${count}`;
  const secret = (what: string): string => `${what} ${owner} ${count}`;
  const account = { role: 'technician', password_hash: '', is_active: 1, is_operator: 0, created_at: AT };
  await db
    .insertInto('app_user')
    .values({ ...account, id: user, username: name, full_name: owner })
    .execute();
  const content = JSON.stringify({ role: 'doctor', full_name: owner, email: null, patient_id: null });
  const made = { created_by: owner, created_at: AT, expires_at: LATER };
  await db
    .insertInto('one_time_link')
    .values({ ...made, id: invitation, kind: 'invitation', secret_hash: secret('invitation'), content })
    .execute();
  await db
    .insertInto('registration')
    .values({ id: registration, username: `${name}-asks`, full_name: owner, password_hash: '', ip: '', created_at: AT })
    .execute();
  await db
    .insertInto('api_key')
    .values({ id: apiKey, name: owner, prefix: secret('isk'), secret_hash: '', role: 'service', created_at: AT })
    .execute();
  await db
    .insertInto('share_link')
    .values({ ...made, id: shareLink, secret_hash: secret('share'), study_instance_uid: study, note: owner, uses: 0 })
    .execute();
  const rules = { scopes: '', role_claim: owner, role_map: '[]', links_by_email: 0, provisions: 0, is_active: 1, created_at: AT };
  await db
    .insertInto('identity_provider')
    .values({ ...rules, id: provider, name: secret('provider'), issuer: 'https://idp.example.org', client_id: owner })
    .execute();
  return { user, invitation, registration, apiKey, shareLink, provider };
}
