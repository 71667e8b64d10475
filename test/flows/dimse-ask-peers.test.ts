import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import * as contract from '../../src/contract/peers.ts';
import { createOrder } from '../../src/contract/worklist.ts';
import { registerPeer } from '../../src/server/dimse/manage-peers.ts';
import { secondaryCapture, uid } from '../builders.ts';
import { hasOrthanc, OWN_TITLE, openTestNode, type TestNode } from '../dicom-node.ts';
import { freePort, type Orthanc, startOrthanc } from '../orthanc.ts';

let node: TestNode;
/** The application that is asked: a node of its own, with three studies. */
let other: TestNode;
let id: string;
const study = (number: number): string => uid(94, number);

beforeAll(async () => {
  node = await openTestNode();
  other = await openTestNode();
  await registerPeer(other.app.deps, { ae_title: OWN_TITLE, host: '127.0.0.1', port: node.listener.port });
  id = (await registerPeer(node.app.deps, { ae_title: OWN_TITLE, host: '127.0.0.1', port: other.listener.port })).id;
  const files = [1, 2, 3].flatMap((number) =>
    [1, 2].map((instance) => ({
      name: `${number}-${instance}.dcm`,
      bytes: secondaryCapture({
        study: study(number),
        series: `${study(number)}.${instance}`,
        instance: `${study(number)}.${instance}.1`,
        patientId: `ASK-${number}`,
        patientName: 'Größe^Anna',
        seed: number * 10 + instance,
      }),
    })),
  );
  expect((await other.app.upload('/api/v1/studies', files)).statusCode).toBe(200);
});
afterAll(async () => {
  await node.close();
  await other.close();
});

const query = (body: contract.PeerQuery, peer = id) => node.app.call(contract.queryPeer, { params: { id: peer }, body });
const retrieve = (body: contract.PeerRetrieve, peer = id) => node.app.call(contract.retrieveFromPeer, { params: { id: peer }, body });
const holds = async (instance: string): Promise<boolean> =>
  (await node.app.inject({ url: `/api/v1/instances/${instance}/file` })).statusCode === 200;

describe('asking a peer', () => {
  it('finds what it has, with what was asked for, names in any script', async () => {
    const found = await query({ level: 'STUDY', keys: { PatientName: 'größe*', PatientID: '', StudyInstanceUID: '', '00201208': '' } });
    expect(found).toMatchObject({ ok: true, detail: 'Success', is_complete: true });
    expect(found.items.map((item) => (item['00100020'] as { Value: string[] }).Value[0]).sort()).toEqual(['ASK-1', 'ASK-2', 'ASK-3']);
    expect(found.items[0]).toMatchObject({ '00100010': { Value: [{ Alphabetic: 'Größe^Anna' }] }, '00201208': { Value: [2] } });
  });

  it('stops at the limit and says that there is more', async () => {
    const found = await query({ level: 'STUDY', keys: { StudyInstanceUID: '' }, limit: 2 });
    expect(found).toMatchObject({ ok: true, is_complete: false, items: { length: 2 } });
  });

  it('finds what is scheduled there', async () => {
    await other.app.call(createOrder, {
      body: {
        patient_id: 'W-1',
        patient_name: 'A^B',
        accession_number: 'A-1',
        requested_procedure_id: 'R-1',
        step_id: 'S-1',
        modality: 'CT',
        station_ae_title: 'CT1',
        start_date: '20260705',
        start_time: '0900',
      },
    });
    const keys = {
      PatientID: '',
      'ScheduledProcedureStepSequence.Modality': 'CT',
      'ScheduledProcedureStepSequence.ScheduledProcedureStepID': '',
    };
    const { items } = await query({ level: 'WORKLIST', keys });
    expect(items).toMatchObject([{ '00100020': { Value: ['W-1'] }, '00400100': { Value: [{ '00400009': { Value: ['S-1'] } }] } }]);
  });

  it('is refused for a key that is none, and says why where the peer cannot be asked', async () => {
    const wrong = { method: 'POST' as const, url: `/api/v1/peers/${id}/query`, payload: { level: 'STUDY', keys: { Mood: '' } } };
    expect((await node.app.inject(wrong)).statusCode).toBe(400);
    const { id: silent } = await registerPeer(node.app.deps, { ae_title: 'SILENT', host: '127.0.0.1', port: await freePort() });
    expect(await query({ level: 'STUDY', keys: {} }, silent)).toMatchObject({
      ok: false,
      items: [],
      detail: expect.stringContaining('ECONNREFUSED'),
    });
    expect(await retrieve({ study_instance_uid: study(1) }, silent)).toMatchObject({ ok: false, completed: 0 });
  });

  it('fetches a study over the same association (C-GET), and a series over one of the peer (C-MOVE)', async () => {
    expect(await retrieve({ study_instance_uid: study(1), method: 'get' })).toEqual({
      ok: true,
      detail: 'Success',
      completed: 2,
      failed: 0,
      warning: 0,
    });
    expect(await holds(`${study(1)}.2.1`)).toBe(true);
    const wanted = { study_instance_uid: study(2), series_instance_uid: `${study(2)}.1` };
    expect(await retrieve(wanted)).toMatchObject({ ok: true, completed: 1 });
    expect(await holds(`${study(2)}.1.1`)).toBe(true);
    expect(await holds(`${study(2)}.2.1`)).toBe(false);
  });

  it('leaves what was asked and fetched in the audit trail, without values', async () => {
    await node.app.deps.audit.flush();
    const entries = await node.app.deps.db
      .selectFrom('audit_entry')
      .select(['action', 'operation', 'details'])
      .where('operation', 'like', '%/peers/%')
      .execute();
    expect(entries.map(({ action }) => action)).toEqual(expect.arrayContaining(['find', 'retrieve']));
    expect(JSON.stringify(entries)).not.toMatch(/Gr|ASK-/);
  });
});

