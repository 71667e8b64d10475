import type { Addendum } from '../../contract/reports.ts';
import { sha256Hex, signedAddendum } from '../../reporting/report-hash.ts';
import { appendEvent } from '../events/append-event.ts';
import { tellAudit } from '../platform/acting-scope.ts';
import type { Principal } from '../platform/auth.ts';
import { AppError } from '../platform/errors.ts';
import { newId } from '../platform/ids.ts';
import type { Db, TenantJobs, Tx } from '../platform/ports.ts';
import {
  type AddendumRow,
  addendumOf,
  deleteAddendum,
  findNewestReport,
  getAddendum,
  getReport,
  insertAddendum,
  listAddenda,
  updateAddendum,
  updateReport,
} from './repository.ts';

export type AddendumDeps = { db: Db; now: () => Date };

/** As for a report: a person waits for the paper. */
const PDF_PRIORITY = 20;

/**
 * Opens an addendum to the newest version of a report.
 *
 * @throws {AppError} `report-not-found`, `wrong-state` unless it is the signed newest version without another open addendum
 */
export async function openAddendum({ db, now }: AddendumDeps, reportId: string, text: string): Promise<Addendum> {
  return db.transaction().execute(async (tx) => {
    const report = await getReport(tx, reportId);
    const newest = await findNewestReport(tx, report.study_instance_uid);
    if (report.status !== 'final' || newest?.id !== reportId)
      throw new AppError('wrong-state', 'Only the newest version can have an addendum, once it is signed');
    const others = await listAddenda(tx, reportId);
    if (others.some(({ status }) => status === 'draft'))
      throw new AppError('wrong-state', 'Another addendum is open; sign it or throw it away');
    const at = now().toISOString();
    const row: AddendumRow = {
      id: newId(now()),
      study_instance_uid: report.study_instance_uid,
      report_id: reportId,
      number: Math.max(0, ...others.map(({ number }) => number)) + 1,
      status: 'draft',
      text,
      signed_content: null,
      content_sha256: null,
      signed_by: null,
      signed_at: null,
      signature_meaning: null,
      created_at: at,
      updated_at: at,
    };
    await insertAddendum(tx, row);
    await tell(tx, row, { type: 'addendum_opened', at });
    return addendumOf(row);
  });
}

/** @throws {AppError} `not-found`, `wrong-state` once it is signed */
export async function editAddendum({ db, now }: AddendumDeps, id: string, text: string): Promise<Addendum> {
  return db.transaction().execute(async (tx) => {
    const row = await getDraft(tx, id);
    const change = { text, updated_at: now().toISOString() };
    await updateAddendum(tx, id, change);
    return addendumOf({ ...row, ...change });
  });
}

/** @throws {AppError} `not-found`, `wrong-state` once it is signed */
export async function throwAway({ db }: { db: Db }, id: string): Promise<void> {
  await db.transaction().execute(async (tx) => {
    await getDraft(tx, id);
    await deleteAddendum(tx, id);
  });
}

/**
 * Signs an addendum for itself: its canonical JSON, which names the hash of the report that it adds to, is frozen under a hash of its own,
 * and the paper of the report is made anew. The caller has confirmed the signer's password.
 *
 * @throws {AppError} `not-found`, `wrong-state` if it is signed already, is empty, was changed since it was read, or its report is no longer the newest
 */
export async function signAddendum(
  { db, jobs, now }: AddendumDeps & { jobs: TenantJobs },
  principal: Principal,
  { id, meaning, seenText }: { id: string; meaning: string; seenText?: string | undefined },
): Promise<Addendum> {
  return db.transaction().execute(async (tx) => {
    const row = await getDraft(tx, id);
    const report = await getReport(tx, row.report_id);
    if (report.status !== 'final' || report.content_sha256 === null) throw new AppError('wrong-state', 'The report was amended meanwhile');
    if (row.text.trim() === '') throw new AppError('wrong-state', 'The addendum is empty');
    if (seenText !== undefined && seenText !== row.text) throw new AppError('wrong-state', 'The addendum was changed since you read it');
    const signed_at = now().toISOString();
    const signature = { signed_by: principal.full_name, signed_at, signature_meaning: meaning };
    const content = signedAddendum({ ...row, ...signature, report_sha256: report.content_sha256 });
    const change = {
      ...signature,
      status: 'final' as const,
      signed_content: content,
      content_sha256: sha256Hex(content),
      updated_at: signed_at,
    };
    await updateAddendum(tx, id, change);
    tellAudit(tx, { details: { content_sha256: change.content_sha256 } });
    await updateReport(tx, report.id, { pdf_status: 'rendering', pdf_blob_key: null });
    await jobs.enqueue(tx, 'render-report', { report_id: report.id }, { key: report.id, priority: PDF_PRIORITY });
    await tell(tx, row, { type: 'addendum_signed', at: signed_at });
    return addendumOf({ ...row, ...change });
  });
}

async function getDraft(tx: Tx, id: string): Promise<AddendumRow> {
  const row = await getAddendum(tx, id);
  if (row.status !== 'draft') throw new AppError('wrong-state', 'The addendum is signed');
  return row;
}

async function tell(
  tx: Tx,
  { id, report_id, study_instance_uid }: AddendumRow,
  event: { type: 'addendum_opened' | 'addendum_signed'; at: string },
): Promise<void> {
  await appendEvent(tx, { ...event, study_instance_uid, ids: { report_id, addendum_id: id } });
}
