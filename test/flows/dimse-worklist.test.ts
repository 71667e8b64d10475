import { mkdir, readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import * as contract from '../../src/contract/worklist.ts';
import type { DataSet } from '../../src/dicom/data-set.ts';
import { parseDataSet, parsePart10 } from '../../src/dicom/parse.ts';
import { ExplicitVrLittleEndian, ImplicitVrLittleEndian } from '../../src/dicom/uids.ts';
import { writeDataSet } from '../../src/dicom/write.ts';
import { openAssociation } from '../../src/server/dimse/client.ts';
import { gather } from '../../src/server/platform/data-stream.ts';
import { registerPeer } from '../../src/server/dimse/manage-peers.ts';
import { uid } from '../builders.ts';
import { hasDcmtk, OWN_TITLE, openTestNode, PEER, type TestNode } from '../dicom-node.ts';

const WORKLIST = '1.2.840.10008.5.1.4.31';
const STEP = '00400100';
let node: TestNode;
let folders = 0;

const ORDER = {
  patient_id: 'W-1',
  patient_name: 'Müller^Änne',
  birth_date: '19700131',
  sex: 'F' as const,
  weight_kg: 61.5,
  pregnancy_status: 4,
  allergies: 'Iodine',
  accession_number: 'A-1',
  requested_procedure_id: 'RP-1',
  requested_procedure_description: 'CT of the chest',
  requested_procedure_code: { value: '24627-2', scheme: 'LN', meaning: 'CT Chest' },
  referring_physician: 'House^Gregory',
  priority: 'STAT' as const,
  step_id: 'S-1',
  modality: 'CT',
  station_ae_title: 'CT_ROOM_1',
  station_name: 'CT1',
  start_date: '20260705',
  start_time: '0930',
  step_description: 'Chest with contrast',
  performing_physician: 'Curie^Marie',
};

beforeAll(async () => {
  node = await openTestNode();
  const add = (body: object) => node.app.call(contract.createOrder, { body: { ...ORDER, ...body } });
  await add({});
  await add({
    patient_id: 'W-2',
    patient_name: 'Yamada^Tarou=山田^太郎=やまだ^たろう',
    accession_number: 'A-2',
    step_id: 'S-2',
    start_date: '20260706',
    start_time: '1100',
    modality: 'MR',
    station_ae_title: 'MR_1',
  });
  await add({
    patient_id: 'W-3',
    patient_name: 'Люкceмбypг',
    accession_number: 'A-3',
    step_id: 'S-3',
    start_date: '20260707',
    start_time: '170000',
    station_ae_title: 'CT_ROOM_2',
  });
  await add({
    patient_id: 'W-4',
    patient_name: 'Late^Lou',
    accession_number: 'A-4',
    step_id: 'S-4',
    start_date: '20260707',
    start_time: '1830',
    station_ae_title: 'CT_ROOM_2',
  });
});
afterAll(() => node.close());

/** Answers to a worklist query, as data sets in the order of their patients' IDs. */
async function findscu(...keys: string[]): Promise<DataSet[]> {
  const folder = join(node.folder, `found-${folders++}`);
  await mkdir(folder);
  const asked = ['PatientID', ...keys].flatMap((key) => ['-k', key]);
  const result = await node.dcmtk('findscu', ['-W', '-v', '-X', '-od', folder, ...asked]);
  expect(result.code, result.output).toBe(0);
  const found = await Promise.all((await readdir(folder)).map(async (name) => parsePart10(await readFile(join(folder, name))).dataSet));
  return found.toSorted((a, b) => patientOf(a).localeCompare(patientOf(b)));
}

function patientOf(dataSet: DataSet): string {
  return String(dataSet['00100020']?.Value?.[0]);
}

const step = (key: string): string => `ScheduledProcedureStepSequence[0].${key}`;

describe.skipIf(!hasDcmtk)('the modality worklist (needs dcmtk)', () => {
  it.each([
    ['everything that is open', [], ['W-1', 'W-2', 'W-3', 'W-4']],
    ['a modality', [step('Modality=MR')], ['W-2']],
    ['a station', [step('ScheduledStationAETitle=CT_ROOM_2')], ['W-3', 'W-4']],
    ['a day', [step('ScheduledProcedureStepStartDate=20260706')], ['W-2']],
    ['a range of days', [step('ScheduledProcedureStepStartDate=20260706-20260707')], ['W-2', 'W-3', 'W-4']],
    ['days from one on', [step('ScheduledProcedureStepStartDate=20260707-')], ['W-3', 'W-4']],
    ['a range of times on whatever day', [step('ScheduledProcedureStepStartTime=1000-1800')], ['W-2', 'W-3']],
    [
      'a range of days and times as one of moments (PS3.4 K.6.1.2.2)',
      [step('ScheduledProcedureStepStartDate=20260705-20260707'), step('ScheduledProcedureStepStartTime=1000-1800')],
      ['W-2', 'W-3'],
    ],
    ['a patient by ID', ['PatientID=W-3'], ['W-3']],
    ['a name with a wildcard, whatever its case and accents', ['PatientName=MULLER*'], ['W-1']],
    ['an accession number', ['AccessionNumber=A-4'], ['W-4']],
    ['a procedure', ['RequestedProcedureID=RP-1', step('Modality=CT')], ['W-1', 'W-3', 'W-4']],
    ['a code within a sequence', ['RequestedProcedureCodeSequence[0].CodeValue=24627-2', 'PatientID=W-2'], ['W-2']],
    ['the physician who performs', [step('ScheduledPerformingPhysicianName=Curie*'), step('Modality=MR')], ['W-2']],
    ['nothing that there is', [step('Modality=US')], []],
  ])('finds %s', async (_, keys, patients) => {
    expect((await findscu(...keys)).map(patientOf)).toEqual(patients);
  });

  it('returns every key that was asked for, with its value or empty, and none that was not', async () => {
    const [found] = await findscu(
      'PatientName',
      'PatientBirthDate',
      'PatientWeight',
      'Allergies',
      'PregnancyStatus',
      'PatientState',
      'StudyInstanceUID',
      'ReferencedStudySequence',
      'RequestedProcedureCodeSequence',
      'RequestedProcedurePriority',
      step('Modality=CT'),
      step('ScheduledStationName'),
      step('ScheduledProcedureStepStartTime'),
      step('ScheduledProtocolCodeSequence'),
      step('ScheduledProcedureStepStatus'),
      'PatientID=W-1',
    );
    expect(found).toMatchObject({
      '00080005': { Value: ['ISO_IR 192'] },
      '00100010': { Value: [{ Alphabetic: 'Müller^Änne' }] },
      '00100030': { Value: ['19700131'] },
      '00101030': { Value: [61.5] },
      '00102110': { Value: ['Iodine'] },
      '001021C0': { Value: [4] },
      '00400100': {
        Value: [
          {
            '00080060': { Value: ['CT'] },
            '00400003': { Value: ['0930'] },
            '00400010': { Value: ['CT1'] },
            '00400020': { Value: ['SCHEDULED'] },
          },
        ],
      },
      '00321064': { Value: [{ '00080100': { Value: ['24627-2'] }, '00080104': { Value: ['CT Chest'] } }] },
      '00401003': { Value: ['STAT'] },
    });
    expect(found?.['00380500']).toEqual({ vr: 'LO' });
    expect(found?.['00081110']).toMatchObject({ vr: 'SQ' });
    expect(found?.['00321060']).toBeUndefined();
    expect(String(found?.['0020000D']?.Value?.[0])).toMatch(/^2\.25\.\d+$/);
  });

  it('gives names in the scripts in which they were written', async () => {
    const names = (await findscu('PatientName')).map((found) => found['00100010']?.Value?.[0]);
    expect(names[1]).toEqual({ Alphabetic: 'Yamada^Tarou', Ideographic: '山田^太郎', Phonetic: 'やまだ^たろう' });
    expect(names[2]).toEqual({ Alphabetic: 'Люкceмбypг' });
  });

  it('is refused to a peer that may not query', async () => {
    await registerPeer(node.app.deps, { ae_title: 'SENDER', host: '127.0.0.1', port: 4, may_query: false });
    expect((await node.dcmtk('findscu', ['-W', '-v', '-k', 'PatientID'], 'SENDER')).output).toMatch(/No Acceptable Presentation Contexts/i);
  });
});

describe('the modality worklist', () => {
  it.each([
    ['ISO_IR 100', Buffer.from('M\xfcller*', 'latin1')],
    ['ISO_IR 192', Buffer.from('Müller*', 'utf8')],
    ['ISO_IR 144', Buffer.from([0xbb, 0xee, 0xda, 0x2a])],
  ])('understands keys in the character set that they are in: %s', async (charset, name) => {
    const association = await openAssociation(
      { ae_title: OWN_TITLE, host: '127.0.0.1', port: node.listener.port, tls: 0 },
      { callingAe: PEER, contexts: [{ id: 1, abstractSyntax: WORKLIST, transferSyntaxes: [ImplicitVrLittleEndian] }] },
    );
    const ascii: DataSet[string] = { vr: 'CS', Value: [charset] };
    const padded = name.length % 2 === 0 ? name : Buffer.concat([name, Buffer.from(' ')]);
    const element = Buffer.alloc(8);
    element.writeUInt16LE(0x0010, 0);
    element.writeUInt16LE(0x0010, 2);
    element.writeUInt32LE(padded.length, 4);
    const identifier = [writeDataSet({ '00080005': ascii }, ImplicitVrLittleEndian), element, padded];
    const { responses } = await association.ask(1, 'c-find', { '00000002': { vr: 'UI', Value: [WORKLIST] } }, [Buffer.concat(identifier)]);
    const names: unknown[] = [];
    for await (const { data } of responses) {
      const bytes = data && (await gather(data.content, 100_000));
      if (bytes) names.push(parseDataSet(bytes, ImplicitVrLittleEndian)['00100010']?.Value?.[0]);
    }
    expect(names).toEqual([{ Alphabetic: charset === 'ISO_IR 144' ? 'Люкceмбypг' : 'Müller^Änne' }]);
    association.release();
  });

  it('says so when a key is none', async () => {
    const association = await openAssociation(
      { ae_title: OWN_TITLE, host: '127.0.0.1', port: node.listener.port, tls: 0 },
      { callingAe: PEER, contexts: [{ id: 1, abstractSyntax: WORKLIST, transferSyntaxes: [ExplicitVrLittleEndian] }] },
    );
    const keys: DataSet = { [STEP]: { vr: 'SQ', Value: [{ '00400002': { vr: 'DA', Value: ['tomorrow'] } }] } };
    const answer = await association.request(1, 'c-find', { '00000002': { vr: 'UI', Value: [WORKLIST] } }, [
      writeDataSet(keys, ExplicitVrLittleEndian),
    ]);
    expect(answer.head.status).toBe(0xa900);
    association.release();
  });
});

describe('orders', () => {
  it('are read, changed while they are scheduled, taken off, and listed by day and page', async () => {
    const made = await node.app.call(contract.createOrder, {
      body: { ...ORDER, step_id: 'S-9', start_date: '20270101', patient_id: 'W-9' },
    });
    const params = { id: made.id };
    const changed = await node.app.call(contract.changeOrder, { params, body: { start_time: '1200' } });
    expect(changed).toMatchObject({ id: made.id, start_time: '1200', status: 'scheduled', patient_name: ORDER.patient_name });
    expect(await node.app.call(contract.getOrder, { params })).toEqual(changed);
    const page = await node.app.call(contract.listOrders, { query: { limit: 2 } });
    expect(page.items.map(({ patient_id }) => patient_id)).toEqual(['W-1', 'W-2']);
    const next = await node.app.call(contract.listOrders, { query: { limit: 500, cursor: page.next_cursor ?? '' } });
    expect(next.items.map(({ patient_id }) => patient_id)).toEqual(['W-3', 'W-4', 'W-9']);
    expect((await node.app.call(contract.listOrders, { query: { from: '20270101' } })).items).toHaveLength(1);
    await node.app.call(contract.removeOrder, { params });
    expect((await node.app.inject({ url: `/api/v1/worklist/orders/${made.id}` })).statusCode).toBe(404);
  });

  it('are refused with a day that is none, a second step of one id, and a change after the step has begun', async () => {
    const post = (payload: object) => node.app.inject({ method: 'POST', url: '/api/v1/worklist/orders', payload });
    expect((await post({ ...ORDER, start_date: '20261301' })).statusCode).toBe(400);
    const study_instance_uid = uid(97, 5);
    const made = (await post({ ...ORDER, study_instance_uid })).json();
    expect((await post({ ...ORDER, study_instance_uid })).statusCode).toBe(409);
    await node.app.call(contract.changeOrder, { params: { id: made.id }, body: { status: 'started' } });
    const patch = { method: 'PATCH' as const, url: `/api/v1/worklist/orders/${made.id}` };
    expect((await node.app.inject({ ...patch, payload: { modality: 'MR' } })).statusCode).toBe(409);
    expect((await node.app.inject({ method: 'DELETE', url: patch.url })).statusCode).toBe(409);
    expect((await node.app.inject({ ...patch, payload: { status: 'cancelled' } })).statusCode).toBe(200);
    await node.app.call(contract.removeOrder, { params: { id: made.id } });
  });
});
