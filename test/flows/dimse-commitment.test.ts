import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import * as contract from '../../src/contract/forwards.ts';
import type { DataSet } from '../../src/dicom/data-set.ts';
import { parseDataSet } from '../../src/dicom/parse.ts';
import { ExplicitVrLittleEndian } from '../../src/dicom/uids.ts';
import { writeDataSet } from '../../src/dicom/write.ts';
import type { Association } from '../../src/server/dimse/association.ts';
import { openAssociation } from '../../src/server/dimse/client.ts';
import { registerPeer } from '../../src/server/dimse/manage-peers.ts';
import { responseTo } from '../../src/server/dimse/message.ts';
import type { Message } from '../../src/server/dimse/message-reader.ts';
import { secondaryCapture, uid } from '../builders.ts';
import { hasOrthanc, OWN_TITLE, openTestNode, PEER, type TestNode } from '../dicom-node.ts';
import { SECONDARY_CAPTURE } from '../dicom-peer.ts';
import { openProvider } from '../dicom-provider.ts';
import { type Orthanc, startOrthanc } from '../orthanc.ts';

const COMMITMENT = '1.2.840.10008.1.20.1';
const INSTANCE = '1.2.840.10008.1.20.1.1';
const STUDY = uid(96, 1);
let node: TestNode;

beforeAll(async () => {
  node = await openTestNode();
  const files = [1, 2, 3].map((number) => ({
    name: `${number}.dcm`,
    bytes: secondaryCapture({ study: STUDY, series: `${STUDY}.1`, instance: `${STUDY}.1.${number}`, patientId: 'COMMIT-1', seed: number }),
  }));
  expect((await node.app.upload('/api/v1/studies', files)).statusCode).toBe(200);
});
afterAll(() => node.close());

type Report = { event: unknown; dataSet: DataSet };
const listOf = (dataSet: DataSet, tag: string, inner: string) =>
  (dataSet[tag]?.Value ?? []).map((item) => (item as DataSet)[inner]?.Value?.[0]);

async function readReport(association: Association, { contextId, command, data }: Message): Promise<Report> {
  const pieces: Uint8Array[] = [];
  for await (const piece of data?.content ?? []) pieces.push(piece);
  await association.send(contextId, responseTo(command, 0));
  const syntax = association.contexts().find(({ id }) => id === contextId)?.transferSyntax ?? '';
  return { event: command['00001002']?.Value?.[0], dataSet: parseDataSet(Buffer.concat(pieces), syntax) };
}

/** Asks the node to commit; `report` resolves if it comes over the same association. */
async function askFor(transactionUid: string, instances: { instance: string; sopClass?: string }[], callingAe = PEER) {
  const report = Promise.withResolvers<Report>();
  const association = await openAssociation(
    { ae_title: OWN_TITLE, host: '127.0.0.1', port: node.listener.port, tls: 0 },
    {
      callingAe,
      contexts: [{ id: 1, abstractSyntax: COMMITMENT, transferSyntaxes: [ExplicitVrLittleEndian] }],
      onRequest: (by, message) => by.operate(async () => report.resolve(await readReport(by, message))),
    },
  );
  const dataSet: DataSet = {
    '00081195': { vr: 'UI', Value: [transactionUid] },
    '00081199': {
      vr: 'SQ',
      Value: instances.map(({ instance, sopClass = SECONDARY_CAPTURE }) => ({
        '00081150': { vr: 'UI', Value: [sopClass] },
        '00081155': { vr: 'UI', Value: [instance] },
      })),
    },
  };
  const fields: DataSet = {
    '00000003': { vr: 'UI', Value: [COMMITMENT] },
    '00001001': { vr: 'UI', Value: [INSTANCE] },
    '00001008': { vr: 'US', Value: [1] },
  };
  const { head } = await association.request(1, 'n-action', fields, [writeDataSet(dataSet, ExplicitVrLittleEndian)]);
  return { association, status: head.status, report: report.promise };
}

