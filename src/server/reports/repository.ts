import type { Selectable, Updateable } from 'kysely';
import { DISCLAIMER } from '../../contract/disclaimer.ts';
import type { Addendum, Report, ReportSections, Statement } from '../../contract/reports.ts';
import { AppError } from '../platform/errors.ts';
import { parseColumn } from '../platform/json.ts';
import type { Db, Tx } from '../platform/ports.ts';
import type { Tables } from '../platform/schema.ts';

export type ReportRow = Selectable<Tables['report']>;
export type AddendumRow = Selectable<Tables['report_addendum']>;

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

export async function findStudyDescription(db: Db | Tx, studyInstanceUid: string): Promise<string | null> {
  const row = await db.selectFrom('study').select('description').where('study_instance_uid', '=', studyInstanceUid).executeTakeFirst();
  return row?.description ?? null;
}

export async function listReports(db: Db, studyInstanceUid: string): Promise<Report[]> {
  const rows = await db
    .selectFrom('report')
    .selectAll()
    .where('study_instance_uid', '=', studyInstanceUid)
    .orderBy('version', 'desc')
    .execute();
  const addenda = await db
    .selectFrom('report_addendum')
    .selectAll()
    .where('study_instance_uid', '=', studyInstanceUid)
    .orderBy('number')
    .execute();
  return rows.map((row) =>
    reportOf(
      row,
      addenda.filter(({ report_id }) => report_id === row.id),
    ),
  );
}

/** With its addenda. @throws {AppError} `report-not-found` */
export async function getWholeReport(db: Db | Tx, id: string): Promise<Report> {
  return reportOf(await getReport(db, id), await listAddenda(db, id));
}

export async function insertAddendum(tx: Tx, row: AddendumRow): Promise<void> {
  await tx.insertInto('report_addendum').values(row).execute();
}

export async function updateAddendum(tx: Tx, id: string, change: Updateable<Tables['report_addendum']>): Promise<void> {
  await tx.updateTable('report_addendum').set(change).where('id', '=', id).execute();
}

export async function deleteAddendum(tx: Tx, id: string): Promise<void> {
  await tx.deleteFrom('report_addendum').where('id', '=', id).execute();
}

/** @throws {AppError} `not-found` */
export async function getAddendum(db: Db | Tx, id: string): Promise<AddendumRow> {
  const row = await db.selectFrom('report_addendum').selectAll().where('id', '=', id).executeTakeFirst();
  if (!row) throw new AppError('not-found', `No addendum ${id}`);
  return row;
}

/** Of a report, the first first. */
export async function listAddenda(db: Db | Tx, reportId: string): Promise<AddendumRow[]> {
  return db.selectFrom('report_addendum').selectAll().where('report_id', '=', reportId).orderBy('number').execute();
}

export function addendumOf({ signed_content: _, study_instance_uid: __, ...row }: AddendumRow): Addendum {
  return row;
}

export function reportOf(row: ReportRow, addenda: readonly AddendumRow[] = []): Report {
  const { signed_content: _, pdf_blob_key: __, ...rest } = row;
  return {
    ...rest,
    sections: parseColumn<ReportSections>(row.sections),
    finding_ids: parseColumn<string[]>(row.finding_ids),
    statements: parseColumn<Statement[]>(row.statements ?? '[]'),
    acknowledged: parseColumn<string[]>(row.acknowledged ?? '[]'),
    addenda: addenda.map(addendumOf),
    disclaimer: DISCLAIMER,
  };
}
