import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import * as contract from '../../src/contract/diagnosis.ts';
import { getDiagnosisResults } from '../../src/contract/diagnosis-results.ts';
import * as work from '../../src/contract/diagnosis-work.ts';
import { createTenant } from '../../src/server/tenants/create-tenant.ts';
import { openTestApp, type TestApp } from '../app.ts';
import { diagnosisParts } from '../diagnosis-parts.ts';

let app: TestApp;
beforeAll(async () => {
  app = await openTestApp();
});
afterAll(() => app.close());

const { studyOf, addRecord, begin, send } = diagnosisParts(() => app);

describe('a diagnosis of a patient with a record (E-18, A-01)', () => {
  it('goes from symptoms and images over four agents to results, timeline and events', async () => {
    const { study, patient } = await studyOf(1);
    await addRecord(patient, { kind: 'medication', text: 'metformin 1000 mg bid' });
    await addRecord(patient, { kind: 'condition', text: 'breast cancer' });
    await addRecord(patient, { kind: 'observation', text: 'eGFR', loinc: '98979-8', value: 24, unit: 'mL/min/{1.73_m2}' });
    const made = await begin({
      patient_key: patient,
      symptoms: ['pneumonia', 'cough'],
      vital_signs: { temperature: { value: 101.3, unit: '[degF]' }, oxygen_saturation: { value: 88, unit: '%' } },
      planned_exam: { contrast: 'iodinated', modality: 'CT' },
      study_instance_uids: [study],
    });
    expect(made).toMatchObject({
      status: 'pending',
      priority: 'routine',
      progress: { percentage: 0, current_stage: 'upload' },
      version: 1,
    });
    await app.drain();

    const params = { id: made.id };
    expect(await app.call(contract.getDiagnosis, { params })).toMatchObject({ status: 'completed', progress: { percentage: 100 } });
    const status = await app.call(contract.getDiagnosisStatus, { params });
    expect(status.agents.map(({ agent, status: of }) => [agent, of])).toEqual([
      ['monai', 'complete'],
      ['history', 'complete'],
      ['drug_checker', 'complete'],
      ['research', 'complete'],
    ]);
    expect(status.missing.map(({ agent }) => agent)).toEqual(['monai']);

    const reports = await app.call(contract.getDiagnosisAgents, { params });
    expect(reports.history.report?.medications).toMatchObject([{ text: 'metformin 1000 mg bid', rule: 'active-medication' }]);
    expect(reports.history.report?.relevant).toContainEqual(expect.objectContaining({ rule: 'cancer', matters_for: 'interpretation' }));
    expect(reports.drug_checker.report?.facts).toContainEqual(expect.objectContaining({ name: 'egfr', value: '24' }));
    expect(reports.research).toMatchObject({ outcome: 'evaluated', report: { corpus_date: expect.stringMatching(/^\d{4}/) } });
    expect(reports.research.report?.papers_found).toBeGreaterThan(0);
    expect(reports.monai.accuracy).toBeNull();

    const results = await app.call(getDiagnosisResults, { params });
    expect(results).toMatchObject({ status: 'partial', primary_diagnosis: null, severity: 'high' });
    expect(results.severity_reasons.map(({ source }) => source.rule)).toEqual(expect.arrayContaining(['hypoxemia', 'rd-metformin-1']));
    expect(results.recommendations.every(({ source }) => source.rule.length > 0)).toBe(true);
    expect(results.statement).toContain('no all-clear');
    expect(results.disclaimer).toContain('Not a medical device');

    const { items: steps } = await app.call(work.getDiagnosisTimeline, { params });
    expect(steps.map(({ type }) => type)).toEqual(['created', 'started', ...Array(4).fill('agent_ended'), 'completed']);
    const events = await app.deps.db.selectFrom('event').selectAll().where('topic', '=', `diagnosis:${made.id}`).orderBy('seq').execute();
    const types = events.map(({ type }) => type);
    expect(types.filter((type) => type === 'analysis_complete')).toHaveLength(1);
    expect(types.filter((type) => type === 'agent_status').length).toBeGreaterThanOrEqual(8);
    expect(JSON.stringify(events)).not.toContain('metformin');
  });

  it('does not do again what is done when its jobs come twice', async () => {
    const { study, patient } = await studyOf(2);
    const { id } = await begin({ patient_key: patient, study_instance_uids: [study] });
    await app.drain();
    const rows = () => app.deps.db.selectFrom('agent_report').selectAll().where('diagnosis_id', '=', id).orderBy('agent').execute();
    const before = await rows();
    await app.deps.db.transaction().execute(async (tx) => {
      for (const { agent, run_key } of before) await app.deps.jobs.enqueue(tx, 'run-agent', { diagnosis_id: id, agent, run_key });
    });
    await app.drain();
    expect(await rows()).toEqual(before);
  });
});

