import { expect } from 'vitest';
import { TENANT_TABLES, type TenantTable } from '../../src/server/platform/schema.ts';
import type { TestApp } from '../app.ts';
import { secondaryCapture, uid } from '../builders.ts';
import { signingOf } from '../sign-draft.ts';

export const NAME = 'Zebrafinch^Quirinus^^Dr.';
export const PATIENT_ID = 'MRN-778899';
export const STUDY = uid(400);
export const OTHER_STUDY = uid(401);

export function image(study: string, number: number, seed = number): Uint8Array {
  return secondaryCapture({
    study,
    series: `${study}.1`,
    instance: `${study}.1.${number}`,
    patientId: PATIENT_ID,
    patientName: NAME,
    seed,
    more: { '00100030': { vr: 'DA', Value: ['19700102'] }, '00100040': { vr: 'CS', Value: ['F'] } },
  });
}

/** Two studies of one patient, the first with two instances, a label and a signed report with its PDF. @returns the patient's record */
export async function makePatient(app: TestApp): Promise<string> {
  const files = [image(STUDY, 1), image(STUDY, 2), image(OTHER_STUDY, 1)];
  const stored = await app.upload(
    '/api/v1/studies',
    files.map((bytes, index) => ({ name: `${index}.dcm`, bytes })),
  );
  expect(stored.json()).toMatchObject({ stored: 3 });
  await app.inject({ method: 'PUT', url: `/api/v1/studies/${STUDY}/labels/teaching` });
  await app.drain();
  const draft = (await app.inject({ method: 'POST', url: `/api/v1/studies/${STUDY}/reports`, payload: {} })).json();
  const { write, sign } = signingOf(draft, { meaning: 'approval' });
  await app.inject({ method: 'PUT', url: `/api/v1/reports/${draft.id}`, payload: write });
  await app.inject({ method: 'POST', url: `/api/v1/reports/${draft.id}/sign`, payload: sign });
  await app.drain(1_000);
  const study = app.deps.db.selectFrom('study').select('patient_key').where('study_instance_uid', '=', STUDY);
  return (await study.executeTakeFirstOrThrow()).patient_key;
}

export async function isThere(app: TestApp, study: string): Promise<boolean> {
  return (await app.inject({ url: `/api/v1/studies/${study}` })).statusCode === 200;
}

/** Rows of the tables that tell of studies and patients, in an order that does not change. */
export async function rowsOfTables(app: TestApp): Promise<Record<string, string[]>> {
  const found: Record<string, string[]> = {};
  for (const [table, by] of Object.entries(TENANT_TABLES)) {
    if (by === 'everybody' || table === 'event') continue;
    const rows = await app.deps.db
      .selectFrom(table as TenantTable)
      .selectAll()
      .execute();
    found[table] = rows.map((row) => JSON.stringify(row)).sort();
  }
  return found;
}

export async function countBlobs(app: TestApp): Promise<number> {
  let count = 0;
  for await (const _ of app.deps.blobs.list()) count += 1;
  return count;
}