describe.skipIf(!hasOrthanc)('asking another archive (needs Orthanc)', () => {
  let orthanc: Orthanc;
  let archive: string;
  beforeAll(async () => {
    orthanc = await startOrthanc({ aeTitle: OWN_TITLE, port: node.listener.port });
    archive = (await registerPeer(node.app.deps, { ae_title: orthanc.aeTitle, host: '127.0.0.1', port: orthanc.dicomPort })).id;
    const bytes = secondaryCapture({ study: study(9), series: `${study(9)}.1`, instance: `${study(9)}.1.1`, patientId: 'ORTHANC-1' });
    await orthanc.store(bytes);
  }, 60_000);
  afterAll(() => orthanc.stop());

  it('verifies, finds and fetches, both ways', async () => {
    expect(await node.app.call(contract.echoPeer, { params: { id: archive } })).toMatchObject({ ok: true });
    const { items } = await query({ level: 'STUDY', keys: { PatientID: 'ORTHANC-*', StudyInstanceUID: '' } }, archive);
    expect(items).toMatchObject([{ '0020000D': { Value: [study(9)] } }]);
    expect(await retrieve({ study_instance_uid: study(9), method: 'get' }, archive)).toMatchObject({ ok: true, completed: 1 });
    expect(await holds(`${study(9)}.1.1`)).toBe(true);
    expect(await retrieve({ study_instance_uid: study(9), method: 'move' }, archive)).toMatchObject({ ok: true });
  });
});

describe('isocenter peer', () => {
  /** Runs the command as the command line does. */
  function peer(...args: string[]): Promise<{ stdout: string; stderr: string }> {
    const command = new URL('../../src/cli/peer.ts', import.meta.url).href;
    const script = `import { peerCommand } from ${JSON.stringify(command)}; await peerCommand(${JSON.stringify(args)});`;
    const env = { PATH: process.env['PATH'], ISOCENTER_DATA_DIR: join(node.folder, 'cli'), ISOCENTER_INFERENCE_WORKERS: '1' };
    return new Promise((resolve) => {
      execFile(process.execPath, ['--input-type=module', '-e', script], { env }, (_error, stdout, stderr) => resolve({ stdout, stderr }));
    });
  }

  it('echoes, queries, fetches and sends', { timeout: 120_000 }, async () => {
    await peer('add', OWN_TITLE, '127.0.0.1', String(other.listener.port));
    expect((await peer('echo', OWN_TITLE)).stdout).toContain('Success');
    const queried = await peer('query', OWN_TITLE, 'STUDY', 'PatientID=ASK-3', 'StudyInstanceUID');
    expect(JSON.parse(queried.stdout.split('\n')[0] ?? '')).toMatchObject({ PatientID: ['ASK-3'], StudyInstanceUID: [study(3)] });
    expect((await peer('retrieve', OWN_TITLE, study(3))).stdout).toContain('2 retrieved, 0 failed');
    expect((await peer('send', OWN_TITLE, study(3))).stdout).toContain('2 of 2 sent');
    expect((await peer('query', OWN_TITLE, 'GALAXY')).stderr).toContain('PATIENT|STUDY');
    expect((await peer('echo', 'NOBODY')).stderr).toContain('There is no peer NOBODY');
  });
});
