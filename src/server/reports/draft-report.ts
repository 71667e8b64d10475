import type { Locale, Report, ReportSections, Statement } from '../../contract/reports.ts';
import { itemsOf, textOf } from '../../dicom/data-set.ts';
import { fromDicomJson } from '../../dicom/dicom-json.ts';
import { Tag } from '../../dicom/tags.ts';
import { type DraftStudy, draftSections } from '../../reporting/draft.ts';
import { followStatements, locateStatements, soundStatements } from '../../reporting/statements.ts';
import { listAnalyses } from '../analysis/queries.ts';
import { appendEvent } from '../events/append-event.ts';
import { listFindings } from '../findings/queries.ts';
import { recommendationText } from '../follow-up/advise-study.ts';
import { AppError } from '../platform/errors.ts';
import { newId } from '../platform/ids.ts';
import type { Db, Tx } from '../platform/ports.ts';
import { findStudyDetail, listDicomJson, listPriors } from '../studies/queries.ts';
import { applyTemplate, type DraftText, findTemplate } from './lay-template.ts';
import { findNewestReport, getReport, insertReport, type ReportRow, reportOf, updateReport } from './repository.ts';

export type ReportDeps = { db: Db; now: () => Date };

/** Priors that the comparison names at most. */
const MAX_PRIORS = 5;

/** How a draft is made: its language, and the template that is laid over it. */
export type DraftWish = { locale: Locale; template?: TemplateChoice | undefined };
/** `owner` is the account that asks. */
type TemplateChoice = { id: string; owner: string };

/**
 * Makes the draft from what the reader accepted, or makes an open draft anew (its text is replaced).
 *
 * @throws {AppError} `study-not-found`, `not-found` for the template, `wrong-state` while a finding is undecided or once the report is signed
 */
export async function draftReport({ db, now }: ReportDeps, studyInstanceUid: string, { locale, template }: DraftWish): Promise<Report> {
  const study = await findStudyDetail(db, studyInstanceUid);
  if (!study) throw new AppError('study-not-found', `No study ${studyInstanceUid}`);
  const [about, comparison] = await Promise.all([describeStudy(db, study), listPriors(db, studyInstanceUid, MAX_PRIORS)]);

  return db.transaction().execute(async (tx) => {
    const newest = await findNewestReport(tx, studyInstanceUid);
    if (newest && newest.status !== 'draft') throw new AppError('wrong-state', 'The report is signed; open an amendment instead');
    const findings = await listFindings(tx, studyInstanceUid);
    const undecided = findings.filter(({ status }) => status === 'proposed').length;
    if (undecided > 0) throw new AppError('wrong-state', `${undecided} findings are not decided yet`);

    const analyses = (await listAnalyses(tx, studyInstanceUid)).filter(({ status }) => status !== 'cancelled');
    const { findingIds, ...drafted } = draftSections({ study: about, findings, analyses, comparison, locale });
    const recommendation = await recommendationText(tx, studyInstanceUid, { findings, locale });
    const advised = withRecommendation(drafted, recommendation);
    const { sections, statements } = template === undefined ? advised : applyTemplate(advised, await findTemplate(tx, template), locale);
    const at = now().toISOString();
    const content = {
      locale,
      sections: JSON.stringify(sections),
      statements: JSON.stringify(statements),
      finding_ids: JSON.stringify(findingIds),
      revision: newest ? newest.revision + 1 : 0,
      updated_at: at,
    };
    const row = newest ? { ...newest, ...content } : { ...blankReport(newId(now()), studyInstanceUid, at), ...content };
    if (newest) await updateReport(tx, newest.id, content);
    else await insertReport(tx, row);
    await appendEvent(tx, { type: 'report_drafted', study_instance_uid: studyInstanceUid, at, ids: { report_id: row.id } });
    return reportOf(row);
  });
}

/** The text that a reader's editor holds; what it does not know of is found by its words. */
export type Edit = { sections: ReportSections; statements?: readonly Statement[] | undefined; baseRevision?: number | undefined };

/**
 * @throws {AppError} `report-not-found`, `wrong-state` once it is signed, `precondition-failed` if it was changed since the editor read it
 */
export async function editReport({ db, now }: ReportDeps, id: string, edit: Edit): Promise<Report> {
  return db.transaction().execute(async (tx) => {
    const row = await getDraft(tx, id, edit.baseRevision);
    const known = reportOf(row);
    const findingIds = (await listFindings(tx, row.study_instance_uid)).map((finding) => finding.id);
    const statements = edit.statements
      ? soundStatements(edit.statements, { sections: edit.sections, findingIds })
      : followStatements(known, edit.sections);
    return await saveText(tx, row, { sections: edit.sections, statements, at: now() });
  });
}

/**
 * Lays a template over a draft: what is still open is replaced, what is written stays, with the template's text after it.
 *
 * @throws {AppError} `report-not-found`, `not-found` for the template, `wrong-state` once it is signed, `precondition-failed`
 */
