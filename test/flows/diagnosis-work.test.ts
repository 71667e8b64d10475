import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { listAgents } from '../../src/contract/agents.ts';
import * as contract from '../../src/contract/diagnosis.ts';
import { getDiagnosisResults } from '../../src/contract/diagnosis-results.ts';
import * as work from '../../src/contract/diagnosis-work.ts';
import { addFinding, reviewFinding } from '../../src/contract/findings.ts';
import { deletePatient, restoreRecycled } from '../../src/contract/recycle-bin.ts';
import { openTestApp, type TestApp } from '../app.ts';
import { secondaryCapture, uid } from '../builders.ts';
import { dataFile, dataFiles, hasSharedData } from '../data.ts';
import { diagnosisParts } from '../diagnosis-parts.ts';

const SHAPES = fileURLToPath(new URL('../../models/cxr-pneumonia/golden/shapes-1.png', import.meta.url));
const CHILD = { patient_id: 'DX-1', patient_name: 'Diagnosis^Child' };

let app: TestApp;
beforeAll(async () => {
  app = await openTestApp();
});
afterAll(() => app.close());

const { studyOf, patientOf, begin, send } = diagnosisParts(() => app);

describe('what people do with a diagnosis', () => {
  it('comments mention users by name, and other names stay text', async () => {
    const { patient } = await studyOf(30);
    const { id } = await begin({ patient_key: patient });
    const text = 'Please look, @reader. Not @nobody, and not mail@reader';
    const comment = await app.call(work.addDiagnosisComment, { params: { id }, body: { text } });
    expect(comment.mentions.map(({ username }) => username)).toEqual(['reader']);
    const { items } = await app.call(work.listDiagnosisComments, { params: { id } });
    expect(items).toMatchObject([{ text }]);
    const mentioned = await app.deps.db.selectFrom('event').selectAll().where('type', '=', 'mentioned').execute();
    expect(mentioned).toHaveLength(1);
    expect(mentioned[0]?.payload).not.toContain('Please');
  });

  it('pictures become objects of the patient, and those of another are refused and not bound', async () => {
    const { patient, study } = await studyOf(31);
    const { id } = await begin({ patient_key: patient, study_instance_uids: [study] });
    await app.drain();
    const picture = { name: 'film.png', bytes: readFileSync(SHAPES) };
    const added = await app.upload(`/api/v1/diagnosis/${id}/images`, [picture], {
      modality: 'DX',
      body_part: 'CHEST',
      patient_id: 'SOMEBODY',
    });
    expect(added.statusCode, added.body).toBe(201);
    expect(await patientOf(added.json().items[0].study_instance_uid)).toBe(patient);
    expect(await app.call(contract.getDiagnosis, { params: { id } })).toMatchObject({ status: 'pending' });
    const foreign = {
      name: 'b.dcm',
      bytes: secondaryCapture({ study: uid(51, 1), series: uid(51, 2), instance: uid(51, 3), patientId: 'FOREIGN' }),
    };
    const refused = await app.upload(`/api/v1/diagnosis/${id}/images`, [foreign]);
    expect(refused.json().type).toBe('urn:isocenter:error:conflicting-instance');
    expect(await app.deps.db.selectFrom('study').selectAll().where('study_instance_uid', '=', uid(51, 1)).execute()).toEqual([]);
    expect((await app.upload('/api/v1/studies', [foreign])).statusCode).toBe(200);
    const held = await app.upload(`/api/v1/diagnosis/${id}/images`, [foreign]);
    expect(held.json().type).toBe('urn:isocenter:error:conflicting-instance');
    await app.drain();
    const { items } = await app.call(work.listDiagnosisImages, { params: { id } });
    expect(items.map(({ modality }) => modality).sort()).toEqual(['DX', 'OT']);
    const reports = await app.call(contract.getDiagnosisAgents, { params: { id } });
    expect(reports.monai.report?.runs.some(({ model_id, reason }) => model_id === 'cxr-pneumonia' && reason !== null)).toBe(true);
  });

  it('lists are filtered and paged, and the statistics add up', async () => {
    const { patient } = await studyOf(32);
    const made = [];
    for (const priority of ['routine', 'urgent', 'emergency'] as const) {
      made.push(await begin({ patient_key: patient, priority }));
      await app.drain(1);
    }
    const first = await app.call(contract.listDiagnoses, { query: { patient_key: patient, limit: 2 } });
    expect(first.items.map(({ priority }) => priority)).toEqual(['emergency', 'urgent']);
    expect(first.items[0]?.patient).toEqual({ patient_id: expect.any(String), name: expect.any(String) });
    const rest = await app.call(contract.listDiagnoses, { query: { patient_key: patient, limit: 2, cursor: first.next_cursor ?? '' } });
    expect([rest.items.map(({ id }) => id), rest.next_cursor]).toEqual([[made[0]?.id], null]);
    const urgent = await app.call(contract.listDiagnosesOfPatient, { params: { patient_key: patient }, query: { priority: 'urgent' } });
    expect(urgent.items).toHaveLength(1);
    expect((await send('GET', '?cursor=nonsense')).statusCode).toBe(400);
    await app.drain();
    const stats = await app.call(work.getDiagnosisStats, {});
    const { total } = stats;
    expect(Object.values(stats.by_status).reduce((sum, count) => sum + count, 0)).toBe(total);
    expect(Object.values(stats.by_priority).reduce((sum, count) => sum + count, 0)).toBe(total);
    expect(stats.by_status['pending']).toBe(0);
    const { items } = await app.call(listAgents, {});
    expect(items.map(({ agent, running, waiting }) => [agent, running, waiting])).toEqual([
      ['monai', 0, 0],
      ['history', 0, 0],
      ['drug_checker', 0, 0],
      ['research', 0, 0],
    ]);
    expect(items.every(({ last_run, mean_processing_time }) => last_run !== null && mean_processing_time !== null)).toBe(true);
  });

  it('goes to the recycle bin with its patient, and comes back', async () => {
    const { patient, study } = await studyOf(34);
    const { id } = await begin({ patient_key: patient, study_instance_uids: [study] });
    await app.drain();
    await app.call(work.addDiagnosisComment, { params: { id }, body: { text: 'Keep this' } });
    const before = await app.call(work.exportDiagnosis, { params: { id } });
    const deleted = await app.call(deletePatient, { params: { patient_key: patient } });
    expect((await send('GET', `/${id}`)).statusCode).toBe(404);
    await app.call(restoreRecycled, { params: { id: deleted.id } });
    const after = await app.call(work.exportDiagnosis, { params: { id } });
    expect({ ...after, exported_at: '' }).toEqual({ ...before, exported_at: '' });
  });

  it('an export holds everything, also as a paper', async () => {
    const { patient, study } = await studyOf(33);
    const { id } = await begin({ patient_key: patient, study_instance_uids: [study], symptoms: ['سعال', 'cough'] });
    await app.drain();
    const exported = await app.call(work.exportDiagnosis, { params: { id } });
    expect(exported.diagnosis.id).toBe(id);
    expect(exported.timeline.length).toBeGreaterThan(5);
    const paper = await send('GET', `/${id}/export/pdf`);
    expect([paper.statusCode, paper.headers['content-type']]).toEqual([200, 'application/pdf']);
    expect(paper.rawPayload.subarray(0, 5).toString()).toBe('%PDF-');
  });
});

