import { type DicomJson, stringifyDicomJson } from '../../dicom/dicom-json.ts';
import type { Identity } from '../../dicom/identity.ts';
import { Tag } from '../../dicom/tags.ts';
import { parseColumn } from '../platform/json.ts';
import type { Tx } from '../platform/ports.ts';
import { prepared } from '../platform/prepared.ts';
import { placeInList } from '../reading-list/priority.ts';
import { attributesAt } from './attribute-levels.ts';
import { dateForm, studyMoment, timeForm } from './moment-bounds.ts';
import { writtenName } from './patient-name.ts';
import { keepPatient, type PatientFields } from './patient-repository.ts';
import type { InstanceRow } from './queries.ts';
import { termsOfRecord } from './record-terms.ts';
import { type SearchTerm, termsOfSeries, termsOfStudy } from './search-terms.ts';

/** Terms of one insert: a row has five parameters, and a statement takes some thousands. */
const TERMS_AT_A_TIME = 500;

export type HeldSeries = { study_instance_uid: string; sop_class_uid: string };
/** What an instance brings along, and what of it is there. */
export type Parents = {
  patient: PatientFields;
  identity: Identity;
  isSynthetic: boolean;
  row: InstanceRow;
  held: { study: boolean; series: HeldSeries | undefined };
};

export async function findSeries(tx: Tx, seriesInstanceUid: string): Promise<HeldSeries | undefined> {
  return (await selectSeries(tx, { uid: seriesInstanceUid }))[0];
}
const selectSeries = prepared<Tx, { uid: string }, HeldSeries>((tx, value) =>
  tx.selectFrom('series').select(['study_instance_uid', 'sop_class_uid']).where('series_instance_uid', '=', value('uid')),
);

/**
 * Inserts whatever of patient, study and series of an instance is not there yet, with the terms that lead to them; what is there keeps
 * its first values. The counts are left to `recountSeries` and `recountStudy`.
 *
 * @returns whether a record of the patient was made
 */
export async function insertParents(tx: Tx, parents: Parents): Promise<boolean> {
  const { row, held } = parents;
  if (held.series?.sop_class_uid === row.sop_class_uid) return false;
  const attributes = parseColumn<DicomJson>(row.dicom_json);
  const isNew = !held.study && (await insertStudy(tx, parents, attributesAt(attributes, ['patient', 'study'])));
  const ofSeries = attributesAt(attributes, ['series']);
  if (!held.series) await insertSeries(tx, parents, ofSeries);
  await insertTerms(tx, row, [...(held.series ? [] : termsOfSeries(ofSeries)), { tag: Tag.SOPClassUID, term: row.sop_class_uid }]);
  return isNew;
}

export async function listSeriesUids(tx: Tx, studyInstanceUid: string): Promise<string[]> {
  const series = await tx.selectFrom('series').select('series_instance_uid').where('study_instance_uid', '=', studyInstanceUid).execute();
  return series.map(({ series_instance_uid }) => series_instance_uid);
}

/** Counts the instances of a series anew. */
export async function recountSeries(tx: Tx, seriesInstanceUid: string): Promise<void> {
  await updateSeriesCount(tx, { uid: seriesInstanceUid });
}
const updateSeriesCount = prepared<Tx, { uid: string }, unknown>((tx, value) =>
  tx
    .updateTable('series')
    .set((series) => ({
      instance_count: series
        .selectFrom('instance')
        .select((instance) => instance.fn.countAll<number>().as('n'))
        .where('instance.series_instance_uid', '=', value('uid')),
    }))
    .where('series_instance_uid', '=', value('uid')),
);

