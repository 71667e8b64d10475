import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createDiagnosis } from '../../src/contract/diagnosis.ts';
import { addDiagnosisLink, listDiagnosisLinks, revokeDiagnosisLink } from '../../src/contract/diagnosis-shares.ts';
import { getPatient } from '../../src/contract/patients.ts';
import type { TestApp } from '../app.ts';
import { addPerson, askWith, signIn } from '../identity-parts.ts';
import { postgresMissing } from '../postgres.ts';
import { makePatient, openDatabases } from './patients-parts.ts';

const DATABASES = postgresMissing ? ['SQLite'] : ['SQLite', 'PostgreSQL'];

describe.each(DATABASES)('a link to a diagnosis on %s (E-29)', (database) => {
  let app: TestApp;
  let close: () => Promise<void>;
  let databases: Awaited<ReturnType<typeof openDatabases>>;
  let patient: string;
  let id: string;
  let other: string;
  beforeAll(async () => {
    databases = await openDatabases(database);
    ({ app, close } = await databases.open());
    ({ id: patient } = await makePatient(app, { patient_id: 'S-1', name: 'Somebody, Else' }));
    ({ id } = await app.call(createDiagnosis, { body: { patient_key: patient, symptoms: ['cough'] } }));
    ({ id: other } = await app.call(createDiagnosis, { body: { patient_key: patient } }));
  }, 120_000);
  afterAll(async () => {
    await close();
    await databases.stop();
  });

  const share = (body: object = {}) => app.call(addDiagnosisLink, { params: { id }, body });
  const open = (token: string, password?: string) =>
    app.http.inject({ method: 'POST', url: '/api/v1/auth/share', payload: { token, ...(password === undefined ? {} : { password }) } });
  const shown = async (session: string) => askWith(app, session, { url: '/api/v1/shared/diagnosis' });

  it('shows the results of that one, without who the patient is, and nothing else', async () => {
    const link = await share({ note: 'for the referring practice' });
    const opened = await open(link.token);
    expect(opened.json()).toMatchObject({ diagnosis_id: id, study_instance_uid: null, report_id: null });
    const session = opened.json().access_token;
    const answer = await shown(session);
    expect(answer.json(), answer.body).toMatchObject({ id, results: { diagnosis_id: id }, agents: [{ agent: 'monai' }, {}, {}, {}] });
    for (const word of ['Somebody', 'S-1', patient, 'cough']) expect(answer.body).not.toContain(word);
    const refused = [
      `/api/v1/diagnosis/${id}`,
      `/api/v1/diagnosis/${id}/results`,
      `/api/v1/diagnosis/${other}/results`,
      `/api/v1/diagnosis/${id}/comments`,
      `/api/v1/diagnosis/${id}/shares`,
      `/api/v1/patients/${patient}`,
      '/api/v1/diagnosis',
      '/api/v1/studies',
      '/api/v1/patients',
    ];
    for (const url of refused) expect((await askWith(app, session, { url })).statusCode, url).toBe(403);
    const write = { method: 'POST' as const, url: `/api/v1/diagnosis/${id}/comments`, payload: { text: 'hello' } };
    expect((await askWith(app, session, write)).statusCode).toBe(403);
  });

  it('is opened with its password alone, counts its uses, and says nothing of its secret', async () => {
    const link = await share({ password: 'told on the phone' });
    expect([(await open(link.token)).statusCode, (await open(link.token, 'told on the phone')).statusCode]).toEqual([401, 200]);
    const { items } = await app.call(listDiagnosisLinks, { params: { id } });
    expect(items[0]).toMatchObject({ id: link.id, uses: 1, has_password: true });
    expect(JSON.stringify(items)).not.toContain(link.token);
  });

  it('ends when it is revoked, at once, and after its time', async () => {
    const link = await share();
    const session = (await open(link.token)).json().access_token;
    await app.call(revokeDiagnosisLink, { params: { id, link_id: link.id } });
    expect([(await shown(session)).statusCode, (await open(link.token)).statusCode]).toEqual([401, 401]);
    expect((await app.inject({ method: 'DELETE', url: `/api/v1/diagnosis/${other}/shares/${link.id}` })).statusCode).toBe(404);
    const short = await share({ hours: 1 });
    const late = (await open(short.token)).json().access_token;
    await app.drain(61 * 60_000);
    expect([(await shown(late)).statusCode, (await open(short.token)).statusCode]).toEqual([401, 401]);
  });

  it('is made by who may share alone; who came in by no link is shown nothing', async () => {
    const doctor = await signIn(app, await addPerson(app, 'doctor'));
    expect((await doctor.ask('POST', `/api/v1/diagnosis/${id}/shares`, {})).statusCode).toBe(403);
    expect((await doctor.ask('GET', '/api/v1/shared/diagnosis')).statusCode).toBe(404);
  });

  it('the record of the patient names the diagnoses, for who may read them', async () => {
    const { medical_history } = await app.call(getPatient, { params: { patient_key: patient } });
    expect(medical_history.diagnosis_records.map(({ diagnosis_id }) => diagnosis_id)).toEqual([other, id]);
    const technician = await signIn(app, await addPerson(app, 'technician'));
    const seen = await technician.ask('GET', `/api/v1/patients/${patient}`);
    expect(seen.json().medical_history.diagnosis_records).toEqual([]);
  });
});
