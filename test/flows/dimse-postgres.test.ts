import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import * as forwards from '../../src/contract/forwards.ts';
import * as routing from '../../src/contract/routing.ts';
import * as worklist from '../../src/contract/worklist.ts';
import type { DataSet } from '../../src/dicom/data-set.ts';
import { registerPeer } from '../../src/server/dimse/manage-peers.ts';
import { responseTo } from '../../src/server/dimse/message.ts';
import { beginAct, systemActor } from '../../src/server/platform/act.ts';
import { actingScope } from '../../src/server/platform/acting-scope.ts';
import { findOrders } from '../../src/server/worklist/find-orders.ts';
import { beginPerformed, changePerformed } from '../../src/server/worklist/record-performed.ts';
import { secondaryCapture, uid } from '../builders.ts';
import { openTestNode, type TestNode } from '../dicom-node.ts';
import { openProvider, type Provider } from '../dicom-provider.ts';
import { type PostgresServer, postgresMissing, startPostgres } from '../postgres.ts';

const STUDY = uid(93, 1);

describe.skipIf(postgresMissing)(`DICOM services on PostgreSQL${postgresMissing ? ` (${postgresMissing})` : ''}`, () => {
  let server: PostgresServer;
  let node: TestNode;
  let provider: Provider;
  let peerId: string;
  let closeDatabase: () => Promise<void>;
  let received = 0;
  beforeAll(async () => {
    server = await startPostgres();
    const database = await server.openDatabase();
    closeDatabase = database.close;
    node = await openTestNode({ databaseUrl: database.url });
    provider = await openProvider(async (association, { contextId, command, data }) => {
      for await (const _ of data?.content ?? []);
      received += 1;
      await association.send(contextId, responseTo(command, 0));
    });
    peerId = (await registerPeer(node.app.deps, { ae_title: 'ARCHIVE', host: '127.0.0.1', port: provider.port })).id;
  }, 120_000);
  afterAll(async () => {
    await provider.close();
    await node.close();
    await closeDatabase();
    await server.stop();
  });

  it('route a complete study by rule to a peer, once', { timeout: 60_000 }, async () => {
    const actions: routing.RoutingAction[] = [
      { kind: 'label', label: 'sent on' },
      { kind: 'forward', peer_id: peerId },
    ];
    await node.app.call(routing.createRoutingRule, {
      body: { name: 'r', occasion: 'complete', conditions: { modalities: ['OT'] }, actions },
    });
    const files = [1, 2, 3].map((number) => ({
      name: `${number}.dcm`,
      bytes: secondaryCapture({ study: STUDY, series: `${STUDY}.1`, instance: `${STUDY}.1.${number}`, patientId: 'PG-1', seed: number }),
    }));
    expect((await node.app.upload('/api/v1/studies', files)).statusCode).toBe(200);
    for (let round = 0; round < 2; round += 1) {
      await node.app.drain();
      await node.app.drain(0);
      await node.app.inject({ method: 'POST', url: `/api/v1/studies/${STUDY}/complete` });
    }
    const { items } = await node.app.call(forwards.listForwards, { query: { study_instance_uid: STUDY } });
    expect(items).toMatchObject([{ status: 'sent', sent_count: 3, total_count: 3 }]);
    expect(received).toBe(3);
  });

  it('schedule, find and perform steps', async () => {
    const order = {
      patient_id: 'PG-1',
      patient_name: 'Zoë^Ada',
      accession_number: 'A-1',
      requested_procedure_id: 'R-1',
      modality: 'CT',
      station_ae_title: 'CT1',
      start_date: '20260705',
      start_time: '0930',
      study_instance_uid: STUDY,
    };
    await node.app.call(worklist.createOrder, { body: { ...order, step_id: 'S-1' } });
    await node.app.call(worklist.createOrder, { body: { ...order, step_id: 'S-2', start_date: '20260706' } });
    const keys: DataSet = {
      '00100010': { vr: 'PN', Value: [{ Alphabetic: 'zoe*' }] },
      '00400100': { vr: 'SQ', Value: [{ '00400002': { vr: 'DA', Value: ['20260706-'] }, '00400009': { vr: 'SH' } }] },
    };
    const found: DataSet[] = [];
    for await (const answer of findOrders(node.app.deps.db, keys)) found.push(answer);
    expect(found).toMatchObject([{ '00400100': { Value: [{ '00400009': { Value: ['S-2'] } }] } }]);
    const act = beginAct({ tenantId: 'default', actor: systemActor('test'), action: 'store', operation: 'N-CREATE' });
    const deps = { ...node.app.deps, ...actingScope(node.app.deps, act) };
    const dataSet: DataSet = {
      '00400252': { vr: 'CS', Value: ['IN PROGRESS'] },
      '00400270': { vr: 'SQ', Value: [{ '0020000D': { vr: 'UI', Value: [STUDY] }, '00400009': { vr: 'SH', Value: ['S-2'] } }] },
    };
    expect(await beginPerformed(deps, { sopInstanceUid: uid(93, 2), aeTitle: 'CT1', dataSet })).toBe('done');
    const end: DataSet = { '00400252': { vr: 'CS', Value: ['COMPLETED'] } };
    expect(await changePerformed(deps, { sopInstanceUid: uid(93, 2), dataSet: end })).toBe('done');
    expect(await changePerformed(deps, { sopInstanceUid: uid(93, 2), dataSet: end })).toBe('final');
    const { items } = await node.app.call(worklist.listOrders, { query: { status: 'completed' } });
    expect(items).toMatchObject([{ step_id: 'S-2' }]);
  });
});