export async function layTemplate(
  { db, now }: ReportDeps,
  id: string,
  { template, baseRevision }: { template: TemplateChoice; baseRevision?: number | undefined },
): Promise<Report> {
  return db.transaction().execute(async (tx) => {
    const row = await getDraft(tx, id, baseRevision);
    const text = applyTemplate(reportOf(row), await findTemplate(tx, template), row.locale);
    return await saveText(tx, row, { ...text, at: now() });
  });
}

async function getDraft(tx: Tx, id: string, baseRevision: number | undefined): Promise<ReportRow> {
  const row = await getReport(tx, id);
  if (row.status !== 'draft') throw new AppError('wrong-state', 'The report is signed; open an amendment to change it');
  if (baseRevision !== undefined && baseRevision !== row.revision)
    throw new AppError('precondition-failed', 'The draft was changed since it was read; take its present text and try again');
  return row;
}

async function saveText(tx: Tx, row: ReportRow, { sections, statements, at }: DraftText & { at: Date }): Promise<Report> {
  const change = {
    sections: JSON.stringify(sections),
    statements: JSON.stringify(statements),
    revision: row.revision + 1,
    updated_at: at.toISOString(),
  };
  await updateReport(tx, row.id, change);
  return reportOf({ ...row, ...change });
}

/** The lines of a guideline's advice are a program's words: the reader confirms them. */
function withRecommendation({ sections, statements }: DraftText, recommendation: string | undefined): DraftText {
  if (recommendation === undefined) return { sections, statements };
  const pieces = recommendation.split('\n').map((text) => ({ text, finding_id: null, state: 'unreviewed' as const }));
  return {
    sections: { ...sections, recommendation },
    statements: [...statements, ...locateStatements('recommendation', recommendation, pieces)],
  };
}

/**
 * Opens a new version of a signed report with its text; the signed one is marked as amended once the new one is signed.
 *
 * @throws {AppError} `report-not-found`, `wrong-state` if it is not the signed newest version
 */
export async function amendReport({ db, now }: ReportDeps, id: string, reason: string): Promise<Report> {
  return db.transaction().execute(async (tx) => {
    const signed = await getReport(tx, id);
    const newest = await findNewestReport(tx, signed.study_instance_uid);
    if (signed.status !== 'final' || newest?.id !== id)
      throw new AppError('wrong-state', 'Only the newest version can be amended, once it is signed');
    const at = now().toISOString();
    const { locale, sections, statements, finding_ids } = signed;
    const row = {
      ...blankReport(newId(now()), signed.study_instance_uid, at),
      version: signed.version + 1,
      amends: id,
      amendment_reason: reason,
      locale,
      sections,
      statements,
      finding_ids,
    };
    await insertReport(tx, row);
    await appendEvent(tx, {
      type: 'report_amendment_opened',
      study_instance_uid: signed.study_instance_uid,
      at,
      ids: { report_id: row.id },
    });
    return reportOf(row);
  });
}

function blankReport(id: string, study_instance_uid: string, at: string): ReportRow {
  return {
    id,
    study_instance_uid,
    version: 1,
    amends: null,
    status: 'draft',
    locale: 'en',
    sections: '{}',
    finding_ids: '[]',
    statements: '[]',
    acknowledged: null,
    revision: 0,
    amendment_reason: null,
    signed_content: null,
    content_sha256: null,
    signed_by: null,
    signed_at: null,
    signature_meaning: null,
    pdf_status: 'none',
    pdf_blob_key: null,
    created_at: at,
    updated_at: at,
  };
}

type Detail = NonNullable<Awaited<ReturnType<typeof findStudyDetail>>>;

/** Equipment, body parts and the reason for the study, as the first instance of each series states them. */
async function describeStudy(db: Db, study: Detail): Promise<DraftStudy> {
  const first = study.series.flatMap(({ instances }) => instances.slice(0, 1).map(({ sop_instance_uid }) => sop_instance_uid));
  const dataSets = (await listDicomJson(db, first)).map((json) => fromDicomJson(JSON.parse(json) as object));
  const reasons = dataSets.flatMap((dataSet) => {
    const [request] = itemsOf(dataSet, Tag.RequestAttributesSequence);
    return [textOf(dataSet, Tag.AdditionalPatientHistory), request && textOf(request, Tag.ReasonForTheRequestedProcedure)];
  });
  return {
    ...study,
    body_parts: study.series.flatMap(({ body_part }) => body_part ?? []),
    equipment: dataSets.flatMap(
      (dataSet) => [textOf(dataSet, Tag.Manufacturer), textOf(dataSet, Tag.ManufacturerModelName)].filter(Boolean).join(' ') || [],
    ),
    clinical_information: reasons.find((reason) => reason !== undefined) ?? null,
  };
}