describe('storage commitment, asked of us', () => {
  it('is reported over the same association for objects that are held', async () => {
    const { association, status, report } = await askFor(uid(96, 10), [{ instance: `${STUDY}.1.1` }, { instance: `${STUDY}.1.2` }]);
    expect(status).toBe(0);
    const { event, dataSet } = await report;
    expect(event).toBe(1);
    expect(dataSet['00081195']?.Value).toEqual([uid(96, 10)]);
    expect(listOf(dataSet, '00081199', '00081155')).toEqual([`${STUDY}.1.1`, `${STUDY}.1.2`]);
    association.release();
  });

  it('is reported as failed, object by object, for what is not held, is of another class, or has lost its bytes', async () => {
    const { db } = node.app.deps;
    const row = await db.selectFrom('instance').select('blob_key').where('sop_instance_uid', '=', `${STUDY}.1.3`).executeTakeFirstOrThrow();
    await node.app.deps.blobs.delete(row.blob_key);
    const { association, report } = await askFor(uid(96, 11), [
      { instance: `${STUDY}.1.1` },
      { instance: '2.25.404' },
      { instance: `${STUDY}.1.2`, sopClass: '1.2.840.10008.5.1.4.1.1.2' },
      { instance: `${STUDY}.1.3` },
    ]);
    const { event, dataSet } = await report;
    expect(event).toBe(2);
    expect(listOf(dataSet, '00081199', '00081155')).toEqual([`${STUDY}.1.1`]);
    expect(listOf(dataSet, '00081198', '00081155')).toEqual(['2.25.404', `${STUDY}.1.2`, `${STUDY}.1.3`]);
    // PS3.3 C.14.1.1: no such object instance, class/instance conflict, processing failure.
    expect(listOf(dataSet, '00081198', '00081197')).toEqual([0x0112, 0x0119, 0x0110]);
    association.release();
  });

  it('is refused for a transaction that the peer used before, and without one', async () => {
    const again = await askFor(uid(96, 10), [{ instance: `${STUDY}.1.1` }]);
    expect(again.status).toBe(0x0131);
    again.association.release();
    const empty = await askFor(uid(96, 12), []);
    expect(empty.status).toBe(0x0120);
    empty.association.release();
  });

  it('is reported over an association of our own to a peer that let go before', async () => {
    const reports: Report[] = [];
    const provider = await openProvider(async (association, message) => {
      reports.push(await readReport(association, message));
    });
    await registerPeer(node.app.deps, { ae_title: 'HASTY', host: '127.0.0.1', port: provider.port });
    const { association, status } = await askFor(uid(96, 13), [{ instance: `${STUDY}.1.1` }], 'HASTY');
    expect(status).toBe(0);
    association.abort();
    const waiting = () =>
      node.app.deps.db.selectFrom('commitment').select('status').where('transaction_uid', '=', uid(96, 13)).executeTakeFirst();
    await node.app.drain(200_000);
    while ((await waiting())?.status !== 'reported') await node.app.drain(200_000);
    expect(reports).toMatchObject([{ event: 1 }]);
    // We take the provider's part there, and say so (PS3.4 J.3.3, PS3.7 D.3.3.4).
    expect(provider.requests[0]?.user.roles).toEqual([{ sopClassUid: COMMITMENT, scu: false, scp: true }]);
    await provider.close();
  });
});

