import type { Selectable, Updateable } from 'kysely';
import { DISCLAIMER } from '../../contract/disclaimer.ts';
import type { Report, ReportSections } from '../../contract/reports.ts';
import { AppError } from '../platform/errors.ts';
import { parseColumn } from '../platform/json.ts';
import type { Db, Tx } from '../platform/ports.ts';
import type { Tables } from '../platform/schema.ts';

export type ReportRow = Selectable<Tables['report']>;

export async function insertReport(tx: Tx, row: ReportRow): Promise<void> {
  await tx.insertInto('report').values(row).execute();
}

export async function updateReport(tx: Db | Tx, id: string, change: Updateable<Tables['report']>): Promise<void> {
  await tx.updateTable('report').set(change).where('id', '=', id).execute();
}

/** @throws {AppError} `report-not-found` */
export async function getReport(db: Db | Tx, id: string): Promise<ReportRow> {
  const row = await db.selectFrom('report').selectAll().where('id', '=', id).executeTakeFirst();
  if (!row) throw new AppError('report-not-found', `No report ${id}`);
  return row;
}

/** The newest version of a study's report. */
export async function findNewestReport(tx: Db | Tx, studyInstanceUid: string): Promise<ReportRow | undefined> {
  return tx
    .selectFrom('report')
    .selectAll()
    .where('study_instance_uid', '=', studyInstanceUid)
    .orderBy('version', 'desc')
    .limit(1)
    .executeTakeFirst();
}

export async function listReports(db: Db, studyInstanceUid: string): Promise<Report[]> {
  const rows = await db
    .selectFrom('report')
    .selectAll()
    .where('study_instance_uid', '=', studyInstanceUid)
    .orderBy('version', 'desc')
    .execute();
  return rows.map(reportOf);
}

export function reportOf(row: ReportRow): Report {
  const { signed_content: _, pdf_blob_key: __, ...rest } = row;
  return {
    ...rest,
    sections: parseColumn<ReportSections>(row.sections),
    finding_ids: parseColumn<string[]>(row.finding_ids),
    disclaimer: DISCLAIMER,
  };
}
