import type { DiagnosisLink, NewDiagnosisLink } from '../../contract/diagnosis-shares.ts';
import { findDiagnosis } from '../diagnosis/queries.ts';
import { tellAudit } from '../platform/acting-scope.ts';
import type { Principal } from '../platform/auth.ts';
import { AppError } from '../platform/errors.ts';
import { newId } from '../platform/ids.ts';
import type { Db } from '../platform/ports.ts';
import type { Scope } from '../platform/scope.ts';
import {
  type DiagnosisLinkRow,
  findDiagnosisLink,
  insertDiagnosisLink,
  listDiagnosisLinkRows,
  markDiagnosisLinkRevoked,
} from './diagnosis-link-repository.ts';
import type { Identity } from './identity.ts';
import { digestOf } from './secret.ts';
import { deleteSessionsOfLink } from './session-repository.ts';
import { endOfLink, newLinkToken } from './share-links.ts';

/** Links to the results of a diagnosis, those that are over too. @throws {AppError} `diagnosis-not-found` */
export async function listDiagnosisLinks(db: Db, diagnosisId: string): Promise<DiagnosisLink[]> {
  await patientOf(db, diagnosisId);
  return (await listDiagnosisLinkRows(db, diagnosisId)).map(linkOf);
}

/** Makes a link to the results of a diagnosis; `token` is nowhere else. @throws {AppError} `diagnosis-not-found` */
export async function makeDiagnosisLink(
  { now, passwords }: Pick<Identity, 'now' | 'passwords'>,
  { db }: Pick<Scope, 'db'>,
  { maker, diagnosisId, link }: { maker: Principal; diagnosisId: string; link: NewDiagnosisLink },
): Promise<DiagnosisLink & { token: string }> {
  const patient_key = await patientOf(db, diagnosisId);
  const at = now();
  const token = newLinkToken();
  const row: DiagnosisLinkRow = {
    id: newId(at),
    secret_hash: digestOf(token),
    diagnosis_id: diagnosisId,
    patient_key,
    note: link.note ?? '',
    password_hash: link.password === undefined ? null : await passwords.hash(link.password),
    created_by: maker.user_id,
    created_at: at.toISOString(),
    expires_at: endOfLink(at, link.hours),
    last_used_at: null,
    uses: 0,
    revoked_at: null,
  };
  await db.transaction().execute(async (tx) => {
    await insertDiagnosisLink(tx, row);
    tellAudit(tx, { patient_id: patient_key, details: { link: row.id } });
  });
  return { ...linkOf(row), token };
}

/** Ends a link and every session that it opened. @throws {AppError} `not-found` */
export async function endDiagnosisLink(
  { now }: Pick<Identity, 'now'>,
  { db }: Pick<Scope, 'db'>,
  link: { diagnosisId: string; id: string },
): Promise<DiagnosisLink> {
  return db.transaction().execute(async (tx) => {
    const found = await findDiagnosisLink(tx, link);
    if (!found) throw new AppError('not-found', `No share link ${link.id}`);
    await markDiagnosisLinkRevoked(tx, link.id, now().toISOString());
    await deleteSessionsOfLink(tx, link.id);
    tellAudit(tx, { patient_id: found.patient_key, details: { link: link.id } });
    return linkOf((await findDiagnosisLink(tx, link)) ?? found);
  });
}

async function patientOf(db: Db, diagnosisId: string): Promise<string> {
  const diagnosis = await findDiagnosis(db, diagnosisId);
  if (!diagnosis) throw new AppError('diagnosis-not-found', `No diagnosis ${diagnosisId}`);
  return diagnosis.patient_key;
}

function linkOf({ secret_hash: _, password_hash, patient_key: __, ...shown }: DiagnosisLinkRow): DiagnosisLink {
  return { ...shown, has_password: password_hash !== null };
}
