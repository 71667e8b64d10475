import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import * as contract from '../../src/contract/worklist.ts';
import type { DataSet } from '../../src/dicom/data-set.ts';
import { parseDataSet } from '../../src/dicom/parse.ts';
import { ExplicitVrLittleEndian } from '../../src/dicom/uids.ts';
import { writeDataSet } from '../../src/dicom/write.ts';
import type { Association } from '../../src/server/dimse/association.ts';
import { openAssociation } from '../../src/server/dimse/client.ts';
import { gather } from '../../src/server/platform/data-stream.ts';
import { uid } from '../builders.ts';
import { OWN_TITLE, openTestNode, PEER, type TestNode } from '../dicom-node.ts';

const STEP_CLASS = '1.2.840.10008.3.1.2.3.3';
const RETRIEVE_CLASS = '1.2.840.10008.3.1.2.3.4';
const STUDY = uid(98, 1);
let node: TestNode;
let association: Association;
let orderId: string;

beforeAll(async () => {
  node = await openTestNode();
  association = await openAssociation(
    { ae_title: OWN_TITLE, host: '127.0.0.1', port: node.listener.port, tls: 0 },
    { callingAe: PEER, contexts: [{ id: 1, abstractSyntax: STEP_CLASS, transferSyntaxes: [ExplicitVrLittleEndian] }] },
  );
  const order = await node.app.call(contract.createOrder, {
    body: {
      patient_id: 'M-1',
      patient_name: 'Step^Sue',
      accession_number: 'A-1',
      requested_procedure_id: 'RP-1',
      study_instance_uid: STUDY,
      step_id: 'S-1',
      modality: 'CT',
      station_ae_title: PEER,
      start_date: '20260705',
      start_time: '0930',
    },
  });
  orderId = order.id;
});
afterAll(async () => {
  association.release();
  await node.close();
});

const text = (vr: 'CS' | 'SH' | 'LO' | 'UI' | 'DA' | 'TM', value: string): DataSet[string] => ({ vr, Value: [value] });

function begun(more: DataSet = {}, stepId = 'S-1', study = STUDY): DataSet {
  return {
    '00080060': text('CS', 'CT'),
    '00100020': text('LO', 'M-1'),
    '00400252': text('CS', 'IN PROGRESS'),
    '00400253': text('SH', 'PPS-1'),
    '00400270': { vr: 'SQ', Value: [{ '0020000D': text('UI', study), '00080050': text('SH', 'A-1'), '00400009': text('SH', stepId) }] },
    ...more,
  };
}

async function create(instance: string | undefined, dataSet: DataSet) {
  const fields: DataSet = { '00000002': text('UI', STEP_CLASS), ...(instance ? { '00001000': text('UI', instance) } : {}) };
  const { head, command } = await association.request(1, 'n-create', fields, [writeDataSet(dataSet, ExplicitVrLittleEndian)]);
  return { status: head.status, instance: command['00001000']?.Value?.[0] };
}

async function set(instance: string, dataSet: DataSet) {
  const fields: DataSet = { '00000003': text('UI', STEP_CLASS), '00001001': text('UI', instance) };
  const { head, command } = await association.request(1, 'n-set', fields, [writeDataSet(dataSet, ExplicitVrLittleEndian)]);
  return { status: head.status, errorId: command['00000903']?.Value?.[0], instance: command['00001000']?.Value?.[0] };
}

async function orderStatus(): Promise<string> {
  return (await node.app.call(contract.getOrder, { params: { id: orderId } })).status;
}

