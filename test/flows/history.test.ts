import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { getRecordedScores, getSynthesis } from '../../src/contract/history.ts';
import { checkPatientDrugs } from '../../src/contract/patient-drug-safety.ts';
import type { RecordEntry } from '../../src/contract/patient-record.ts';
import type { DataSet } from '../../src/dicom/data-set.ts';
import { openTestApp, type TestApp } from '../app.ts';
import { secondaryCapture, uid } from '../builders.ts';
import { measured, recordEntry } from '../record-entries.ts';
import { storeRecord } from '../stored-record.ts';

describe('the history of a patient', () => {
  let app: TestApp;
  let patient: string;
  beforeAll(async () => {
    app = await openTestApp();
    const more: DataSet = {
      '00080020': { vr: 'DA', Value: ['20260601'] },
      '00081030': { vr: 'LO', Value: ['CT chest'] },
      '00100030': { vr: 'DA', Value: ['19600305'] },
      '001021B0': { vr: 'LT', Value: ['Pulmonary embolism?'] },
    };
    await app.upload('/api/v1/studies', [{ name: 'a.dcm', bytes: secondaryCapture({ modality: 'CT', more }) }]);
    patient = await storeRecord(app, { study: uid(1), entries: RECORD });
  });
  afterAll(() => app.close());

  const synthesis = (query: { study_instance_uid?: string } = {}) => app.call(getSynthesis, { params: { patient_key: patient }, query });

  it('tells studies and entries in one timeline, and patterns with their sources', async () => {
    const { timeline, patterns, present, relevant } = await synthesis();
    expect(timeline.map(({ kind }) => kind).sort()).toEqual(['condition', 'medication', 'observations', 'study']);
    expect(patterns.map(({ rule }) => rule)).toEqual(['vitamin-k-antagonist-inr']);
    expect(patterns[0]?.from).toEqual([{ kind: 'entry', id: WARFARIN.id }]);
    expect([present, relevant]).toEqual([null, []]);
  });

  it('tells what matters for a study, by the question that its images carry', async () => {
    const { present, relevant } = await synthesis({ study_instance_uid: uid(1) });
    expect(present).toEqual({ study_instance_uid: uid(1), regions: ['chest'], question: 'Pulmonary embolism?' });
    expect(relevant.map(({ rule }) => rule)).toEqual(['contrast-kidney', 'embolism', 'embolism']);
  });

  it('fills scores from the record and says where each input came from', async () => {
    const { items } = await app.call(getRecordedScores, { params: { patient_key: patient } });
    const wells = items.find(({ result }) => result.score === 'wells-pe');
    expect(wells?.inputs).toMatchObject([{ name: 'previous_vte', value: true, at: '2019-02-03' }]);
    expect(wells?.result.range).toEqual({ min: 1.5, max: 12.5 });
  });

  it('answers the check of drugs from the record, with what of the patient was used', async () => {
    const check = (query: { contrast?: 'iodinated' } = {}) => app.call(checkPatientDrugs, { params: { patient_key: patient }, query });
    const { result, facts } = await check();
    expect(result.medications.map(({ text }) => text)).toEqual([WARFARIN.text]);
    expect(facts.find(({ name }) => name === 'age_years')).toMatchObject({ source: 'patient' });
    const kinds = (await check({ contrast: 'iodinated' })).result.alerts.map(({ kind }) => kind);
    expect(kinds).toContain('contrast');
    const nobody = await app.inject({ url: `/api/v1/patients/${'0'.repeat(32)}/drug-safety` });
    expect(nobody.json()).toMatchObject({ type: 'urn:isocenter:error:patient-not-found' });
  });

  it('knows no patient and no study of somebody else', async () => {
    const url = (key: string, study = '') => `/api/v1/patients/${key}/synthesis${study && `?study_instance_uid=${study}`}`;
    expect((await app.inject({ method: 'GET', url: url('nobody') })).statusCode).toBe(404);
    expect((await app.inject({ method: 'GET', url: url(patient, '2.25.404') })).statusCode).toBe(404);
  });
});

const WARFARIN: RecordEntry = recordEntry({ kind: 'medication', text: 'warfarin 5 mg daily', started_at: '2020-01-01' });
const RECORD: RecordEntry[] = [
  recordEntry({ kind: 'condition', text: 'Deep venous thrombosis', status: 'resolved', started_at: '2019-02-03' }),
  WARFARIN,
  measured('2160-0', 1.1, 'mg/dL', '2026-05-20'),
];
