import { expect } from 'vitest';
import { createDiagnosis, type Diagnosis, type NewDiagnosis } from '../src/contract/diagnosis.ts';
import { newId } from '../src/server/platform/ids.ts';
import type { TestApp } from './app.ts';
import { secondaryCapture, uid } from './builders.ts';

export type Entry = {
  kind: 'condition' | 'medication' | 'allergy' | 'observation';
  text: string;
  loinc?: string;
  value?: number;
  unit?: string;
};
type Method = 'GET' | 'POST' | 'PUT' | 'DELETE';

/** What tests of diagnoses need of an app: patients with a study and a record, diagnoses, bare answers. */
export type DiagnosisParts = {
  /** Uploads one small picture object of a patient: study, instance, and the patient's record. */
  studyOf(number: number, patientId?: string): Promise<{ study: string; instance: string; patient: string }>;
  patientOf(study: string): Promise<string>;
  addRecord(patientKey: string, entry: Entry): Promise<void>;
  begin(body: NewDiagnosis): Promise<Diagnosis>;
  send(method: Method, path: string, payload?: object, headers?: Record<string, string>): ReturnType<TestApp['inject']>;
};

export function diagnosisParts(app: () => TestApp): DiagnosisParts {
  const patientOf = async (study: string): Promise<string> => {
    const { db } = app().deps;
    const row = await db.selectFrom('study').select('patient_key').where('study_instance_uid', '=', study).executeTakeFirstOrThrow();
    return row.patient_key;
  };
  return {
    patientOf,
    studyOf: async (number, patientId = `P-${number}`) => {
      const [study, instance] = [uid(50, number), uid(50, number, 1, 1)];
      const bytes = secondaryCapture({ study, series: uid(50, number, 1), instance, patientId, seed: number });
      expect((await app().upload('/api/v1/studies', [{ name: 'a.dcm', bytes }])).statusCode).toBe(200);
      return { study, instance, patient: await patientOf(study) };
    },
    addRecord: (patientKey, entry) => insertEntry(app(), patientKey, entry),
    begin: (body) => app().call(createDiagnosis, { body }),
    send: (method, path, payload, headers = {}) =>
      app().inject({ method, url: `/api/v1/diagnosis${path}`, headers, ...(payload ? { payload } : {}) }),
  };
}

async function insertEntry({ deps }: TestApp, patient_key: string, { kind, text, loinc, value, unit }: Entry): Promise<void> {
  const at = deps.now().toISOString();
  const unknown = { ended_at: null, value_text: null, source_id: null };
  await deps.db
    .insertInto('record_entry')
    .values({
      ...unknown,
      id: newId(),
      patient_key,
      kind,
      codes: JSON.stringify(loinc ? [{ system: 'http://loinc.org', code: loinc }] : []),
      text,
      status: 'active',
      started_at: at,
      value: value ?? null,
      unit: unit ?? null,
      details: '{}',
      source: 'person',
      recorded_at: at,
    })
    .execute();
}