describe('a modality performed procedure step', () => {
  const instance = uid(98, 100);

  it('begins, which starts the step that was scheduled, and is in the audit trail', async () => {
    expect(await create(instance, begun())).toEqual({ status: 0, instance });
    expect(await orderStatus()).toBe('started');
    const { items } = await node.app.call(contract.listPerformedSteps, { query: { order_id: orderId } });
    expect(items).toMatchObject([{ sop_instance_uid: instance, study_instance_uid: STUDY, ae_title: PEER, status: 'in_progress' }]);
    const entries = await node.app.deps.db
      .selectFrom('audit_entry')
      .select(['actor_name', 'study_instance_uid'])
      .where('operation', '=', 'N-CREATE')
      .execute();
    expect(entries).toEqual([{ actor_name: PEER, study_instance_uid: STUDY }]);
  });

  it('is not begun twice', async () => {
    expect((await create(instance, begun())).status).toBe(0x0111);
  });

  it('takes what is added on the way, and refuses what may not change', async () => {
    expect(await set(instance, { '00400254': text('LO', 'Chest'), '00100020': text('LO', 'M-1') })).toMatchObject({ status: 0, instance });
    expect((await set(instance, { '00100020': text('LO', 'SOMEBODY-ELSE') })).status).toBe(0x0106);
    expect((await set(instance, { '00400252': text('CS', 'PERHAPS') })).status).toBe(0x0106);
    const { items } = await node.app.call(contract.listPerformedSteps, { query: { study_instance_uid: STUDY } });
    expect(items[0]?.attributes).toMatchObject({ '00400254': { Value: ['Chest'] }, '00100020': { Value: ['M-1'] } });
  });

  it('is completed, which completes the scheduled step, and cannot be changed any more', async () => {
    const end = { '00400252': text('CS', 'COMPLETED'), '00400250': text('DA', '20260705'), '00400251': text('TM', '1000') };
    expect((await set(instance, end)).status).toBe(0);
    expect(await orderStatus()).toBe('completed');
    for (const status of ['IN PROGRESS', 'DISCONTINUED', 'COMPLETED'])
      expect(await set(instance, { '00400252': text('CS', status) })).toMatchObject({ status: 0x0110, errorId: 0xa710 });
    expect((await set(instance, { '00400254': text('LO', 'Later') })).status).toBe(0x0110);
  });

  it('is discontinued, and cannot be changed any more', async () => {
    const other = uid(98, 101);
    expect((await create(other, begun({}, 'UNSCHEDULED', uid(98, 2)))).status).toBe(0);
    expect((await set(other, { '00400252': text('CS', 'DISCONTINUED') })).status).toBe(0);
    expect((await set(other, { '00400252': text('CS', 'COMPLETED') })).status).toBe(0x0110);
    const { items } = await node.app.call(contract.listPerformedSteps, { query: { study_instance_uid: uid(98, 2) } });
    expect(items).toMatchObject([{ order_id: null, status: 'discontinued' }]);
  });

  it('gets a UID if it has none', async () => {
    const made = await create(undefined, begun({}, 'UNSCHEDULED', uid(98, 3)));
    expect(made).toMatchObject({ status: 0, instance: expect.stringMatching(/^2\.25\.\d+$/) });
    expect((await set(String(made.instance), { '00400252': text('CS', 'COMPLETED') })).status).toBe(0);
  });

  it.each([
    ['that begins completed', begun({ '00400252': text('CS', 'COMPLETED') }), 0x0106],
    ['without a status', begun({ '00400252': { vr: 'CS' } }), 0x0121],
    ['without a study', begun({ '00400270': { vr: 'SQ' } }), 0x0121],
  ])('is refused %s', async (_, dataSet, status) => {
    expect((await create(uid(98, 102), dataSet)).status).toBe(status);
  });

  it('is told to who asks for it, whole or in the attributes that are asked for (N-GET)', async () => {
    const asker = await openAssociation(
      { ae_title: OWN_TITLE, host: '127.0.0.1', port: node.listener.port, tls: 0 },
      { callingAe: PEER, contexts: [{ id: 1, abstractSyntax: RETRIEVE_CLASS, transferSyntaxes: [ExplicitVrLittleEndian] }] },
    );
    const ask = async (sop: string, list: string[] = []) => {
      const fields: DataSet = {
        '00000003': text('UI', RETRIEVE_CLASS),
        '00001001': text('UI', sop),
        ...(list.length > 0 ? { '00001005': { vr: 'AT', Value: list } } : {}),
      };
      const { responses } = await asker.ask(1, 'n-get', fields);
      for await (const { head, data } of responses) {
        const bytes = data && (await gather(data.content, 1_000_000));
        return { status: head.status, dataSet: bytes && parseDataSet(bytes, ExplicitVrLittleEndian) };
      }
      throw new Error('No answer');
    };
    const whole = await ask(instance);
    expect(whole).toMatchObject({ status: 0, dataSet: { '00400252': { Value: ['COMPLETED'] }, '00100020': { Value: ['M-1'] } } });
    const some = await ask(instance, ['00400252', '00400254']);
    expect(Object.keys(some.dataSet ?? {}).sort()).toEqual(['00080005', '00400252', '00400254']);
    expect((await ask('2.25.404')).status).toBe(0x0112);
    asker.release();
    const told = node.app.deps.db.selectFrom('audit_entry').select(['action', 'study_instance_uid']).where('operation', '=', 'N-GET');
    expect(await told.where('outcome', '=', 'success').execute()).toEqual([
      { action: 'retrieve', study_instance_uid: STUDY },
      { action: 'retrieve', study_instance_uid: STUDY },
    ]);
  });

  it('is not changed if it is not there', async () => {
    expect((await set('2.25.404', { '00400252': text('CS', 'COMPLETED') })).status).toBe(0x0112);
  });
});