describe('results of a chest radiograph (needs ../shared/data)', () => {
  const upload = async (): Promise<string> => {
    const [file] = dataFiles('kermany-cxr', 'train', 'PNEUMONIA');
    const bytes = dataFile('kermany-cxr', 'train', 'PNEUMONIA', file ?? '');
    const fields = { modality: 'DX', body_part: 'CHEST', ...CHILD };
    const uploaded = await app.upload('/api/v1/images/upload', [{ name: 'film.jpeg', bytes }], fields);
    return uploaded.json().items[0].study_instance_uid;
  };

  it.skipIf(!hasSharedData)('name model and evidence, follow threshold, depth and mode, and lose what a reader rejects', async () => {
    const study = await upload();
    const patient = await patientOf(study);
    const config = { analysis_depth: 'deep', explainability_mode: 'detailed', confidence_threshold: 0.1 } as const;
    const { id } = await begin({ patient_key: patient, study_instance_uids: [study], ai_config: config });
    const quick = await begin({
      patient_key: patient,
      study_instance_uids: [study],
      ai_config: { analysis_depth: 'quick', explainability_mode: 'none' },
    });
    await app.drain();
    const params = { id };
    const results = await app.call(getDiagnosisResults, { params });
    expect(results.primary_diagnosis).toMatchObject({
      code: 'pneumonia',
      decision: 'proposed',
      source: { agent: 'monai', model_id: 'cxr-pneumonia' },
    });
    const [finding] = results.findings;
    expect(finding?.heatmap).toMatch(/^\/api\/v1\/analysis\/.+\/heatmap$/);
    expect(finding?.occlusion?.covered_probability).toBeLessThan(finding?.occlusion?.probability ?? 0);
    expect(results.status).not.toBe('signed');

    const shown = await app.call(getDiagnosisResults, { params: { id: quick.id } });
    expect(shown.findings[0]).toMatchObject({ heatmap: null, box: null, occlusion: null });
    const reports = await app.call(contract.getDiagnosisAgents, { params: { id: quick.id } });
    expect(reports.monai.report?.left_out.map(({ model_id }) => model_id)).toEqual(['ct-lung']);

    const hidden = await send('PUT', `/${id}`, { ai_config: { confidence_threshold: 1 } }, { 'if-match': '"1"' });
    expect(hidden.json().status).toBe('completed');
    expect(await app.call(getDiagnosisResults, { params })).toMatchObject({ primary_diagnosis: null, findings: [], below_threshold: 1 });
    await app.call(reviewFinding, { params: { id: finding?.finding_id ?? '' }, body: { decision: 'accept' } });
    expect(await app.call(getDiagnosisResults, { params })).toMatchObject({
      primary_diagnosis: { decision: 'accepted' },
      below_threshold: 0,
    });

    await app.call(addFinding, { params: { study_instance_uid: study }, body: { title: 'Rib fracture', text: 'Old fracture of a rib' } });
    await app.call(reviewFinding, { params: { id: finding?.finding_id ?? '' }, body: { decision: 'reject', reason: 'no consolidation' } });
    const after = await app.call(getDiagnosisResults, { params });
    expect(after.primary_diagnosis).toMatchObject({
      title: 'Rib fracture',
      source: { agent: null, rule: 'highest-confidence-of-the-code' },
    });
    expect(after.findings.map(({ code }) => code)).toEqual(['person']);
  });
});
