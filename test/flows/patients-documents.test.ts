import { spawnSync } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { deletePatient, restoreRecycled } from '../../src/contract/recycle-bin.ts';
import { parsePart10 } from '../../src/dicom/parse.ts';
import { Tag } from '../../src/dicom/tags.ts';
import { sweepBlobs } from '../../src/server/studies/sweep-blobs.ts';
import { openTestApp, type TestApp } from '../app.ts';
import { uid } from '../builders.ts';
import { arrive, fieldsOf, makePatient, patientKeyOf } from './patients-parts.ts';

const MARIA = { patient_id: 'MRN-1', name_parts: { family: 'García', given: 'María' }, date_of_birth: '1970-02-03' };
const PDF = Buffer.from('%PDF-1.4\n1 0 obj<</Type/Catalog>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF');
const CDA = '<?xml version="1.0"?><ClinicalDocument xmlns="urn:hl7-org:v3"><title>Letter</title></ClinicalDocument>';
const PNG = Buffer.from('iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAAAAAA6fptVAAAACklEQVR4nGNgAAAAAgABSK+kcQAAAABJRU5ErkJggg==', 'base64');

let app: TestApp;
beforeEach(async () => {
  app = await openTestApp();
});
afterEach(() => app.close());

const upload = (id: string, bytes: Uint8Array | string, fields: Record<string, string> = {}, name = 'letter.bin') =>
  app.upload(`/api/v1/patients/${id}/documents`, [{ name, bytes: Buffer.from(bytes) }], fields);

