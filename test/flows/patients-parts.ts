import { expect } from 'vitest';
import type { Patient } from '../../src/contract/patients.ts';
import { openTestApp, type TestApp } from '../app.ts';
import { secondaryCapture } from '../builders.ts';
import { startPostgres } from '../postgres.ts';

/** A patient that a person makes. @returns the record with its ETag */
export async function makePatient(app: TestApp, body: object): Promise<Patient & { etag: string }> {
  const response = await app.inject({ method: 'POST', url: '/api/v1/patients', payload: body });
  expect(response.statusCode, response.body).toBe(201);
  return { ...response.json<Patient>(), etag: String(response.headers.etag) };
}

type Arrival = { study: string; number?: number; patientId: string; name: string; born?: string; sex?: string; modality?: string };

/** An object arrives. @returns the record of its patient */
export async function arrive(app: TestApp, { study, number = 1, patientId, name, born, sex, modality }: Arrival): Promise<string> {
  const bytes = secondaryCapture({
    study,
    series: `${study}.1`,
    instance: `${study}.1.${number}`,
    patientId,
    patientName: name,
    ...(modality ? { modality } : {}),
    seed: number,
    more: {
      '00080005': { vr: 'CS', Value: ['ISO_IR 192'] },
      ...(born ? { '00100030': { vr: 'DA', Value: [born] } } : {}),
      ...(sex ? { '00100040': { vr: 'CS', Value: [sex] } } : {}),
    },
  });
  const stored = await app.upload('/api/v1/studies', [{ name: 'a.dcm', bytes }]);
  expect(stored.json(), stored.body).toMatchObject({ stored: 1 });
  return patientKeyOf(app, study);
}

export async function patientKeyOf(app: TestApp, study: string): Promise<string> {
  const row = app.deps.db.selectFrom('study').select('patient_key').where('study_instance_uid', '=', study);
  return (await row.executeTakeFirstOrThrow()).patient_key;
}

/** The fields that a refusal names. */
export function fieldsOf(response: { json(): { errors?: { field: string }[] } }): string[] {
  return (response.json().errors ?? []).map(({ field }) => field);
}

/** Opens servers with an empty database each. @param name `SQLite` or `PostgreSQL` */
export async function openDatabases(
  name: string,
): Promise<{ open: () => Promise<{ app: TestApp; close: () => Promise<void> }>; stop: () => Promise<void> }> {
  const server = name === 'PostgreSQL' ? await startPostgres() : undefined;
  const open = async () => {
    const database = await server?.openDatabase();
    const app = await openTestApp(database ? { databaseUrl: database.url } : {});
    const close = async () => {
      await app.close();
      await database?.close();
    };
    return { app, close };
  };
  return { open, stop: async () => server?.stop() };
}
