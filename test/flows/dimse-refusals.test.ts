import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { parsePart10 } from '../../src/dicom/parse.ts';
import { ExplicitVrLittleEndian, ImplicitVrLittleEndian } from '../../src/dicom/uids.ts';
import { writeDataSet } from '../../src/dicom/write.ts';
import { openAssociation } from '../../src/server/dimse/client.ts';
import { secondaryCapture, uid } from '../builders.ts';
import { OWN_TITLE, openTestNode, PEER, type TestNode } from '../dicom-node.ts';
import { associate, SECONDARY_CAPTURE, store } from '../dicom-peer.ts';

const PRIVATE_CLASS = '1.2.840.113619.4.26';
const UNKNOWN_CLASS = '1.3.12.2.1107.5.9.1';
let node: TestNode;

beforeAll(async () => {
  node = await openTestNode({ privateClasses: [PRIVATE_CLASS] });
});
afterAll(() => node.close());

function open(contexts: { id: number; abstractSyntax: string; transferSyntaxes: string[] }[]) {
  return openAssociation({ ae_title: OWN_TITLE, host: '127.0.0.1', port: node.listener.port, tls: 0 }, { callingAe: PEER, contexts });
}

function object(number: number, sopClass?: string): Uint8Array {
  const names = { study: uid(92, number), series: uid(92, number, 1), instance: uid(92, number, 1, 1), patientId: `REFUSED-${number}` };
  const { dataSet } = parsePart10(secondaryCapture({ ...names, patientName: 'Hidden^Name' }));
  if (sopClass) dataSet['00080016'] = { vr: 'UI', Value: [sopClass] };
  return writeDataSet(dataSet, ExplicitVrLittleEndian);
}

/** Entries of the audit trail about an operation, the latest first. */
async function audited(operation: string) {
  await node.app.deps.audit.flush();
  return node.app.deps.db
    .selectFrom('audit_entry')
    .select(['actor_name', 'outcome', 'reason', 'details'])
    .where('operation', '=', operation)
    .orderBy('seq', 'desc')
    .execute();
}

describe('a private SOP class', () => {
  it('is stored where it is configured, and answered as not supported where it is not', async () => {
    const association = await open([
      { id: 1, abstractSyntax: PRIVATE_CLASS, transferSyntaxes: [ExplicitVrLittleEndian] },
      { id: 3, abstractSyntax: UNKNOWN_CLASS, transferSyntaxes: [ExplicitVrLittleEndian] },
    ]);
    expect(association.contexts().map(({ abstractSyntax }) => abstractSyntax)).toEqual([PRIVATE_CLASS]);
    const fields = {
      '00000002': { vr: 'UI' as const, Value: [PRIVATE_CLASS] },
      '00001000': { vr: 'UI' as const, Value: [uid(92, 1, 1, 1)] },
    };
    expect((await association.request(1, 'c-store', fields, [object(1, PRIVATE_CLASS)])).head.status).toBe(0);
    association.release();
    const { items } = (await node.app.inject({ url: '/api/v1/studies?q=REFUSED-1' })).json();
    expect(items).toHaveLength(1);
  });
});

describe('what is refused', () => {
  it('is told in the log and the audit trail for each presentation context, with the reason', async () => {
    const before = node.log.length;
    const association = await open([
      { id: 1, abstractSyntax: UNKNOWN_CLASS, transferSyntaxes: [ExplicitVrLittleEndian] },
      { id: 3, abstractSyntax: SECONDARY_CAPTURE, transferSyntaxes: ['1.2.840.999.1'] },
      { id: 5, abstractSyntax: SECONDARY_CAPTURE, transferSyntaxes: [ImplicitVrLittleEndian] },
    ]);
    association.release();
    const line = node.log.slice(before).find(({ message }) => message === 'contexts refused');
    expect(line).toMatchObject({
      level: 'warn',
      fields: {
        calling: PEER,
        refused: [`${UNKNOWN_CLASS}: SOP class not supported`, `${SECONDARY_CAPTURE}: transfer syntaxes not supported`],
      },
    });
    const [entry] = await audited('A-ASSOCIATE');
    expect(JSON.parse(entry?.details ?? '{}')).toMatchObject({ contexts: 1, refused: 2 });
  });

  it('is told of an application whose title nobody knows, and of one that calls another title', async () => {
    await expect(associate(node.listener.port, { callingAe: 'STRANGER' })).rejects.toThrow('calling-ae-title-not-recognized');
    const wrong = openAssociation(
      { ae_title: 'SOMEBODY', host: '127.0.0.1', port: node.listener.port, tls: 0 },
      { callingAe: PEER, contexts: [{ id: 1, abstractSyntax: SECONDARY_CAPTURE, transferSyntaxes: [ExplicitVrLittleEndian] }] },
    );
    await expect(wrong).rejects.toThrow('called-ae-title-not-recognized');
    const entries = (await audited('A-ASSOCIATE')).filter(({ outcome }) => outcome === 'refused');
    expect(entries.map(({ actor_name, reason }) => [actor_name, reason])).toEqual([
      [PEER, 'called-ae-title-not-recognized'],
      ['STRANGER', 'calling-ae-title-not-recognized'],
    ]);
  });

  it('is told of the same UID with other bytes: the first stays', async () => {
    const association = await associate(node.listener.port);
    const file = (seed: number) =>
      secondaryCapture({ study: uid(92, 2), series: uid(92, 2, 1), instance: uid(92, 2, 1, 1), patientId: 'REFUSED-2', seed });
    expect((await store(association, file(1))).head.status).toBe(0);
    expect((await store(association, file(2))).head.status).toBe(0xc000);
    association.release();
    expect((await audited('C-STORE'))[0]).toMatchObject({ actor_name: PEER, outcome: 'failed', reason: 'conflicting-instance' });
    const held = await node.app.inject({ url: `/api/v1/instances/${uid(92, 2, 1, 1)}/file` });
    expect(parsePart10(held.rawPayload).dataSet['7FE00010']).toEqual(parsePart10(file(1)).dataSet['7FE00010']);
  });

  it('is told of a sender that vanishes in the middle of an object, of which nothing is kept', async () => {
    const before = node.log.length;
    const association = await associate(node.listener.port);
    const bytes = object(3);
    const pieces = (async function* () {
      yield bytes.subarray(0, bytes.length - 100);
      association.abort();
    })();
    const fields = {
      '00000002': { vr: 'UI' as const, Value: [SECONDARY_CAPTURE] },
      '00001000': { vr: 'UI' as const, Value: [uid(92, 3, 1, 1)] },
    };
    await expect(association.request(3, 'c-store', fields, pieces)).rejects.toThrow('ended');
    // The end of one association and the beginning of another are taken in turn.
    (await associate(node.listener.port)).release();
    const told = () => node.log.slice(before).some(({ message }) => message === 'object refused');
    while (!told()) (await associate(node.listener.port)).release();
    expect((await audited('C-STORE'))[0]).toMatchObject({ outcome: 'failed', reason: 'unavailable' });
    expect((await node.app.inject({ url: '/api/v1/studies?q=REFUSED-3' })).json().items).toEqual([]);
  });

  it('names no patient', () => {
    expect(node.log.length).toBeGreaterThan(5);
    expect(JSON.stringify(node.log)).not.toMatch(/Hidden|REFUSED/);
  });
});