describe('documents of a patient', () => {
  it('come back byte for byte, each by what its content is, newest first and page by page (E-13, D-06)', async () => {
    const { id } = await makePatient(app, MARIA);
    const sent: [Buffer, string][] = [
      [PDF, 'application/pdf'],
      [PNG, 'image/png'],
      [Buffer.from([0xff, 0xd8, 0xff, 0xe0, 1, 2, 3]), 'image/jpeg'],
      [Buffer.from('Grüße\nمرحبا'), 'text/plain; charset=utf-8'],
      [Buffer.from('{"resourceType":"Patient"}'), 'application/fhir+json'],
      [Buffer.from(CDA), 'application/hl7-cda+xml'],
    ];
    for (const [bytes, type] of sent) {
      const made = await upload(id, bytes, { title: 'رسالة (1)', category: 'letter', date: '2020-02-29' });
      expect(made.statusCode, made.body).toBe(201);
      expect(made.json()).toMatchObject({ title: 'رسالة (1)', category: 'letter', document_date: '2020-02-29', size: bytes.length });
      const back = await app.inject({ url: `/api/v1/patients/${id}/documents/${made.json().id}` });
      expect(back.rawPayload.equals(bytes)).toBe(true);
      expect(back.headers).toMatchObject({ 'content-type': type, 'content-length': String(bytes.length) });
      expect(back.headers['content-disposition']).toContain("filename*=UTF-8''%D8%B1");
    }
    const url = `/api/v1/patients/${id}/documents`;
    const first = (await app.inject({ url, query: { limit: '4' } })).json();
    const second = (await app.inject({ url, query: { limit: '4', cursor: first.next_cursor } })).json();
    expect([first.items.length, second.items.length, second.next_cursor]).toEqual([4, 2, null]);
    expect(JSON.stringify(first)).not.toContain('blob_key');
  });

  it('a PDF is a DICOM object of the patient too, the same document once', async () => {
    const { id } = await makePatient(app, MARIA);
    const odd = Buffer.concat([PDF, Buffer.from(' '.repeat(1 - (PDF.length % 2)))]);
    const made = (await upload(id, odd, { title: 'Discharge letter' })).json();
    expect(await patientKeyOf(app, made.study_instance_uid)).toBe(id);
    const file = await app.inject({ url: `/api/v1/instances/${made.sop_instance_uid}/file` });
    const { dataSet } = parsePart10(file.rawPayload);
    expect(dataSet[Tag.SOPClassUID]?.Value).toEqual(['1.2.840.10008.5.1.4.1.1.104.1']);
    expect(dataSet[Tag.EncapsulatedDocumentLength]?.Value).toEqual([odd.length]);
    expect(
      Buffer.from(dataSet[Tag.EncapsulatedDocument]?.bytes ?? [])
        .subarray(0, odd.length)
        .equals(odd),
    ).toBe(true);
    const again = (await upload(id, odd, { title: 'Discharge letter' })).json();
    expect(again.sop_instance_uid).toBe(made.sop_instance_uid);
    expect(await app.deps.db.selectFrom('instance').select('sop_instance_uid').execute()).toHaveLength(1);
    const nameless = await arrive(app, { study: uid(760), patientId: '', name: 'Nobody' });
    expect((await upload(nameless, PDF)).json()).toMatchObject({ sop_instance_uid: null });
  });

  it('what is none of these is refused, whatever it is called', async () => {
    const { id } = await makePatient(app, MARIA);
    const refused: (string | Uint8Array)[] = [
      '<html><script>alert(1)</script></html>',
      '<!DOCTYPE x [<!ENTITY a "b">]><ClinicalDocument xmlns="urn:hl7-org:v3"/>',
      '<ClinicalDocument xmlns="urn:hl7-org:v3"><title></ClinicalDocument>',
      '<svg xmlns="http://www.w3.org/2000/svg"/>',
      'MZ\u0000\u0001',
      '',
      Buffer.from([0xff, 0xfe, 0x00, 0xd8]),
      'PK\u0003\u0004',
    ];
    for (const content of refused) expect((await upload(id, content, {}, 'letter.pdf')).statusCode, String(content)).toBe(415);
    expect(fieldsOf(await upload(id, PDF, { title: 'x'.repeat(300) }))).toEqual(['title']);
    expect(fieldsOf(await upload(id, PDF, { date: 'soon' }))).toEqual(['date']);
    expect((await app.upload(`/api/v1/patients/${id}/documents`, [])).statusCode).toBe(400);
    expect((await upload('00000000-0000-7000-8000-000000000000', PDF)).statusCode).toBe(404);
    expect(await app.deps.db.selectFrom('patient_document').select('id').execute()).toEqual([]);
  });

  it('another patient does not have it, it goes to the recycle bin and back with the patient, and its file goes when it is removed', async () => {
    const [one, two] = [await makePatient(app, MARIA), await makePatient(app, { patient_id: 'MRN-2', name: 'Other' })];
    const made = (await upload(one.id, 'text')).json();
    const url = `/api/v1/patients/${one.id}/documents/${made.id}`;
    expect((await app.inject({ url: `/api/v1/patients/${two.id}/documents/${made.id}` })).statusCode).toBe(404);
    const item = await app.call(deletePatient, { params: { patient_key: one.id } });
    await app.drain(2 * 3_600_000);
    await sweepBlobs(app.deps);
    await app.call(restoreRecycled, { params: { id: item.id } });
    expect((await app.inject({ url })).body).toBe('text');
    await sweepBlobs(app.deps);
    expect((await app.inject({ url })).body).toBe('text');
    expect((await app.inject({ method: 'DELETE', url })).statusCode).toBe(200);
    expect((await app.inject({ url })).statusCode).toBe(404);
  });
});

const hasValidator = spawnSync('dciodvfy', ['-version']).error === undefined;
describe.skipIf(!hasValidator)('the DICOM object of a document (needs dicom3tools)', () => {
  it('is an Encapsulated PDF as the standard has it', async () => {
    const { id } = await makePatient(app, { ...MARIA, gender: 'female' });
    const made = (await upload(id, PDF, { title: 'Entlaßbrief', date: '2020-01-01' })).json();
    const file = await app.inject({ url: `/api/v1/instances/${made.sop_instance_uid}/file` });
    const folder = await mkdtemp(join(tmpdir(), 'isocenter-document-'));
    await writeFile(join(folder, 'a.dcm'), file.rawPayload);
    const { stderr } = spawnSync('dciodvfy', [join(folder, 'a.dcm')], { encoding: 'utf8', timeout: 20_000 });
    await rm(folder, { recursive: true });
    expect(stderr).toContain('EncapsulatedPDF');
    expect(stderr).not.toContain('Error');
  });
});
