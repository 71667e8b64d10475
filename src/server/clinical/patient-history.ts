import type { TrackedFollowUp } from '../../clinical/history/monitoring.ts';
import { scoresFromRecord } from '../../clinical/history/recorded-scores.ts';
import type { PresentStudy } from '../../clinical/history/relevance.ts';
import { synthesizeHistory } from '../../clinical/history/synthesize.ts';
import type { HistorySynthesis, RecordedScore } from '../../contract/history.ts';
import { itemsOf, textOf } from '../../dicom/data-set.ts';
import { fromDicomJson } from '../../dicom/dicom-json.ts';
import { Tag } from '../../dicom/tags.ts';
import { listFollowUpsOfPatient } from '../follow-up/queries.ts';
import { listRecordEntries } from '../patients/record-queries.ts';
import { AppError } from '../platform/errors.ts';
import type { Db } from '../platform/ports.ts';
import { knowledgeOf } from './drug-knowledge.ts';
import { findPatientFacts, listFirstObjects, listPatientStudies, listSignedReports, type PatientStudy } from './patient-queries.ts';

/** What the caller sees of the patient: undefined where it may not read it at all. */
export type HistoryViews = { record: Db; studies: Db | undefined; reports: Db | undefined };
export type HistoryRequest = {
  patientKey: string;
  /** Tells what matters for this study. */
  studyInstanceUid?: string | undefined;
  /** In place of the one that the study's order has. */
  question?: string | undefined;
  now: Date;
};

/**
 * The history of a patient out of everything that the caller may see.
 *
 * @throws {AppError} `patient-not-found`, `study-not-found` for a study that is not the patient's
 */
export async function synthesizePatient(
  views: HistoryViews,
  { patientKey, studyInstanceUid, question, now }: HistoryRequest,
): Promise<HistorySynthesis> {
  const patient = await findPatientFacts(views.record, patientKey);
  if (!patient) throw new AppError('patient-not-found', 'No such patient');
  const [entries, studies, reports, followUps, knowledge] = await Promise.all([
    listRecordEntries(views.record, patientKey),
    views.studies ? listPatientStudies(views.studies, patientKey) : [],
    views.reports ? listSignedReports(views.reports, patientKey) : [],
    listTracked(views, patientKey),
    knowledgeOf(views.record, now),
  ]);
  const present = studyInstanceUid === undefined ? undefined : await presentOf(views, studies, { studyInstanceUid, question });
  const shared = { entries, studies, reports, followUps, birthDate: patient.birth_date, knowledge, now };
  return synthesizeHistory(present ? { ...shared, present } : shared);
}

/**
 * Clinical scores as far as the record fills them.
 *
 * @throws {AppError} `patient-not-found`
 */
export async function scorePatient(record: Db, { patientKey, now }: Pick<HistoryRequest, 'patientKey' | 'now'>): Promise<RecordedScore[]> {
  const patient = await findPatientFacts(record, patientKey);
  if (!patient) throw new AppError('patient-not-found', 'No such patient');
  const [entries, knowledge] = await Promise.all([listRecordEntries(record, patientKey), knowledgeOf(record, now)]);
  return scoresFromRecord({ key: patientKey, birthDate: patient.birth_date, sex: patient.sex, entries, knowledge, now });
}

async function listTracked({ reports }: HistoryViews, patientKey: string): Promise<TrackedFollowUp[]> {
  const rows = reports ? await listFollowUpsOfPatient(reports, patientKey) : [];
  return rows.flatMap(({ id, text, due_to, status }) => (due_to === null ? [] : [{ id, title: text, due_to, is_open: status === 'open' }]));
}

async function presentOf(
  { studies: db }: HistoryViews,
  studies: readonly PatientStudy[],
  { studyInstanceUid, question }: { studyInstanceUid: string; question: string | undefined },
): Promise<PresentStudy> {
  const study = studies.find(({ study_instance_uid }) => study_instance_uid === studyInstanceUid);
  if (!study || !db) throw new AppError('study-not-found', `No study ${studyInstanceUid} of this patient`);
  return { study, question: question ?? (await questionOf(db, studyInstanceUid)) };
}

/** Why the study was asked for, as the images say it. */
async function questionOf(db: Db, studyInstanceUid: string): Promise<string | null> {
  const dataSets = (await listFirstObjects(db, studyInstanceUid)).map((json) => fromDicomJson(JSON.parse(json) as object));
  const reasons = dataSets.flatMap((dataSet) => {
    const [request] = itemsOf(dataSet, Tag.RequestAttributesSequence);
    return [request && textOf(request, Tag.ReasonForTheRequestedProcedure), textOf(dataSet, Tag.AdditionalPatientHistory)];
  });
  return reasons.find((reason) => reason !== undefined) ?? null;
}
