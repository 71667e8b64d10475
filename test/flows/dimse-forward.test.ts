import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import * as contract from '../../src/contract/forwards.ts';
import { registerPeer } from '../../src/server/dimse/manage-peers.ts';
import { responseTo } from '../../src/server/dimse/message.ts';
import { secondaryCapture, uid } from '../builders.ts';
import { OWN_TITLE, openTestNode, type TestNode } from '../dicom-node.ts';
import { openProvider, type Provider } from '../dicom-provider.ts';
import { freePort } from '../orthanc.ts';

const COUNT = 60;
const STUDY = uid(95, 1);
let node: TestNode;
/** The other side: a node of its own, which knows the first as a peer. */
let other: TestNode;
let peerId: string;

beforeAll(async () => {
  node = await openTestNode();
  other = await openTestNode();
  await registerPeer(other.app.deps, { ae_title: OWN_TITLE, host: '127.0.0.1', port: 1 });
  peerId = (await registerPeer(node.app.deps, { ae_title: 'ISOCENTER', host: '127.0.0.1', port: other.listener.port })).id;
  const files = Array.from({ length: COUNT }, (_, index) => ({
    name: `${index}.dcm`,
    bytes: secondaryCapture({
      study: STUDY,
      series: `${STUDY}.1`,
      instance: `${STUDY}.1.${index + 1}`,
      patientId: 'FORWARD-1',
      seed: index,
    }),
  }));
  expect((await node.app.upload('/api/v1/studies', files)).statusCode).toBe(200);
});
afterAll(async () => {
  await node.close();
  await other.close();
});

async function forwardTo(peer_id: string, more: object = {}) {
  return node.app.call(contract.createForward, { body: { study_instance_uid: STUDY, peer_id, ...more } });
}

function stateOf(id: string) {
  return node.app.call(contract.getForward, { params: { id } });
}

/** A peer that answers each object as the test says; it knows what it was sent. */
async function openReceiver(
  title: string,
  answer: (count: number) => number | 'vanish',
  before: (count: number) => Promise<void> = async () => undefined,
): Promise<Provider & { id: string; sent: string[] }> {
  const sent: string[] = [];
  const provider = await openProvider(async (association, { contextId, command, data }) => {
    for await (const _ of data?.content ?? []);
    await before(sent.length);
    const status = answer(sent.length);
    if (status === 'vanish') {
      for (const socket of provider.sockets) socket.resetAndDestroy();
      return;
    }
    sent.push(String(command['00001000']?.Value?.[0]));
    await association.send(contextId, responseTo(command, status));
  });
  const { id } = await registerPeer(node.app.deps, { ae_title: title, host: '127.0.0.1', port: provider.port });
  return { ...provider, id, sent };
}

