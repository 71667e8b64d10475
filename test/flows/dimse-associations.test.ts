import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { parsePart10 } from '../../src/dicom/parse.ts';
import { ExplicitVrLittleEndian } from '../../src/dicom/uids.ts';
import { writeDataSet } from '../../src/dicom/write.ts';
import { type DicomListener, openDicomListener } from '../../src/server/dimse/listener.ts';
import { registerPeer } from '../../src/server/dimse/manage-peers.ts';
import { AppError } from '../../src/server/platform/errors.ts';
import type { BlobStore } from '../../src/server/platform/ports.ts';
import { secondaryCapture, uid } from '../builders.ts';
import { OWN_TITLE, openTestNode, type TestNode } from '../dicom-node.ts';
import { associate, associateRequest, CONTEXTS, openWire, SECONDARY_CAPTURE, store, VERIFICATION } from '../dicom-peer.ts';

let node: TestNode;
beforeAll(async () => {
  node = await openTestNode({ limits: { total: 4, perPeer: 2 } });
});
afterAll(async () => node.close());

function object(number: number, rows = 16): Uint8Array {
  return secondaryCapture({
    study: uid(60, number),
    series: uid(60, number, 1),
    instance: uid(60, number, 1, 1),
    patientId: `A-${number}`,
    rows,
    columns: rows,
  });
}

async function holds(number: number): Promise<boolean> {
  return (await node.app.inject({ url: `/api/v1/instances/${uid(60, number, 1, 1)}/file` })).statusCode === 200;
}

/** A server of the same parts with another blob store. */
function listenWith(blobs: Partial<BlobStore>): Promise<DicomListener> {
  const log = { info: () => undefined, warn: () => undefined, error: () => undefined };
  const { deps } = node.app;
  return openDicomListener(
    {
      ...deps,
      scope: async (tenantId, visibility) => {
        const scope = await deps.scope(tenantId, visibility);
        return { ...scope, blobs: { ...scope.blobs, ...blobs } };
      },
    },
    { host: '127.0.0.1', port: 0, node: { aeTitle: OWN_TITLE, privateClasses: new Set() }, log },
  );
}

