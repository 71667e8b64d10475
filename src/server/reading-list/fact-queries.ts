import type { DiagnosisPriority, DiagnosisStatus } from '../../contract/diagnosis.ts';
import { parseColumn } from '../platform/json.ts';
import type { Db, Tx } from '../platform/ports.ts';
import type { ReadingFacts } from './priority.ts';

/** What is known of a study, and of the diagnoses that it is part of, the newest first. */
export type KnownOfStudy = {
  facts: ReadingFacts;
  reading_status: 'unread' | 'reading' | 'drafted' | 'signed';
  reading_place: string;
  modalities: string[];
  /** The modality whose targets hold for it, as was found last. */
  target_modality: string;
  diagnoses: { id: string; status: DiagnosisStatus; priority: DiagnosisPriority }[];
};

/** Reads what decides on the priority of studies, a few statements for all of them. @param today `2026-11-21` */
export async function readFacts(db: Db | Tx, uids: readonly string[], today: string): Promise<Map<string, KnownOfStudy>> {
  if (uids.length === 0) return new Map();
  const studies = await listStudies(db, uids);
  const [orders, diagnoses, findings, followUps, reasons] = [
    Map.groupBy(await listOrders(db, uids), byStudy),
    Map.groupBy(await listDiagnoses(db, uids), byStudy),
    Map.groupBy(await listModelFindings(db, uids), byStudy),
    Map.groupBy(
      await listOverdueFollowUps(
        db,
        studies.map(({ patient_key }) => patient_key),
        today,
      ),
      ({ patient_key }) => patient_key,
    ),
    new Map((await listUnansweredReasons(db, uids)).map((row) => [row.study_instance_uid, row.reason])),
  ];
  return new Map(
    studies.map(({ study_instance_uid: uid, patient_key, created_at, analysis_status, level, level_by, level_at, modalities, ...row }) => {
      const ofStudy = diagnoses.get(uid) ?? [];
      const facts: ReadingFacts = {
        received_at: created_at,
        set: level !== null && level_at !== null ? { level, by: level_by ?? '', at: level_at } : undefined,
        orders: orders.get(uid) ?? [],
        diagnoses: ofStudy.filter(({ status }) => status !== 'cancelled'),
        findings: (findings.get(uid) ?? []).map(({ study_instance_uid: _, status, ...finding }) => ({
          ...finding,
          is_confirmed: status !== 'proposed',
        })),
        not_evaluable: analysis_status === 'abstained' || analysis_status === 'failed' ? { reason: reasons.get(uid) ?? null } : undefined,
        // A recommendation is not overdue by the very study that led to it.
        follow_ups: (followUps.get(patient_key) ?? []).filter(({ study_instance_uid }) => study_instance_uid !== uid),
      };
      return [uid, { ...row, modalities: modalities.split(',').filter(Boolean), facts, diagnoses: ofStudy }];
    }),
  );
}

type OfStudy = { study_instance_uid: string };

function byStudy({ study_instance_uid }: OfStudy): string {
  return study_instance_uid;
}

async function listStudies(db: Db | Tx, uids: readonly string[]) {
  return db
    .selectFrom('study')
    .leftJoin('reading', 'reading.study_instance_uid', 'study.study_instance_uid')
    .select([
      'study.study_instance_uid',
      'study.patient_key',
      'study.created_at',
      'study.analysis_status',
      'study.reading_status',
      'study.reading_place',
      'study.modalities',
      'study.target_modality',
      'reading.level',
      'reading.level_by',
      'reading.level_at',
    ])
    .where('study.study_instance_uid', 'in', uids)
    .execute();
}

async function listOrders(db: Db | Tx, uids: readonly string[]) {
  const rows = await db
    .selectFrom('worklist_order')
    .select(['study_instance_uid', 'content'])
    .where('study_instance_uid', 'in', uids)
    .where('status', '!=', 'cancelled')
    .execute();
  return rows.flatMap(({ study_instance_uid, content }) => {
    const { priority } = parseColumn<{ priority?: ReadingFacts['orders'][number]['priority'] }>(content);
    return priority === undefined ? [] : [{ study_instance_uid, priority }];
  });
}

async function listDiagnoses(db: Db | Tx, uids: readonly string[]) {
  return db
    .selectFrom('diagnosis_image')
    .innerJoin('diagnosis', 'diagnosis.id', 'diagnosis_image.diagnosis_id')
    .select(['diagnosis_image.study_instance_uid', 'diagnosis.id', 'diagnosis.status', 'diagnosis.priority'])
    .distinct()
    .where('diagnosis_image.study_instance_uid', 'in', uids)
    .orderBy('diagnosis.id', 'desc')
    .execute();
}

async function listModelFindings(db: Db | Tx, uids: readonly string[]) {
  return db
    .selectFrom('finding')
    .leftJoin('analysis', 'analysis.id', 'finding.analysis_id')
    .select([
      'finding.study_instance_uid',
      'finding.id',
      'finding.code',
      'finding.title',
      'finding.confidence',
      'finding.status',
      'finding.created_at as found_at',
      'analysis.model_id',
      'analysis.model_version',
    ])
    .where('finding.study_instance_uid', 'in', uids)
    .where('finding.source', '=', 'model')
    .where('finding.status', '!=', 'rejected')
    .orderBy('finding.id')
    .execute();
}

async function listOverdueFollowUps(db: Db | Tx, patientKeys: readonly string[], today: string) {
  if (patientKeys.length === 0) return [];
  const rows = await db
    .selectFrom('study')
    .innerJoin('follow_up', 'follow_up.study_instance_uid', 'study.study_instance_uid')
    .select(['study.patient_key', 'follow_up.study_instance_uid', 'follow_up.id', 'follow_up.due_to'])
    .where('study.patient_key', 'in', [...new Set(patientKeys)])
    .where('follow_up.status', '=', 'open')
    .where('follow_up.due_to', '<', today)
    .orderBy('follow_up.id')
    .execute();
  return rows.map((row) => ({ ...row, due_to: row.due_to ?? today }));
}

/** Why the newest run without an answer gave none. */
async function listUnansweredReasons(db: Db | Tx, uids: readonly string[]) {
  return db
    .selectFrom('analysis')
    .select(['study_instance_uid', 'reason'])
    .where('study_instance_uid', 'in', uids)
    .where('status', 'in', ['abstained', 'failed'])
    .orderBy('created_at')
    .execute();
}