/** Brings the counts and modalities of a study to what its series have. */
export async function recountStudy(tx: Tx, studyInstanceUid: string): Promise<void> {
  const series = await selectSeriesCounts(tx, { uid: studyInstanceUid });
  await updateStudyCounts(tx, {
    uid: studyInstanceUid,
    modalities: [...new Set(series.map(({ modality }) => modality))].sort().join(','),
    series_count: series.length,
    instance_count: series.reduce((sum, { instance_count }) => sum + instance_count, 0),
  });
}
const selectSeriesCounts = prepared<Tx, { uid: string }, { modality: string; instance_count: number }>((tx, value) =>
  tx.selectFrom('series').select(['modality', 'instance_count']).where('study_instance_uid', '=', value('uid')),
);
type StudyCounts = { uid: string; modalities: string; series_count: number; instance_count: number };
const updateStudyCounts = prepared<Tx, StudyCounts, unknown>((tx, value) =>
  tx
    .updateTable('study')
    .set({ modalities: value('modalities'), series_count: value('series_count'), instance_count: value('instance_count') })
    .where('study_instance_uid', '=', value('uid')),
);

/** @returns whether a record of the patient was made */
async function insertStudy(tx: Tx, { patient, identity, isSynthetic, row }: Parents, attributes: DicomJson): Promise<boolean> {
  const { study_instance_uid, created_at } = row;
  const times = { created_at, updated_at: created_at };
  const { key, isNew, record } = await keepPatient(tx, patient, created_at);
  const { studyDate, studyTime } = identity;
  const { numInsertedOrUpdatedRows } = await tx
    .insertInto('study')
    .values({
      study_instance_uid,
      patient_key: key,
      accession_number: identity.accessionNumber ?? null,
      study_id: identity.studyId ?? null,
      study_date: studyDate === undefined ? null : (dateForm(studyDate) ?? studyDate),
      study_moment: studyMoment(studyDate, studyTime, created_at),
      study_time: studyTime === undefined ? null : (timeForm(studyTime) ?? studyTime),
      description: identity.studyDescription ?? null,
      referring_physician: writtenName(identity.referringPhysician) || null,
      modalities: '',
      series_count: 0,
      instance_count: 0,
      is_synthetic: isSynthetic ? 1 : 0,
      status: 'receiving',
      analysis_status: 'none',
      reading_place: placeInList('unread', 'routine', created_at),
      ...times,
      attributes: stringifyDicomJson(attributes),
    })
    .onConflict((conflict) => conflict.column('study_instance_uid').doNothing())
    .executeTakeFirstOrThrow();
  if (!numInsertedOrUpdatedRows) return isNew;
  await insertStudyTerms(tx, study_instance_uid, [...termsOfStudy(attributes), ...(record ? termsOfRecord(record) : [])]);
  return isNew;
}

async function insertSeries(tx: Tx, { identity, row }: Parents, attributes: DicomJson): Promise<void> {
  await tx
    .insertInto('series')
    .values({
      series_instance_uid: row.series_instance_uid,
      study_instance_uid: row.study_instance_uid,
      modality: identity.modality ?? 'OT',
      series_number: identity.seriesNumber ?? null,
      description: identity.seriesDescription ?? null,
      body_part: identity.bodyPart ?? null,
      view_position: identity.viewPosition ?? null,
      sop_class_uid: row.sop_class_uid,
      instance_count: 0,
      created_at: row.created_at,
      attributes: stringifyDicomJson(attributes),
    })
    .onConflict((conflict) => conflict.column('series_instance_uid').doNothing())
    .execute();
}

/** Adds terms that lead to a study. */
export async function insertStudyTerms(tx: Tx, studyInstanceUid: string, terms: readonly SearchTerm[]): Promise<void> {
  await insertTerms(tx, { study_instance_uid: studyInstanceUid, series_instance_uid: '' }, terms);
}

type Place = { study_instance_uid: string; series_instance_uid: string };

async function insertTerms(tx: Tx, { study_instance_uid, series_instance_uid }: Place, terms: readonly SearchTerm[]): Promise<void> {
  for (let start = 0; start < terms.length; start += TERMS_AT_A_TIME)
    await tx
      .insertInto('search_term')
      .values(terms.slice(start, start + TERMS_AT_A_TIME).map((term) => ({ ...term, study_instance_uid, series_instance_uid })))
      .onConflict((conflict) => conflict.doNothing())
      .execute();
}
