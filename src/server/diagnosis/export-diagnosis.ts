import type { AgentReports, AgentsReports } from '../../contract/agents.ts';
import type { Diagnosis } from '../../contract/diagnosis.ts';
import type { DiagnosisResults } from '../../contract/diagnosis-results.ts';
import type { exportDiagnosis as exportEndpoint, TimelineEntry } from '../../contract/diagnosis-work.ts';
import { DISCLAIMER } from '../../contract/disclaimer.ts';
import type { Output } from '../../contract/endpoint.ts';
import type { PdfRenderer } from '../../reporting/pdf.ts';
import type { ReportDocument } from '../../reporting/report-document.ts';
import { parseColumn } from '../platform/json.ts';
import type { Db } from '../platform/ports.ts';
import { findStudyDetail } from '../studies/queries.ts';
import { commentOf } from './comment.ts';
import { listComments } from './comment-repository.ts';
import { findPatientIdentity } from './image-queries.ts';
import { type AgentRow, agentStateOf, describeDiagnosis, listAgentRows } from './queries.ts';
import { readResults } from './read-results.ts';
import { getDiagnosis, listSteps } from './repository.ts';
import { wordsOf } from './results-in-words.ts';

type Exported = Output<typeof exportEndpoint>;

/** Everything of a diagnosis as one document. @throws {AppError} `diagnosis-not-found` */
export async function exportDiagnosis({ db, now }: { db: Db; now: () => Date }, id: string): Promise<Exported> {
  const row = await getDiagnosis(db, id);
  return {
    diagnosis: await describeDiagnosis(db, row),
    results: await readResults(db, row),
    agents_reports: await readAgentsReports(db, id),
    timeline: await readTimeline(db, id),
    comments: (await listComments(db, id)).map(commentOf),
    exported_at: now().toISOString(),
    disclaimer: DISCLAIMER,
  };
}

/** The same on paper; equal diagnoses give equal bytes. @throws {AppError} `diagnosis-not-found` */
export async function renderDiagnosis({ db, now, pdf }: { db: Db; now: () => Date; pdf: PdfRenderer }, id: string): Promise<Uint8Array> {
  return pdf.renderReportPdf(await documentOf(db, await exportDiagnosis({ db, now }, id)));
}

export async function readTimeline(db: Db, id: string): Promise<TimelineEntry[]> {
  return (await listSteps(db, id)).map(({ number, at, type, actor, data }) => ({ number, at, type, actor, data: parseColumn(data) }));
}

/** What each agent says, as far as it is. */
export async function readAgentsReports(db: Db, id: string): Promise<AgentsReports> {
  const rows = await listAgentRows(db, [id]);
  // Each agent wrote its own report, and every diagnosis has a row of every agent.
  return Object.fromEntries(rows.map((row) => [row.agent, reportOf(row)])) as AgentsReports;
}

function reportOf(row: AgentRow) {
  const { agent: _, ...state } = agentStateOf(row);
  return { ...state, report: row.report === null ? null : parseColumn<AgentReports[keyof AgentReports]>(row.report) };
}

async function documentOf(db: Db, { diagnosis, results, agents_reports }: Exported): Promise<ReportDocument> {
  const patient = await findPatientIdentity(db, diagnosis.patient_key);
  const [image] = diagnosis.images;
  const study = image && (await findStudyDetail(db, image.study_instance_uid));
  return {
    id: diagnosis.id,
    locale: 'en',
    // What is final is the report that a person signs; this paper is never more than a draft of one.
    status: 'draft',
    version: diagnosis.version,
    title: 'Diagnosis',
    patient: {
      name: patient?.name ?? '',
      id: patient?.patient_id ?? '',
      birth_date: patient?.birth_date ?? null,
      sex: patient?.sex ?? null,
    },
    study: {
      date: study?.study_date ?? null,
      accession: study?.accession_number ?? null,
      description: study?.description ?? null,
      modalities: study?.modalities ?? [],
      uid: study?.study_instance_uid ?? '',
    },
    sections: wordsOf(diagnosis, results, agents_reports),
    key_images: [],
    ai: provenanceOf(results, agents_reports),
    disclaimer: results.disclaimer,
    is_synthetic: study?.is_synthetic ?? false,
    created: lastChange(diagnosis),
  };
}

function provenanceOf({ disclaimer }: DiagnosisResults, { monai }: AgentsReports): ReportDocument['ai'] {
  return (monai.report?.runs ?? []).map(({ model_id: model, model_version: version, status, reason, analysis_id }) => ({
    model,
    version,
    digest: analysis_id,
    result: reason ?? status,
    disclaimer,
  }));
}

function lastChange({ updated_at, completed_at }: Diagnosis): string {
  return completed_at !== null && completed_at > updated_at ? completed_at : updated_at;
}