describe('what is asked', () => {
  it('is refused with the field where no patient has such vital signs', async () => {
    const { patient } = await studyOf(10);
    const refused = await send('POST', '/new', {
      patient_key: patient,
      vital_signs: {
        temperature: { value: 98.6, unit: 'Cel' },
        heart_rate: { value: 70, unit: 'mm' },
        systolic_pressure: { value: 80, unit: 'mm[Hg]' },
        diastolic_pressure: { value: 90, unit: 'mm[Hg]' },
      },
    });
    expect(refused.statusCode).toBe(400);
    expect(refused.json().errors.map(({ field }: { field: string }) => field)).toEqual([
      'body/vital_signs/heart_rate/unit',
      'body/vital_signs/temperature/value',
      'body/vital_signs/diastolic_pressure',
    ]);
    expect(refused.body).not.toContain('98.6');
  });

  it('is refused for an unknown patient, an unknown study or model, and images of another patient', async () => {
    const [one, other] = [await studyOf(11), await studyOf(12)];
    const kindOf = async (body: object) => (await send('POST', '/new', body)).json().type.replace('urn:isocenter:error:', '');
    expect(await kindOf({ patient_key: 'nobody' })).toBe('patient-not-found');
    expect(await kindOf({})).toBe('invalid-request');
    expect(await kindOf({ patient_key: one.patient, study_instance_uids: ['2.25.404'] })).toBe('study-not-found');
    expect(await kindOf({ patient_key: one.patient, ai_config: { models: ['no-such-model'] } })).toBe('model-not-found');
    expect(await kindOf({ patient_key: one.patient, study_instance_uids: [other.study] })).toBe('wrong-state');
    expect(await kindOf({ patient_key: one.patient, images: [other.instance] })).toBe('wrong-state');
    expect((await app.call(contract.listDiagnosesOfPatient, { params: { patient_key: one.patient }, query: {} })).items).toEqual([]);
  });

  it('is not found in another tenant', async () => {
    const { patient } = await studyOf(13);
    const { id } = await begin({ patient_key: patient });
    await createTenant(app.deps, { id: 'elsewhere', name: 'Elsewhere' });
    const elsewhere = await app.deps.scope('elsewhere');
    expect(await elsewhere.db.selectFrom('diagnosis').selectAll().execute()).toEqual([]);
    expect((await send('GET', `/${id}`)).statusCode).toBe(200);
    expect((await send('GET', '/00000000-0000-7000-8000-000000000000')).json().type).toBe('urn:isocenter:error:diagnosis-not-found');
  });
});

describe('a change', () => {
  it('needs the version that was seen, and of two writers the second is told', async () => {
    const { patient } = await studyOf(20);
    const { id } = await begin({ patient_key: patient });
    const seen = await send('GET', `/${id}`);
    expect(seen.headers.etag).toBe('"1"');
    expect((await send('PUT', `/${id}`, { priority: 'urgent' })).statusCode).toBe(428);
    const first = await send('PUT', `/${id}`, { priority: 'urgent' }, { 'if-match': '"1"' });
    expect([first.statusCode, first.headers.etag, first.json().priority]).toEqual([200, '"2"', 'urgent']);
    expect((await send('PUT', `/${id}`, { priority: 'routine' }, { 'if-match': '"1"' })).statusCode).toBe(412);
  });

  it('of the planned examination lets the drug checker begin anew, and no other agent', async () => {
    const { patient, study } = await studyOf(21);
    await addRecord(patient, { kind: 'medication', text: 'metformin 1000 mg bid' });
    await addRecord(patient, { kind: 'observation', text: 'eGFR', loinc: '98979-8', value: 24, unit: 'mL/min/{1.73_m2}' });
    const { id } = await begin({ patient_key: patient, study_instance_uids: [study] });
    await app.drain();
    const before = await app.deps.db.selectFrom('agent_report').select(['agent', 'run_key']).where('diagnosis_id', '=', id).execute();
    const changed = await send('PUT', `/${id}`, { planned_exam: { contrast: 'iodinated' } }, { 'if-match': '"1"' });
    expect(changed.json()).toMatchObject({ status: 'pending', version: 2 });
    await app.drain();
    const after = await app.deps.db.selectFrom('agent_report').select(['agent', 'run_key']).where('diagnosis_id', '=', id).execute();
    const moved = after.filter(({ run_key }) => !before.some((row) => row.run_key === run_key)).map(({ agent }) => agent);
    expect(moved).toEqual(['drug_checker']);
    const { severity_reasons } = await app.call(getDiagnosisResults, { params: { id } });
    expect(severity_reasons.map(({ source }) => source.rule)).toContain('rd-metformin-1');
  });

  it('of a cancelled diagnosis is refused, and cancelling again changes nothing', async () => {
    const { patient } = await studyOf(22);
    const { id } = await begin({ patient_key: patient });
    const params = { id };
    expect(await app.call(contract.cancelDiagnosis, { params })).toMatchObject({ status: 'cancelled', version: 2 });
    expect(await app.call(contract.cancelDiagnosis, { params })).toMatchObject({ status: 'cancelled', version: 2 });
    expect((await send('PUT', `/${id}`, { priority: 'urgent' }, { 'if-match': '"2"' })).statusCode).toBe(409);
    await app.drain();
    expect(await app.call(contract.getDiagnosisStatus, { params })).toMatchObject({ status: 'cancelled', progress: { percentage: 0 } });
  });
});
