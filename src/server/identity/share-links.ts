import type { NewShareLink, ShareLink } from '../../contract/identity-shares.ts';
import type { AuditActor } from '../platform/audit-entry.ts';
import type { Principal } from '../platform/auth.ts';
import { AppError } from '../platform/errors.ts';
import { newId } from '../platform/ids.ts';
import type { SystemDb } from '../platform/ports.ts';
import type { Scope } from '../platform/scope.ts';
import { tellAccessChanged } from './access-changes.ts';
import { countUseOfDiagnosisLink, findDiagnosisLinkBySecret } from './diagnosis-link-repository.ts';
import type { Identity } from './identity.ts';
import { addressGuard, forgive, linkGuard, takeTry } from './lockout.ts';
import { digestOf, newSecret } from './secret.ts';
import { deleteSessionsOfLink } from './session-repository.ts';
import { type Client, type OpenedSession, openSession } from './sessions.ts';
import {
  countUse,
  findReportStatus,
  findShareLink,
  findShareLinkBySecret,
  insertShareLink,
  revokeShareLink,
  type ShareLinkRow,
  studyExists,
} from './share-link-repository.ts';

/** What a link shows: a study, one report of it, or a diagnosis. */
type Shown = { study_instance_uid: string | null; report_id: string | null; diagnosis_id: string | null };

const SECRET_FORM = /^shr_[\w-]{43}$/;
const DEFAULT_HOURS = 7 * 24;
const HOUR_MS = 3_600_000;

/**
 * Makes a link to a study that its maker sees, or to one signed report of it; `token` is nowhere else.
 *
 * @throws {AppError} `study-not-found`, `report-not-found`, `wrong-state` for a report that is not signed
 */
export async function makeShareLink(
  { now, passwords }: Pick<Identity, 'now' | 'passwords'>,
  { db }: Pick<Scope, 'db'>,
  { maker, link }: { maker: Principal; link: NewShareLink },
): Promise<ShareLink & { token: string }> {
  const { study_instance_uid, report_id = null, hours, note = '', password } = link;
  if (!(await studyExists(db, study_instance_uid))) throw new AppError('study-not-found', `No study ${study_instance_uid}`);
  if (report_id !== null) {
    const status = await findReportStatus(db, report_id, study_instance_uid);
    if (status === undefined) throw new AppError('report-not-found', `No report ${report_id}`);
    if (status === 'draft') throw new AppError('wrong-state', 'Only a signed report can be shared');
  }
  const at = now();
  const token = newLinkToken();
  const row: ShareLinkRow = {
    id: newId(at),
    secret_hash: digestOf(token),
    study_instance_uid,
    report_id,
    note,
    password_hash: password === undefined ? null : await passwords.hash(password),
    created_by: maker.user_id,
    created_at: at.toISOString(),
    expires_at: endOfLink(at, hours),
    last_used_at: null,
    uses: 0,
    revoked_at: null,
  };
  await db.transaction().execute((tx) => insertShareLink(tx, row));
  return { ...shareLinkOf(row), token };
}

/** The secret of a new link, whatever it shows. */
export function newLinkToken(): string {
  return `shr_${newSecret()}`;
}

/** When a link is over, ISO 8601. */
export function endOfLink(madeAt: Date, hours: number = DEFAULT_HOURS): string {
  return new Date(madeAt.getTime() + hours * HOUR_MS).toISOString();
}

/** Ends a link and every session that it opened. @throws {AppError} `not-found` */
export async function endShareLink({ now }: Pick<Identity, 'now'>, { db }: Pick<Scope, 'db'>, id: string): Promise<ShareLink> {
  return db.transaction().execute(async (tx) => {
    await revokeShareLink(tx, id, now().toISOString());
    const row = await findShareLink(tx, id);
    if (!row) throw new AppError('not-found', `No share link ${id}`);
    await deleteSessionsOfLink(tx, id);
    await tellAccessChanged(tx, now(), { share_link_id: id });
    return shareLinkOf(row);
  });
}

/**
 * Opens a session that sees what the link shows. A link that is unknown, over or revoked, and a wrong password, are told alike.
 *
 * @throws {AppError} `wrong-credentials`, `too-many-requests`
 */
export async function openShareLink(
  identity: Identity,
  { token, password = '' }: { token: string; password?: string | undefined },
  client: Client,
): Promise<{ session: OpenedSession; shown: Shown }> {
  const { systemDb, scope, now, passwords } = identity;
  const link = SECRET_FORM.test(token) ? await findLink(systemDb, digestOf(token)) : undefined;
  const at = now();
  if (!link || link.revoked_at !== null || link.expires_at <= at.toISOString()) throw notOpened();
  if (client.act)
    Object.assign(client.act, { tenantId: link.tenant_id, object: { type: 'share_link', id: link.id }, actor: holderOf(link.id) });
  const { db } = await scope(link.tenant_id);
  const guards = link.password_hash === null ? [] : [linkGuard(link.id), addressGuard(client.ip)];
  if (link.password_hash !== null) {
    await takeTry(db, guards, at);
    if (!(await passwords.matches(link.password_hash, password))) throw notOpened();
  }
  const session = await db.transaction().execute(async (tx) => {
    await forgive(tx, guards, at);
    const count = link.shown.diagnosis_id === null ? countUse : countUseOfDiagnosisLink;
    await count(tx, link.id, at.toISOString());
    return openSession(identity, tx, {
      tenantId: link.tenant_id,
      holder: { share_link_id: link.id },
      method: 'share',
      client,
      notAfter: link.expires_at,
    });
  });
  return { session, shown: link.shown };
}

/** A link of either kind, whichever the tenant. */
async function findLink(systemDb: SystemDb, secretHash: string) {
  const link = await findShareLinkBySecret(systemDb, secretHash);
  if (link) return { ...link, shown: { study_instance_uid: link.study_instance_uid, report_id: link.report_id, diagnosis_id: null } };
  const other = await findDiagnosisLinkBySecret(systemDb, secretHash);
  return other && { ...other, shown: { study_instance_uid: null, report_id: null, diagnosis_id: other.diagnosis_id } };
}

export function shareLinkOf({ secret_hash: _, password_hash, ...shown }: ShareLinkRow): ShareLink {
  return { ...shown, has_password: password_hash !== null };
}

/** Nobody knows who has a link. */
function holderOf(id: string): AuditActor {
  return { kind: 'share', id, name: null, role: 'patient' };
}

function notOpened(): AppError {
  return new AppError('wrong-credentials', 'The link does not work, or its password is wrong');
}
