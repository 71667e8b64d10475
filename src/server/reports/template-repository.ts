import type { Selectable } from 'kysely';
import type { ReportMacro, ReportTemplate } from '../../contract/report-templates.ts';
import type { ReportSections } from '../../contract/reports.ts';
import { parseColumn } from '../platform/json.ts';
import type { Db, Tx } from '../platform/ports.ts';
import type { Tables } from '../platform/schema.ts';

export type TemplateRow = Selectable<Tables['report_template']>;
export type MacroRow = Selectable<Tables['report_macro']>;

/** Those of an account and those of the tenant. */
export async function listTemplateRows(db: Db, owner: string): Promise<TemplateRow[]> {
  return db.selectFrom('report_template').selectAll().where('owner', 'in', [owner, '']).orderBy('name').orderBy('id').execute();
}

/** Of the account or of the tenant. */
export async function findTemplateRow(db: Db | Tx, { id, owner }: { id: string; owner: string }): Promise<TemplateRow | undefined> {
  return db.selectFrom('report_template').selectAll().where('id', '=', id).where('owner', 'in', [owner, '']).executeTakeFirst();
}

/** New, or in place of the one with its id. */
export async function putTemplate(tx: Tx, { id, ...row }: TemplateRow): Promise<void> {
  await tx
    .insertInto('report_template')
    .values({ id, ...row })
    .onConflict((conflict) => conflict.column('id').doUpdateSet(row))
    .execute();
}

/** @returns whether there was one */
export async function deleteTemplateRow(tx: Tx, { id, owner }: { id: string; owner: string }): Promise<boolean> {
  const { numDeletedRows } = await tx
    .deleteFrom('report_template')
    .where('id', '=', id)
    .where('owner', 'in', [owner, ''])
    .executeTakeFirst();
  return numDeletedRows > 0n;
}

export function templateOf({ sections, owner, ...row }: TemplateRow): ReportTemplate {
  return { ...row, sections: parseColumn<ReportSections>(sections), reach: owner === '' ? 'tenant' : 'own', is_starter: false };
}

/** Those of an account and those of the tenant. */
export async function listMacroRows(db: Db | Tx, owner: string): Promise<MacroRow[]> {
  return db.selectFrom('report_macro').selectAll().where('owner', 'in', [owner, '']).orderBy('code').orderBy('owner', 'desc').execute();
}

/** Of the account or of the tenant. */
export async function findMacroRow(db: Db | Tx, { id, owner }: { id: string; owner: string }): Promise<MacroRow | undefined> {
  return db.selectFrom('report_macro').selectAll().where('id', '=', id).where('owner', 'in', [owner, '']).executeTakeFirst();
}

export async function insertMacro(tx: Tx, row: MacroRow): Promise<void> {
  await tx.insertInto('report_macro').values(row).execute();
}

export async function updateMacro(tx: Tx, { id, ...change }: MacroRow): Promise<void> {
  await tx.updateTable('report_macro').set(change).where('id', '=', id).execute();
}

export async function deleteMacroRow(tx: Tx, id: string): Promise<void> {
  await tx.deleteFrom('report_macro').where('id', '=', id).execute();
}

export function macroOf({ owner, locale, ...row }: MacroRow): ReportMacro {
  return { ...row, reach: owner === '' ? 'tenant' : 'own', locale: locale === '' ? null : (locale as NonNullable<ReportMacro['locale']>) };
}