describe('forwarding', () => {
  it('sends each instance of a study whole, tells how far it is, and is in the audit trail', async () => {
    const asked = await forwardTo(peerId);
    expect(asked).toMatchObject({ status: 'waiting', ae_title: 'ISOCENTER', is_by_rule: false, attempts: 0 });
    await node.app.drain();
    expect(await stateOf(asked.id)).toMatchObject({ status: 'sent', total_count: COUNT, sent_count: COUNT, last_error: null });
    const file = (app: TestNode) => app.app.inject({ url: `/api/v1/instances/${STUDY}.1.7/file` });
    const [here, there] = [await file(node), await file(other)];
    expect(there.rawPayload.subarray(-256)).toEqual(here.rawPayload.subarray(-256));
    const entries = await node.app.deps.db
      .selectFrom('audit_entry')
      .select(['study_instance_uid', 'details', 'outcome'])
      .where('action', '=', 'forward')
      .where('actor_kind', '=', 'system')
      .execute();
    const instances = entries.map(({ details }) => JSON.parse(details).instances).reduce((sum, count) => sum + count, 0);
    expect(instances).toBe(COUNT);
    expect(entries[0]).toMatchObject({ study_instance_uid: STUDY, outcome: 'success' });
  });

  it('tells whoever sends where a study can go and where it has gone, without the addresses', async () => {
    const { items } = await node.app.call(contract.listForwardDestinations, {});
    expect(items).toContainEqual({ peer_id: peerId, ae_title: 'ISOCENTER' });
    const { items: sent } = await node.app.call(contract.listForwardsOfStudy, { params: { study_instance_uid: STUDY } });
    expect(sent).toMatchObject([{ ae_title: 'ISOCENTER', status: 'sent' }]);
    expect((await node.app.inject({ url: '/api/v1/studies/2.25.404/forwards' })).statusCode).toBe(404);
  });

  it('sends a part of a study where it is told so', async () => {
    const receiver = await openReceiver('PART', () => 0);
    const { id } = await forwardTo(receiver.id, { sop_instance_uids: [`${STUDY}.1.3`, `${STUDY}.1.5`] });
    await node.app.drain();
    expect(await stateOf(id)).toMatchObject({ status: 'sent', total_count: 2 });
    expect(receiver.sent.toSorted()).toEqual([`${STUDY}.1.3`, `${STUDY}.1.5`]);
    await receiver.close();
  });

  it('tries again with growing pauses while the peer is not there', async () => {
    const port = await freePort();
    const { id: peer } = await registerPeer(node.app.deps, { ae_title: 'LATER', host: '127.0.0.1', port });
    const { id } = await forwardTo(peer);
    await node.app.drain(0);
    const first = await stateOf(id);
    expect(first).toMatchObject({ status: 'waiting', attempts: 1, sent_count: 0, last_error: expect.stringContaining('ECONNREFUSED') });
    await node.app.drain(30_000);
    const second = await stateOf(id);
    expect(second.attempts).toBe(2);
    const pause = ({ next_attempt_at }: { next_attempt_at: string | null }, from: number) => Date.parse(next_attempt_at ?? '') - from;
    expect(pause(second, node.app.deps.now().getTime())).toBe(60_000);
    await node.app.call(contract.cancelForward, { params: { id } });
  });

  it('goes on where it was when the peer vanished in the middle', async () => {
    let isGone = true;
    const receiver = await openReceiver('VANISHING', (count) => (isGone && count === 40 ? 'vanish' : 0));
    const { id } = await forwardTo(receiver.id);
    await node.app.drain(0);
    expect(await stateOf(id)).toMatchObject({ status: 'waiting', attempts: 1, total_count: COUNT, sent_count: 40 });
    isGone = false;
    await node.app.drain(30_000);
    expect(await stateOf(id)).toMatchObject({ status: 'sent', sent_count: COUNT, attempts: 2 });
    // Nothing that was acknowledged was sent twice.
    expect(receiver.sent).toHaveLength(COUNT);
    expect(new Set(receiver.sent).size).toBe(COUNT);
    await receiver.close();
  });

  it('offers again what the peer refused, and gives up in the end until a person says otherwise', async () => {
    let isFull = true;
    const receiver = await openReceiver('FULL', (count) => (isFull && count % 2 === 0 ? 0xa700 : 0));
    const { id } = await forwardTo(receiver.id, { sop_instance_uids: [`${STUDY}.1.1`, `${STUDY}.1.2`] });
    await node.app.drain(0);
    expect(await stateOf(id)).toMatchObject({ status: 'waiting', sent_count: 1, last_error: 'The peer did not take 1 of 2 instances' });
    // The one that is left is always the one that is refused.
    receiver.sent.length = 0;
    for (let state = await stateOf(id); state.status === 'waiting'; state = await stateOf(id)) {
      await node.app.drain(3_600_000);
      receiver.sent.length = 0;
    }
    expect(await stateOf(id)).toMatchObject({ status: 'failed', attempts: 20, next_attempt_at: null });
    isFull = false;
    await node.app.call(contract.retryForward, { params: { id } });
    await node.app.drain(0);
    expect(await stateOf(id)).toMatchObject({ status: 'sent', sent_count: 2 });
    await receiver.close();
  });

  it('stops when it is cancelled, and is not cancelled when it is done', async () => {
    const receiver = await openReceiver('CANCELLED', () => 0);
    const { id } = await forwardTo(receiver.id);
    await node.app.call(contract.cancelForward, { params: { id } });
    await node.app.drain();
    expect(receiver.sent).toEqual([]);
    expect(await stateOf(id)).toMatchObject({ status: 'cancelled' });
    await node.app.call(contract.retryForward, { params: { id } });
    await node.app.drain();
    expect(receiver.sent).toHaveLength(COUNT);
    expect((await node.app.inject({ method: 'POST', url: `/api/v1/forwards/${id}/cancel` })).statusCode).toBe(409);
    await receiver.close();
  });

  it('stops in the middle when it is cancelled while it is being sent', async () => {
    const [reached, goOn] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()];
    const receiver = await openReceiver(
      'HALFWAY',
      () => 0,
      async (count) => {
        if (count !== 2) return;
        reached.resolve();
        await goOn.promise;
      },
    );
    const { id } = await forwardTo(receiver.id);
    const drained = node.app.drain(0);
    await reached.promise;
    await node.app.call(contract.cancelForward, { params: { id } });
    goOn.resolve();
    await drained;
    expect(receiver.sent).toHaveLength(3);
    expect(await stateOf(id)).toMatchObject({ status: 'cancelled' });
    await node.app.call(contract.retryForward, { params: { id } });
    await node.app.drain(0);
    expect(await stateOf(id)).toMatchObject({ status: 'sent', sent_count: COUNT });
    expect(receiver.sent).toHaveLength(COUNT);
    await receiver.close();
  });

  it('fails at once when the peer was removed, and is listed by state, study and peer', async () => {
    const { id: peer } = await registerPeer(node.app.deps, { ae_title: 'REMOVED', host: '127.0.0.1', port: 1 });
    const { id } = await forwardTo(peer);
    await node.app.inject({ method: 'DELETE', url: `/api/v1/peers/${peer}` });
    await node.app.drain();
    expect(await stateOf(id)).toMatchObject({ status: 'failed', last_error: 'The peer is no longer known' });
    const failed = await node.app.call(contract.listForwards, { query: { status: 'failed' } });
    expect(failed.items.map((forward) => forward.id)).toEqual([id]);
    const page = await node.app.call(contract.listForwards, { query: { study_instance_uid: STUDY, limit: 2 } });
    const next = await node.app.call(contract.listForwards, { query: { limit: 2, cursor: page.next_cursor ?? '' } });
    expect(next.items.length).toBeGreaterThan(0);
    expect(page.items.map((forward) => forward.id)).not.toContain(next.items[0]?.id);
  });

  it('refuses a study or a peer that is not there', async () => {
    const to = (payload: object) => node.app.inject({ method: 'POST', url: '/api/v1/forwards', payload });
    expect((await to({ study_instance_uid: '2.25.404', peer_id: peerId })).statusCode).toBe(404);
    expect((await to({ study_instance_uid: STUDY, peer_id: '01900000-0000-7000-8000-000000000000' })).statusCode).toBe(404);
  });
});
