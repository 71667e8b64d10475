import type { OneTimeLink, TenantRole } from '../../contract/identity-users.ts';
import { newId } from '../platform/ids.ts';
import { parseColumn } from '../platform/json.ts';
import type { SystemDb, Tx } from '../platform/ports.ts';
import { deleteOldLinks, findOneTimeLink, insertOneTimeLink, type OneTimeLinkRow } from './request-repository.ts';
import { digestOf, newSecret } from './secret.ts';

const HOUR_MS = 3_600_000;
const INVITATION_HOURS = 72;
/** A link for a password is asked for when somebody waits for it. */
const RESET_HOURS = 24;
/** Used and old links are kept a while, so that it can be told what became of one. */
const KEEP_MS = 30 * 24 * HOUR_MS;

/** What an invitation fixes beforehand. */
export type InvitationContent = { role: TenantRole; full_name: string | null; email: string | null; patient_id: string | null };

/** A link without its address, which depends on how the server is reached. */
export type IssuedLink = Omit<OneTimeLink, 'url'>;

export async function issueInvitation(
  { now }: { now: () => Date },
  tx: Tx,
  { content, createdBy, hours = INVITATION_HOURS }: { content: InvitationContent; createdBy: string; hours?: number | undefined },
): Promise<IssuedLink> {
  return issue(tx, now(), { kind: 'invitation', hours, createdBy, userId: null, content: JSON.stringify(content) });
}

export async function issueReset(
  { now }: { now: () => Date },
  tx: Tx,
  { userId, createdBy }: { userId: string; createdBy: string },
): Promise<IssuedLink> {
  return issue(tx, now(), { kind: 'password-reset', hours: RESET_HOURS, createdBy, userId, content: '{}' });
}

/** A link that still works and is of the kind; undefined for any other text. */
export async function findLink(
  { systemDb, now }: { systemDb: SystemDb; now: () => Date },
  kind: OneTimeLinkRow['kind'],
  token: string,
): Promise<(OneTimeLinkRow & { tenant_id: string }) | undefined> {
  const link = await findOneTimeLink(systemDb, digestOf(token));
  return link && link.kind === kind && link.used_at === null && link.expires_at > now().toISOString() ? link : undefined;
}

export function invitationContent({ content }: OneTimeLinkRow): InvitationContent {
  return parseColumn<InvitationContent>(content);
}

type NewLink = { kind: OneTimeLinkRow['kind']; hours: number; createdBy: string; userId: string | null; content: string };

async function issue(tx: Tx, at: Date, { kind, hours, createdBy, userId, content }: NewLink): Promise<IssuedLink> {
  const token = `${kind === 'invitation' ? 'inv' : 'rst'}_${newSecret()}`;
  const id = newId(at);
  const expires_at = new Date(at.getTime() + hours * HOUR_MS).toISOString();
  await deleteOldLinks(tx, new Date(at.getTime() - KEEP_MS).toISOString());
  await insertOneTimeLink(tx, {
    id,
    kind,
    secret_hash: digestOf(token),
    user_id: userId,
    content,
    created_by: createdBy,
    created_at: at.toISOString(),
    expires_at,
    used_at: null,
  });
  return { id, token, expires_at };
}