describe('storage commitment, asked by us after a forward', () => {
  async function forward(peer_id: string) {
    const body = { study_instance_uid: STUDY, peer_id, commitment: true, sop_instance_uids: [`${STUDY}.1.1`, `${STUDY}.1.2`] };
    const { id } = await node.app.call(contract.createForward, { body });
    return { id, state: () => node.app.call(contract.getForward, { params: { id } }) };
  }

  /** A peer that takes every object, and commits or not over the association of the request. */
  async function openCommitting(title: string, fails: (instance: string) => boolean) {
    const provider = await openProvider(async (association, { contextId, command, data, head }) => {
      const pieces: Uint8Array[] = [];
      for await (const piece of data?.content ?? []) pieces.push(piece);
      await association.send(contextId, responseTo(command, 0));
      if (head.field !== 0x0130) return;
      const asked = parseDataSet(Buffer.concat(pieces), ExplicitVrLittleEndian);
      const items = (asked['00081199']?.Value ?? []) as DataSet[];
      const failed = items.filter((item) => fails(String(item['00081155']?.Value?.[0])));
      const report: DataSet = {
        '00081195': asked['00081195'] ?? { vr: 'UI' },
        '00081199': { vr: 'SQ', Value: items.filter((item) => !failed.includes(item)) },
        '00081198': { vr: 'SQ', Value: failed.map((item) => ({ ...item, '00081197': { vr: 'US', Value: [0x0110] } })) },
      };
      const fields: DataSet = {
        '00000002': { vr: 'UI', Value: [COMMITMENT] },
        '00001000': { vr: 'UI', Value: [INSTANCE] },
        '00001002': { vr: 'US', Value: [failed.length > 0 ? 2 : 1] },
      };
      await association.request(contextId, 'n-event-report', fields, [writeDataSet(report, ExplicitVrLittleEndian)]);
    });
    const { id } = await registerPeer(node.app.deps, { ae_title: title, host: '127.0.0.1', port: provider.port });
    return { ...provider, id };
  }

  it('is kept when the peer commits', async () => {
    const peer = await openCommitting('COMMITS', () => false);
    const { state } = await forward(peer.id);
    await node.app.drain();
    expect(await state()).toMatchObject({ status: 'sent', commitment: 'committed' });
    await peer.close();
  });

  it('is listed with that of peers, the latest first', async () => {
    const { items } = await node.app.call(contract.listCommitments, { query: {} });
    expect(items[0]).toMatchObject({ role: 'scu', ae_title: 'COMMITS', status: 'committed', item_count: 2, failures: [] });
    const failed = items.find(({ transaction_uid }) => transaction_uid === uid(96, 11));
    expect(failed).toMatchObject({ role: 'scp', ae_title: PEER, status: 'reported', item_count: 4 });
    expect(failed?.failures.map(({ reason }) => reason)).toEqual([0x0112, 0x0119, 0x0110]);
  });

  it('is kept as failed when the peer does not commit each object', async () => {
    const peer = await openCommitting('DOUBTS', (instance) => instance.endsWith('.2'));
    const { state } = await forward(peer.id);
    await node.app.drain();
    expect(await state()).toMatchObject({ status: 'sent', commitment: 'failed' });
    await peer.close();
  });

  it('is not believed of a transaction that nobody asked for', async () => {
    const association = await openAssociation(
      { ae_title: OWN_TITLE, host: '127.0.0.1', port: node.listener.port, tls: 0 },
      {
        callingAe: PEER,
        contexts: [{ id: 1, abstractSyntax: COMMITMENT, transferSyntaxes: [ExplicitVrLittleEndian] }],
        roles: [{ sopClassUid: COMMITMENT, scu: false, scp: true }],
      },
    );
    const fields: DataSet = {
      '00000002': { vr: 'UI', Value: [COMMITMENT] },
      '00001000': { vr: 'UI', Value: [INSTANCE] },
      '00001002': { vr: 'US', Value: [1] },
    };
    const data = writeDataSet({ '00081195': { vr: 'UI', Value: ['2.25.404'] } }, ExplicitVrLittleEndian);
    expect((await association.request(1, 'n-event-report', fields, [data])).head.status).toBe(0x0112);
    association.release();
  });
});

describe.skipIf(!hasOrthanc)('storage commitment with another archive (needs Orthanc)', () => {
  let orthanc: Orthanc;
  beforeAll(async () => {
    orthanc = await startOrthanc({ aeTitle: OWN_TITLE, port: node.listener.port });
    await registerPeer(node.app.deps, { ae_title: orthanc.aeTitle, host: '127.0.0.1', port: orthanc.dicomPort });
  }, 60_000);
  afterAll(() => orthanc.stop());

  it('is given to it, and found failed for an object that is not here', { timeout: 60_000 }, async () => {
    const statusOf = async (instance: string): Promise<unknown> => {
      const body = { DicomInstances: [{ SOPClassUID: SECONDARY_CAPTURE, SOPInstanceUID: instance }] };
      const asked = (await orthanc.ask('POST', '/modalities/isocenter/storage-commitment', body)) as { ID: string };
      for (;;) {
        await node.app.drain(0);
        const { Status } = (await orthanc.ask('GET', `/storage-commitment/${asked.ID}`)) as { Status: string };
        if (Status !== 'Pending') return Status;
      }
    };
    expect(await statusOf(`${STUDY}.1.1`)).toBe('Success');
    expect(await statusOf('2.25.404')).toBe('Failure');
  });

  it('is taken from it, over an association of its own', { timeout: 60_000 }, async () => {
    const { items } = await node.app.inject({ url: '/api/v1/peers' }).then((response) => response.json());
    const { id: peer_id } = items.find(({ ae_title }: { ae_title: string }) => ae_title === orthanc.aeTitle);
    const body = { study_instance_uid: STUDY, peer_id, commitment: true, sop_instance_uids: [`${STUDY}.1.1`, `${STUDY}.1.2`] };
    const { id } = await node.app.call(contract.createForward, { body });
    await node.app.drain(0);
    for (let state = 'wanted'; state !== 'committed'; ) {
      state = (await node.app.call(contract.getForward, { params: { id } })).commitment;
      expect(state).not.toBe('failed');
    }
    expect(await orthanc.ask('GET', '/instances')).toHaveLength(2);
  });
});
