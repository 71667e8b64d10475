import type { Analysis } from '../../contract/analysis.ts';
import { DISCLAIMER } from '../../contract/disclaimer.ts';
import type { Addendum, Report } from '../../contract/reports.ts';
import type { StudyDetail } from '../../contract/studies.ts';
import type { PdfRenderer } from '../../reporting/pdf.ts';
import type { AiProvenance, PaperAddendum, ReportDocument } from '../../reporting/report-document.ts';
import { describeAnalysis, wordingOf } from '../../reporting/wording.ts';
import { ageAt } from '../analysis/plan.ts';
import { listAnalyses } from '../analysis/queries.ts';
import { appendEvent } from '../events/append-event.ts';
import { listFindings } from '../findings/queries.ts';
import { AppError } from '../platform/errors.ts';
import { findStudyDetail } from '../studies/queries.ts';
import { type KeyImageDeps, renderKeyImages } from './key-images.ts';
import { getReport, getWholeReport, updateReport } from './repository.ts';

export type RenderDeps = KeyImageDeps & { pdf: PdfRenderer; now: () => Date };

/**
 * Sets a signed report on paper once and keeps it; a kept one is not made again.
 *
 * @throws {AppError} `report-not-found`, `wrong-state` if it is not signed
 */
export async function renderReport(deps: RenderDeps, reportId: string): Promise<void> {
  const row = await getReport(deps.db, reportId);
  if (row.status === 'draft') throw new AppError('wrong-state', 'A draft is not kept on paper');
  if (row.pdf_blob_key) return;
  const bytes = await renderPaper(deps, reportId);
  const blob = await deps.blobs.put(once(bytes));
  await deps.db.transaction().execute(async (tx) => {
    await updateReport(tx, reportId, { pdf_status: 'ready', pdf_blob_key: blob.key });
    await appendEvent(tx, {
      type: 'report_rendered',
      study_instance_uid: row.study_instance_uid,
      at: deps.now().toISOString(),
      ids: { report_id: reportId },
    });
  });
}

/** The paper of any version as it stands; a draft is marked as one. @throws {AppError} `report-not-found` */
export async function renderPaper(deps: RenderDeps, reportId: string): Promise<Uint8Array> {
  return deps.pdf.renderReportPdf(await readDocument(deps, reportId));
}

/** The same pages as a picture (SVG), one under the other. @throws {AppError} `report-not-found` */
export async function renderPicture(deps: RenderDeps, reportId: string): Promise<Uint8Array> {
  return deps.pdf.renderReportSvg(await readDocument(deps, reportId));
}

async function readDocument(deps: RenderDeps, reportId: string): Promise<ReportDocument> {
  const report = await getWholeReport(deps.db, reportId);
  const study = await findStudyDetail(deps.db, report.study_instance_uid);
  if (!study) throw new AppError('study-not-found', `No study ${report.study_instance_uid}`);
  return documentOf(deps, report, study);
}

async function documentOf(deps: RenderDeps, report: Report, study: StudyDetail): Promise<ReportDocument> {
  const findings = await listFindings(deps.db, study.study_instance_uid);
  const told = report.finding_ids.flatMap((id) => findings.find((finding) => finding.id === id) ?? []);
  const analyses = (await listAnalyses(deps.db, study.study_instance_uid)).filter(({ status }) => status !== 'cancelled');
  const amended = report.amends ? await getReport(deps.db, report.amends) : undefined;
  return {
    id: report.id,
    locale: report.locale,
    status: report.status,
    version: report.version,
    title: titleOf(report, study),
    patient: {
      name: study.patient_name,
      id: study.patient_id,
      birth_date: study.patient_birth_date,
      sex: study.patient_sex,
      ...ageText(study),
    },
    study: {
      date: study.study_date,
      accession: study.accession_number,
      description: study.description,
      modalities: study.modalities,
      uid: study.study_instance_uid,
    },
    sections: report.sections,
    key_images: await renderKeyImages(deps, told, report.locale),
    ai: analyses.map((analysis) => provenanceOf(analysis, report)),
    disclaimer: wordingOf(report.locale).disclaimer,
    ...signatureOf(report),
    ...(amended && report.amendment_reason
      ? { amendment: { reason: report.amendment_reason, of_version: amended.version, date: amended.signed_at ?? amended.created_at } }
      : {}),
    addenda: report.addenda.flatMap(addendumOnPaper),
    is_synthetic: study.is_synthetic,
    created: report.signed_at ?? report.updated_at,
  };
}

/** Only signed ones. */
function addendumOnPaper({ number, text, signed_by, signed_at, signature_meaning, content_sha256 }: Addendum): PaperAddendum[] {
  if (!signed_by || !signed_at || !content_sha256) return [];
  return [{ number, text, signature: { name: signed_by, time: signed_at, meaning: signature_meaning ?? '', content_sha256 } }];
}

function titleOf({ locale }: Report, { description, modalities }: StudyDetail): string {
  const wording = wordingOf(locale);
  return description ?? wording.list(modalities.map((code) => wording.modality[code] ?? code));
}

function signatureOf({ signed_by, signed_at, signature_meaning, content_sha256 }: Report): Pick<ReportDocument, 'signature'> {
  if (!signed_by || !signed_at || !signature_meaning || !content_sha256) return {};
  return { signature: { name: signed_by, time: signed_at, meaning: signature_meaning, content_sha256 } };
}

function provenanceOf(analysis: Analysis, { locale }: Report): AiProvenance {
  const { model_id: model, model_version: version, model_digest: digest } = analysis;
  return { model, version, digest, result: describeAnalysis(analysis, locale), disclaimer: DISCLAIMER };
}

function ageText(study: StudyDetail): { age?: string } {
  const { ageYears } = ageAt(study.patient_birth_date, study.study_date);
  return ageYears === undefined ? {} : { age: String(ageYears) };
}

async function* once(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
  yield bytes;
}
