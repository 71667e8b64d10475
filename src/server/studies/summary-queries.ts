import type { ExpressionBuilder } from 'kysely';
import type { StudySummary } from '../../contract/studies.ts';
import type { Db } from '../platform/ports.ts';
import { prepared } from '../platform/prepared.ts';
import type { Tables } from '../platform/schema.ts';
import type { Search } from './search-filter.ts';
import { type KeyRow, type Keys, orderOf } from './search-queries.ts';

/** A line of the study list, with its place in the order of searches. */
export type SummaryRow = KeyRow & { summary: StudySummary };

/** All studies, the newest arrival first. */
export const LIST = { level: 'study', scope: {}, filters: [], order: 'arrival' } as const satisfies Search;

/** Reads the lines of the studies that keys name, with one statement. @param order of the keys */
export async function readSummaries(db: Db, keys: Keys, order = orderOf(LIST)): Promise<SummaryRow[]> {
  const rows = await db
    .selectFrom(keys.as('page'))
    // Keeps its order in SQLite: each key leads to its row.
    .crossJoin('study')
    .whereRef('study.study_instance_uid', '=', 'page.key')
    .innerJoin('patient', 'patient.id', 'study.patient_key')
    .select(['page.key', 'page.place', ...COLUMNS])
    .select((study) => computed(study))
    .orderBy(order)
    .execute();
  return rows.map(({ key, place, ...row }) => ({ key, place, summary: summaryOf(row) }));
}

export async function findSummary(db: Db, studyInstanceUid: string): Promise<StudySummary | undefined> {
  const [row] = await selectSummary(db, { studyInstanceUid });
  return row && summaryOf(row);
}

const COLUMNS = [
  'study.study_instance_uid',
  'study.accession_number',
  'study.study_date',
  'study.study_time',
  'study.description',
  'study.modalities',
  'study.series_count',
  'study.instance_count',
  'study.is_synthetic',
  'study.status',
  'study.analysis_status',
  'study.created_at',
  'study.updated_at',
  'patient.patient_id',
  'patient.name as patient_name',
  'patient.birth_date as patient_birth_date',
  'patient.sex as patient_sex',
] as const;

type Within = ExpressionBuilder<Tables, 'study'>;

function computed(study: Within) {
  return [
    openFindings(study).as('open_findings'),
    reportStatus(study).as('report_status'),
    analysisReason(study).as('analysis_reason'),
  ] as const;
}

function openFindings(study: Within) {
  return study
    .selectFrom('finding')
    .select((finding) => finding.fn.countAll<number>().as('n'))
    .whereRef('finding.study_instance_uid', '=', 'study.study_instance_uid')
    .where('finding.status', '=', 'proposed');
}

/** Why the newest run abstained or failed. */
function analysisReason(study: Within) {
  return study
    .selectFrom('analysis')
    .select('analysis.reason')
    .whereRef('analysis.study_instance_uid', '=', 'study.study_instance_uid')
    .where('analysis.status', 'in', ['abstained', 'failed'])
    .orderBy('analysis.created_at', 'desc')
    .limit(1);
}

function reportStatus(study: Within) {
  return study
    .selectFrom('report')
    .select('report.status')
    .whereRef('report.study_instance_uid', '=', 'study.study_instance_uid')
    .orderBy('report.version', 'desc')
    .limit(1);
}

type Row = Omit<StudySummary, 'modalities' | 'is_synthetic' | 'open_findings'> & {
  modalities: string;
  is_synthetic: number;
  open_findings: number | null;
};

const selectSummary = prepared<Db, { studyInstanceUid: string }, Row>((db, value) =>
  db
    .selectFrom('study')
    .innerJoin('patient', 'patient.id', 'study.patient_key')
    .select(COLUMNS)
    .select((study) => computed(study))
    .where('study.study_instance_uid', '=', value('studyInstanceUid')),
);

function summaryOf(row: Row): StudySummary {
  return {
    ...row,
    modalities: row.modalities.split(',').filter(Boolean),
    is_synthetic: row.is_synthetic === 1,
    analysis_reason: row.analysis_status === 'abstained' || row.analysis_status === 'failed' ? row.analysis_reason : null,
    open_findings: Number(row.open_findings),
  };
}
