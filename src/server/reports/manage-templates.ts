import type { Input } from '../../contract/endpoint.ts';
import type {
  addReportMacro as addMacroEndpoint,
  addReportTemplate as addTemplateEndpoint,
  listReportTemplates as listTemplatesEndpoint,
  ReportMacro,
  ReportTemplate,
} from '../../contract/report-templates.ts';
import { STARTER_TEMPLATES } from '../../reporting/starter-templates.ts';
import type { Principal } from '../platform/auth.ts';
import { AppError } from '../platform/errors.ts';
import { newId } from '../platform/ids.ts';
import type { Db, Tx } from '../platform/ports.ts';
import { starterOf } from './lay-template.ts';
import * as repository from './template-repository.ts';

export type DeskDeps = { db: Db; now: () => Date };
type Filter = Input<typeof listTemplatesEndpoint>['query'];
type NewTemplate = Input<typeof addTemplateEndpoint>['body'];
type NewMacro = Input<typeof addMacroEndpoint>['body'];

/** What fits the study best first: its modality and body part, then one of them; of those the tenant's own before the shipped. */
export async function listTemplates(
  { db }: { db: Db },
  { user_id }: Principal,
  { locale, modality, body_part, retired = false }: Filter,
): Promise<ReportTemplate[]> {
  const own = (await repository.listTemplateRows(db, user_id)).map(repository.templateOf);
  const starters = STARTER_TEMPLATES.map(starterOf);
  const rank = (template: ReportTemplate): number =>
    fits(template.body_part, body_part) * 2 + fits(sameKind(template.modality), sameKind(modality ?? null) ?? undefined);
  return [...own, ...starters]
    .filter((template) => (locale === undefined || template.locale === locale) && (retired || template.retired_at === null))
    .toSorted((a, b) => rank(b) - rank(a) || Number(a.is_starter) - Number(b.is_starter));
}

/** @throws {AppError} `not-found` for the id of one that is to be changed */
export async function saveTemplate(
  { db, now }: DeskDeps,
  principal: Principal,
  { id, template }: { id?: string; template: NewTemplate },
): Promise<ReportTemplate> {
  return db.transaction().execute(async (tx) => {
    const known = id === undefined ? undefined : await getTemplateRow(tx, principal, id);
    const at = now();
    const { reach, sections, ...rest } = template;
    const row = {
      ...rest,
      id: known?.id ?? newId(at),
      sections: JSON.stringify(sections),
      owner: reach === undefined ? (known?.owner ?? '') : reach === 'own' ? principal.user_id : '',
      retired_at: known?.retired_at ?? null,
      updated_by: principal.full_name,
      updated_at: at.toISOString(),
    };
    await repository.putTemplate(tx, row);
    return repository.templateOf(row);
  });
}

/** Takes a template out of what is offered, or brings it back. @throws {AppError} `not-found` */
export async function retireTemplate(
  { db, now }: DeskDeps,
  principal: Principal,
  { id, retired }: { id: string; retired: boolean },
): Promise<ReportTemplate> {
  return db.transaction().execute(async (tx) => {
    const known = await getTemplateRow(tx, principal, id);
    const at = now().toISOString();
    const row = { ...known, retired_at: retired ? (known.retired_at ?? at) : null, updated_by: principal.full_name, updated_at: at };
    await repository.putTemplate(tx, row);
    return repository.templateOf(row);
  });
}

/** @throws {AppError} `not-found` */
export async function removeTemplate({ db }: { db: Db }, { user_id }: Principal, id: string): Promise<void> {
  const isRemoved = await db.transaction().execute((tx) => repository.deleteTemplateRow(tx, { id, owner: user_id }));
  if (!isRemoved) throw new AppError('not-found', `No template ${id} of this tenant`);
}

export async function listMacros({ db }: { db: Db }, principal: Principal): Promise<ReportMacro[]> {
  return (await repository.listMacroRows(db, principal.user_id)).map(repository.macroOf);
}

/** @throws {AppError} `wrong-state` if its code is taken, `not-found` for the id of one that is to be changed */
export async function saveMacro(
  { db, now }: DeskDeps,
  principal: Principal,
  { id, macro }: { id?: string; macro: NewMacro },
): Promise<ReportMacro> {
  return db.transaction().execute(async (tx) => {
    if (id !== undefined) await getMacro(tx, principal, id);
    const at = now();
    const row: repository.MacroRow = {
      id: id ?? newId(at),
      owner: macro.reach === 'own' ? principal.user_id : '',
      code: macro.code.toLowerCase(),
      locale: macro.locale ?? '',
      text: macro.text,
      updated_at: at.toISOString(),
    };
    await refuseTwice(tx, row);
    await (id === undefined ? repository.insertMacro(tx, row) : repository.updateMacro(tx, row));
    return repository.macroOf(row);
  });
}

/** @throws {AppError} `not-found` */
export async function removeMacro({ db }: { db: Db }, principal: Principal, id: string): Promise<void> {
  await db.transaction().execute(async (tx) => {
    await getMacro(tx, principal, id);
    await repository.deleteMacroRow(tx, id);
  });
}

async function getTemplateRow(tx: Tx, { user_id }: Principal, id: string): Promise<repository.TemplateRow> {
  const row = await repository.findTemplateRow(tx, { id, owner: user_id });
  if (!row) throw new AppError('not-found', `No template ${id} of this tenant`);
  return row;
}

async function getMacro(tx: Tx, { user_id }: Principal, id: string): Promise<void> {
  if (!(await repository.findMacroRow(tx, { id, owner: user_id }))) throw new AppError('not-found', `No macro ${id}`);
}

async function refuseTwice(tx: Tx, row: repository.MacroRow): Promise<void> {
  const same = (await repository.listMacroRows(tx, row.owner)).find(
    ({ id, owner, code, locale }) => id !== row.id && owner === row.owner && code === row.code && locale === row.locale,
  );
  if (same) throw new AppError('wrong-state', 'There is a macro with this code already');
}

function fits(of: string | null, wanted: string | undefined): number {
  return of !== null && wanted !== undefined && of.toUpperCase() === wanted.toUpperCase() ? 1 : 0;
}

/** Computed and digital radiographs are read alike. */
function sameKind(modality: string | null): string | null {
  return modality?.toUpperCase() === 'CR' ? 'DX' : modality;
}
