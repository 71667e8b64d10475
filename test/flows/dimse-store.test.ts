import { createHash } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { parsePart10 } from '../../src/dicom/parse.ts';
import { registerPeer } from '../../src/server/dimse/manage-peers.ts';
import { putOpenToUnknown } from '../../src/server/dimse/repository.ts';
import { secondaryCapture, uid } from '../builders.ts';
import { dataFiles, dataPath, hasSharedData } from '../data.ts';
import { hasDcmtk, openTestNode, type TestNode } from '../dicom-node.ts';

let node: TestNode;
beforeAll(async () => {
  node = await openTestNode();
});
afterAll(async () => node.close());

function object(number: number, more: Parameters<typeof secondaryCapture>[0] = {}): Uint8Array {
  const [study, series] = [uid(30, number), uid(30, number, 1)];
  return secondaryCapture({ study, series, instance: uid(30, number, 1, 1), patientId: `DIMSE-${number}`, seed: number, ...more });
}

async function storedFile(sopInstanceUid: string): Promise<Uint8Array> {
  const response = await node.app.inject({ url: `/api/v1/instances/${sopInstanceUid}/file` });
  expect(response.statusCode).toBe(200);
  return response.rawPayload;
}

describe.skipIf(!hasDcmtk)('C-ECHO and C-STORE (needs dcmtk)', () => {
  it('answer a known peer', async () => {
    expect(await node.dcmtk('echoscu', [])).toMatchObject({ code: 0 });
  });

  it('store an object with its pixels as they were, and the same object again changes nothing', async () => {
    const sent = object(1, { rows: 256, columns: 256 });
    const files = await node.files([sent]);
    expect(await node.dcmtk('storescu', files)).toMatchObject({ code: 0 });
    expect(await node.dcmtk('storescu', files)).toMatchObject({ code: 0 });
    const stored = parsePart10(await storedFile(uid(30, 1, 1, 1)));
    expect(stored.dataSet['7FE00010']?.bytes).toEqual(parsePart10(sent).dataSet['7FE00010']?.bytes);
    expect(stored.meta['00020016']).toBeUndefined();
    const { items } = (await node.app.inject({ url: '/api/v1/studies?q=DIMSE-1' })).json();
    expect(items).toMatchObject([{ instance_count: 1, patient_id: 'DIMSE-1' }]);
  });

  it('make one file of the same object from two peers', async () => {
    await registerPeer(node.app.deps, { ae_title: 'SECOND', host: '127.0.0.1', port: 2 });
    const files = await node.files([object(2)]);
    expect(await node.dcmtk('storescu', files)).toMatchObject({ code: 0 });
    expect(await node.dcmtk('storescu', files, 'SECOND')).toMatchObject({ code: 0 });
  });

  it('refuse the same SOP Instance UID with other bytes by a status, keep the first, and log it without patient data', async () => {
    const [first, second] = await node.files([object(3), object(3, { seed: 99, patientName: 'Secret^Name' })]);
    expect(await node.dcmtk('storescu', [first ?? ''])).toMatchObject({ code: 0 });
    const before = createHash('sha256')
      .update(await storedFile(uid(30, 3, 1, 1)))
      .digest('hex');
    const refused = await node.dcmtk('storescu', ['-v', second ?? '']);
    expect(refused.output).toMatch(/CannotUnderstand/);
    expect(
      createHash('sha256')
        .update(await storedFile(uid(30, 3, 1, 1)))
        .digest('hex'),
    ).toBe(before);
    const line = node.log.find(({ message }) => message === 'object refused');
    expect(line).toMatchObject({ level: 'warn', fields: { calling: 'MODALITY', status: 'c000' } });
    expect(JSON.stringify(node.log)).not.toMatch(/Secret|DIMSE-3/);
  });

  it('refuse an unknown calling title and a wrong called one before any object, and log both', async () => {
    const files = await node.files([object(4)]);
    const unknown = await node.dcmtk('storescu', files, 'STRANGER');
    expect(unknown.code).not.toBe(0);
    expect(unknown.output).toContain('Calling AE Title Not Recognized');
    const wrong = await node.dcmtk('echoscu', ['-aec', 'SOMEBODY']);
    expect(wrong.output).toContain('Called AE Title Not Recognized');
    expect(node.log.filter(({ message }) => message === 'association refused').map(({ fields }) => fields['reason'])).toEqual([
      'calling-ae-title-not-recognized',
      'called-ae-title-not-recognized',
    ]);
    expect((await node.app.inject({ url: '/api/v1/studies?q=DIMSE-4' })).json().items).toEqual([]);
  });

  it('let strangers store while an administrator has opened the door, but not query', async () => {
    await putOpenToUnknown(node.app.deps.db, true);
    const files = await node.files([object(5)]);
    expect(await node.dcmtk('storescu', files, 'STRANGER')).toMatchObject({ code: 0 });
    const query = await node.dcmtk('findscu', ['-S', '-k', 'QueryRetrieveLevel=STUDY', '-k', 'PatientName'], 'STRANGER');
    expect(query.output).toMatch(/No Acceptable Presentation Contexts/i);
    await putOpenToUnknown(node.app.deps.db, false);
    expect((await node.dcmtk('storescu', files, 'STRANGER')).code).not.toBe(0);
  });

  it('refuse to store for a peer that may only query', async () => {
    await registerPeer(node.app.deps, { ae_title: 'READER', host: '127.0.0.1', port: 3, may_store: false });
    const files = await node.files([object(6)]);
    expect((await node.dcmtk('storescu', files, 'READER')).output).toMatch(/No Acceptable Presentation Contexts/i);
  });

  it('hold what four associations send at the same time', async () => {
    const batches = await Promise.all(
      [0, 1, 2, 3].map((batch) =>
        node.files(Array.from({ length: 20 }, (_, index) => object(100 + batch * 20 + index, { patientId: `FOUR-${batch}` }))),
      ),
    );
    const results = await Promise.all(batches.map((files) => node.dcmtk('storescu', files)));
    expect(results.map(({ code }) => code)).toEqual([0, 0, 0, 0]);
    const { items } = (await node.app.inject({ url: '/api/v1/studies?q=FOUR-&limit=200' })).json();
    expect(items).toHaveLength(80);
  });

  it.skipIf(!hasSharedData)('take a CT series in the transfer syntax that it is in (needs ../shared/data)', async () => {
    const names = dataFiles('dicom', 'ge-head-ct').filter((name) => name.endsWith('.dcm'));
    const sent = await node.dcmtk(
      'storescu',
      names.map((name) => dataPath('dicom', 'ge-head-ct', name)),
    );
    expect(sent).toMatchObject({ code: 0 });
    const rows = await node.app.deps.db.selectFrom('instance').select('transfer_syntax_uid').where('rows', '=', 512).execute();
    expect(rows).toHaveLength(names.length);
  });
});