describe('an association', () => {
  it('answers each context: what it serves in the best syntax, what it does not with the reason', async () => {
    const contexts = [
      { id: 1, abstractSyntax: SECONDARY_CAPTURE, transferSyntaxes: ['1.2.840.10008.1.2', '1.2.840.10008.1.2.1'] },
      {
        id: 3,
        abstractSyntax: SECONDARY_CAPTURE,
        transferSyntaxes: ['1.2.840.10008.1.2.4.50', '1.2.840.10008.1.2.4.90', '1.2.840.10008.1.2'],
      },
      { id: 5, abstractSyntax: SECONDARY_CAPTURE, transferSyntaxes: ['1.2.3.4'] },
      { id: 7, abstractSyntax: '1.2.3.4', transferSyntaxes: ['1.2.840.10008.1.2'] },
      { id: 9, abstractSyntax: '1.2.840.10008.5.1.1.1', transferSyntaxes: ['1.2.840.10008.1.2'] },
    ];
    const association = await associate(node.listener.port, { contexts });
    expect(association.contexts().map(({ id, transferSyntax }) => [id, transferSyntax])).toEqual([
      [1, '1.2.840.10008.1.2.1'],
      [3, '1.2.840.10008.1.2.4.90'],
    ]);
    association.release();
  });

  it('is refused beyond the limit of a peer, and possible again when one has ended', async () => {
    const open = [await associate(node.listener.port), await associate(node.listener.port)];
    await expect(associate(node.listener.port)).rejects.toThrow('local-limit-exceeded');
    open[0]?.abort();
    // The server reads the abort before the next request, which comes later; until then it counts.
    let again = await associate(node.listener.port).catch(() => undefined);
    while (!again) again = await associate(node.listener.port).catch(() => undefined);
    again.abort();
    open[1]?.abort();
  });

  it('carries several stores before the first response, and answers each', async () => {
    const association = await untilAccepted();
    const responses = await Promise.all([1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12].map((number) => store(association, object(number))));
    expect(responses.map(({ head }) => head.status)).toEqual(Array.from({ length: 12 }, () => 0));
    expect(await holds(12)).toBe(true);
    association.release();
  });

  it.each([
    ['another SOP instance than it claims', { sopInstanceUid: uid(60, 999) }, 0xa900],
    ['a SOP class that the context is not of', { sopClassUid: '1.2.840.10008.5.1.4.1.1.2' }, 0x0122],
    ['a UID that is none', { sopInstanceUid: 'not-a-uid' }, 0xc000],
    ['the context of another service', { contextId: 1 }, 0x0211],
  ])('refuses an object that is %s, stores nothing and goes on', async (_, claimed, status) => {
    const association = await untilAccepted();
    expect((await store(association, object(20), claimed)).head.status).toBe(status);
    expect(await holds(20)).toBe(false);
    const echo = await association.request(1, 'c-echo', { '00000002': { vr: 'UI', Value: [VERIFICATION] } });
    expect(echo.head.status).toBe(0);
    association.release();
  });

  it('refuses what is no data set, and takes the next object', async () => {
    const association = await untilAccepted();
    const fields = {
      '00000002': { vr: 'UI' as const, Value: [SECONDARY_CAPTURE] },
      '00001000': { vr: 'UI' as const, Value: [uid(60, 21)] },
    };
    const junk = await association.request(3, 'c-store', fields, [Buffer.alloc(100_000, 0x41)]);
    expect(junk.head.status).toBe(0xc000);
    expect((await store(association, object(21))).head.status).toBe(0);
    association.release();
  });

  it('says that it is out of resources when the disk is full, and goes on', async () => {
    const full = await listenWith({
      put: async (content) => {
        for await (const _ of content) break;
        throw new AppError('storage-full', 'No space left');
      },
    });
    const association = await associate(full.port);
    expect((await store(association, object(30, 1024))).head.status).toBe(0xa700);
    expect((await store(association, object(30, 1024))).head.status).toBe(0xa700);
    association.release();
    await full.close();
  });

  it('takes no more from the peer than a little while the disk is behind', async () => {
    let begin: () => void = () => undefined;
    const gate = new Promise<void>((resolve) => {
      begin = resolve;
    });
    const { blobs } = node.app.deps;
    const slow = await listenWith({
      put: async (content) => {
        await gate;
        return blobs.put(content);
      },
    });
    const association = await associate(slow.port);
    let given = 0;
    const pieces = (async function* () {
      const file = writeDataSet(parsePart10(object(31, 8192)).dataSet, ExplicitVrLittleEndian);
      for (let start = 0; start < file.length; start += 65_536) {
        given += 1;
        yield file.subarray(start, start + 65_536);
      }
    })();
    const fields = {
      '00000002': { vr: 'UI' as const, Value: [SECONDARY_CAPTURE] },
      '00001000': { vr: 'UI' as const, Value: [uid(60, 31, 1, 1)] },
    };
    const sent = association.request(3, 'c-store', fields, pieces);
    // Echoes of another association show that the server has had its turns.
    const other = await associate(slow.port);
    let last = -1;
    for (let still = 0; still < 20; still = given === last ? still + 1 : 0) {
      last = given;
      await other.request(1, 'c-echo', { '00000002': { vr: 'UI', Value: [VERIFICATION] } });
    }
    expect(given).toBeLessThan(512);
    begin();
    expect((await sent).head.status).toBe(0);
    expect(given).toBe(1025);
    expect(await holds(31)).toBe(true);
    other.abort();
    association.abort();
    await slow.close();
  });

  it('stores nothing of an object whose sender vanishes, and keeps no file of it', async () => {
    const association = await untilAccepted();
    const file = object(40, 2048);
    const pieces = (async function* () {
      yield file.subarray(0, 2_000_000);
      association.abort();
      yield file.subarray(2_000_000);
    })();
    const fields = {
      '00000002': { vr: 'UI' as const, Value: [SECONDARY_CAPTURE] },
      '00001000': { vr: 'UI' as const, Value: [uid(60, 40, 1, 1)] },
    };
    await expect(association.request(3, 'c-store', fields, pieces)).rejects.toThrow('ended');
    expect(await holds(40)).toBe(false);
  });

  it('is known to nobody by its patients: the log has titles, counts and statuses only', () => {
    expect(node.log.length).toBeGreaterThan(10);
    expect(JSON.stringify(node.log)).not.toMatch(/Builder|"A-\d|2\.25\.61/);
  });
});

/** As soon as the associations of the test before have ended. */
async function untilAccepted(): ReturnType<typeof associate> {
  for (;;) {
    const association = await associate(node.listener.port, { contexts: CONTEXTS }).catch(() => undefined);
    if (association) return association;
  }
}

describe('the limit of all associations', () => {
  it('holds whoever calls, is told as a local limit that may pass, and is in the log and the audit trail', async () => {
    const tight = await openTestNode({ limits: { total: 1, perPeer: 1 }, timeouts: { artimMs: 200 } });
    await registerPeer(tight.app.deps, { ae_title: 'SECOND', host: '127.0.0.1', port: 2 });
    const held = await associate(tight.listener.port);
    const wire = await openWire(tight.listener.port);
    wire.socket.write(associateRequest('SECOND'));
    await wire.closed;
    // PS3.8 table 9-21: rejected-transient, by the provider's presentation part, local limit exceeded.
    expect([...wire.received()]).toEqual([3, 0, 0, 0, 0, 4, 0, 2, 3, 2]);
    const refusals = tight.log.filter(({ message }) => message === 'association refused');
    expect(refusals).toMatchObject([{ level: 'warn', fields: { calling: 'SECOND', reason: 'local-limit-exceeded' } }]);
    await tight.app.deps.audit.flush();
    const entries = await tight.app.deps.db
      .selectFrom('audit_entry')
      .select(['actor_name', 'outcome'])
      .where('reason', '=', 'local-limit-exceeded')
      .execute();
    expect(entries).toEqual([{ actor_name: 'SECOND', outcome: 'refused' }]);
    held.abort();
    await tight.close();
  });

  it('is not used up by connections that say nothing', async () => {
    const tight = await openTestNode({ limits: { total: 1, perPeer: 1 }, timeouts: { artimMs: 300 } });
    const silent = await Promise.all(Array.from({ length: 40 }, () => openWire(tight.listener.port)));
    const association = await associate(tight.listener.port);
    expect(association.isOpen()).toBe(true);
    // Each is let go when ARTIM ends.
    await Promise.all(silent.map(({ closed }) => closed));
    expect(association.isOpen()).toBe(true);
    association.abort();
    await tight.close();
  });
});
