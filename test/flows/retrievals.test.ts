import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { changePeer } from '../../src/contract/peers.ts';
import * as contract from '../../src/contract/retrievals.ts';
import { type NewRoutingRule, testRouting } from '../../src/contract/routing.ts';
import { registerPeer } from '../../src/server/dimse/manage-peers.ts';
import { secondaryCapture, uid } from '../builders.ts';
import { OWN_TITLE, openTestNode, type TestNode } from '../dicom-node.ts';
import { postgresMissing, startPostgres } from '../postgres.ts';

const DATABASES = postgresMissing ? ['SQLite'] : ['SQLite', 'PostgreSQL'];
const STUDY = uid(97, 1);

describe.each(DATABASES)('a retrieval in the background on %s', { timeout: 60_000 }, (database) => {
  let node: TestNode;
  /** The application that has the study. */
  let other: TestNode;
  let peer_id: string;
  let close: () => Promise<void>;

  beforeAll(async () => {
    const server = database === 'PostgreSQL' ? await startPostgres() : undefined;
    const opened = await server?.openDatabase();
    node = await openTestNode(opened ? { databaseUrl: opened.url } : {});
    other = await openTestNode();
    await registerPeer(other.app.deps, { ae_title: OWN_TITLE, host: '127.0.0.1', port: node.listener.port });
    peer_id = (await registerPeer(node.app.deps, { ae_title: OWN_TITLE, host: '127.0.0.1', port: other.listener.port })).id;
    const files = [1, 2, 3].map((instance) => ({
      name: `${instance}.dcm`,
      bytes: secondaryCapture({
        study: STUDY,
        series: `${STUDY}.1`,
        instance: `${STUDY}.1.${instance}`,
        patientId: 'FETCH-1',
        seed: instance,
      }),
    }));
    expect((await other.app.upload('/api/v1/studies', files)).statusCode).toBe(200);
    close = async () => {
      await node.close();
      await other.close();
      await opened?.close();
      await server?.stop();
    };
  }, 120_000);
  afterAll(() => close());

  const read = (id: string) => node.app.call(contract.getRetrieval, { params: { id } });

  it('answers at once, fetches, and tells what the peer counted', async () => {
    const begun = await node.app.call(contract.createRetrieval, { body: { peer_id, study_instance_uid: STUDY } });
    expect(begun).toMatchObject({ status: 'waiting', remaining: null, completed: 0, method: 'move', ae_title: OWN_TITLE });
    await node.app.drain(0);
    expect(await read(begun.id)).toMatchObject({ status: 'done', detail: 'Success', completed: 3, failed: 0, remaining: 0 });
    const held = await node.app.deps.db.selectFrom('instance').select('sop_instance_uid').where('study_instance_uid', '=', STUDY).execute();
    expect(held).toHaveLength(3);
    const { items } = await node.app.call(contract.listRetrievals, { query: { peer_id } });
    expect(items.map(({ id }) => id)).toEqual([begun.id]);
  });

  it('leaves behind by whose association the study came, which a routing rule can ask for', async () => {
    const asking = (title: string): NewRoutingRule => ({
      name: title,
      occasion: 'complete',
      conditions: { sender_ae_titles: [title] },
      actions: [{ kind: 'label', label: 'from there' }],
    });
    const { items } = await node.app.call(testRouting, {
      body: { study_instance_uid: STUDY, rules: [asking(OWN_TITLE), asking('CT-SCANNER')] },
    });
    expect(items).toMatchObject([
      { fires: true, reasons: [{ condition: 'sender_ae_titles', is_met: true, detail: `The study came from ${OWN_TITLE}` }] },
      { fires: false, actions: [] },
    ]);
    const uploaded = await other.app.call(testRouting, { body: { study_instance_uid: STUDY, rules: [asking(OWN_TITLE)] } });
    expect(uploaded.items).toMatchObject([{ fires: false, reasons: [{ detail: 'The study did not come by DIMSE' }] }]);
  });

  it('is cancelled before it begins, and begins anew', async () => {
    const begun = await node.app.call(contract.createRetrieval, { body: { peer_id, study_instance_uid: STUDY, method: 'get' } });
    expect(await node.app.call(contract.cancelRetrieval, { params: { id: begun.id } })).toMatchObject({ status: 'cancelled' });
    await node.app.drain(0);
    expect(await read(begun.id)).toMatchObject({ status: 'cancelled', completed: 0 });
    const again = await node.app.inject({ method: 'POST', url: `/api/v1/retrievals/${begun.id}/cancel` });
    expect(again.statusCode).toBe(409);
    await node.app.call(contract.retryRetrieval, { params: { id: begun.id } });
    await node.app.drain(0);
    expect(await read(begun.id)).toMatchObject({ status: 'done', completed: 3 });
  });

  it('fails with the reason where the peer is not there, and can be tried again when its address is put right', async () => {
    await node.app.call(changePeer, { params: { id: peer_id }, body: { port: 1 } });
    const begun = await node.app.call(contract.createRetrieval, { body: { peer_id, study_instance_uid: STUDY } });
    await node.app.drain(0);
    expect(await read(begun.id)).toMatchObject({ status: 'failed', detail: expect.stringContaining('cannot be reached') });
    const changed = await node.app.call(changePeer, { params: { id: peer_id }, body: { port: other.listener.port } });
    expect(changed).toMatchObject({ port: other.listener.port, host: '127.0.0.1', may_store: true, tls: false });
    await node.app.call(contract.retryRetrieval, { params: { id: begun.id } });
    await node.app.drain(0);
    expect(await read(begun.id)).toMatchObject({ status: 'done' });
  });

  it('is refused for a peer that nobody listed, whose change is refused as well', async () => {
    const absent = '00000000-0000-7000-8000-000000000000';
    const body = { peer_id: absent, study_instance_uid: STUDY };
    expect((await node.app.inject({ method: 'POST', url: '/api/v1/retrievals', payload: body })).statusCode).toBe(404);
    expect((await node.app.inject({ method: 'PATCH', url: `/api/v1/peers/${absent}`, payload: { port: 104 } })).statusCode).toBe(404);
    expect((await node.app.inject({ method: 'PATCH', url: `/api/v1/peers/${peer_id}`, payload: { ae_title: 'OTHER' } })).statusCode).toBe(
      400,
    );
  });
});
