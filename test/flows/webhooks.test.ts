import { createHmac } from 'node:crypto';
import { createServer, type IncomingHttpHeaders, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { EventType } from '../../src/contract/events.ts';
import { addWebhook, listWebhookDeliveries, listWebhooks, removeWebhook } from '../../src/contract/webhooks.ts';
import { appendEvent } from '../../src/server/events/append-event.ts';
import { deliverWebhook, pruneDeliveries } from '../../src/server/webhooks/deliver-webhook.ts';
import { dispatchWebhooks, MAX_ATTEMPTS } from '../../src/server/webhooks/dispatch-webhooks.ts';
import { openTestApp, type TestApp } from '../app.ts';
import { addPerson, signIn } from '../identity-parts.ts';

const HOUR_MS = 3_600_000;
const STUDY = '2.25.8001';
type Received = { headers: IncomingHttpHeaders; body: string };

let receiver: Server;
let url: string;
/** What the receiver answers; `never` lets the sender wait. */
let answer: number | 'never' = 204;
let received: Received[] = [];
let app: TestApp;

beforeAll(async () => {
  receiver = createServer(async (request, response) => {
    let body = '';
    for await (const chunk of request) body += chunk;
    received.push({ headers: request.headers, body });
    if (answer === 'never') return;
    response.writeHead(answer, answer === 302 ? { location: `${url}/elsewhere` } : {}).end();
  });
  await new Promise<void>((resolve) => receiver.listen(0, '127.0.0.1', resolve));
  url = `http://127.0.0.1:${(receiver.address() as AddressInfo).port}`;
  app = await openTestApp({ env: { ISOCENTER_EGRESS_ALLOW: url } });
});
afterAll(async () => {
  await app.close();
  receiver.closeAllConnections();
  receiver.close();
});
beforeEach(async () => {
  for (const { id } of (await app.call(listWebhooks, {})).items) await app.call(removeWebhook, { params: { id } });
  answer = 204;
  received = [];
});

async function tell(type: EventType, data: Record<string, unknown> = {}): Promise<void> {
  const at = app.deps.now().toISOString();
  await app.deps.db.transaction().execute((tx) => appendEvent(tx, { type, at, study_instance_uid: STUDY, data }));
}

async function deliver(afterMs = 0): Promise<void> {
  await dispatchWebhooks(app.deps);
  await app.drain(afterMs);
}

async function deliveriesOf(id: string) {
  return (await app.call(listWebhookDeliveries, { params: { id }, query: {} })).items;
}

describe('webhooks', () => {
  it('get the events of their types from now on, once each, signed, with ids alone', async () => {
    await tell('report_signed');
    const { id, secret } = await app.call(addWebhook, {
      body: { url: `${url}/hook`, event_types: ['report_signed', 'analysis_complete'] },
    });
    await tell('study_labeled');
    const results = { primary_diagnosis: 'Pneumonia', confidence: 90, findings: [] };
    await tell('analysis_complete', { results, patient_id: 'P-1', report_id: 'r-1' });
    // Two processes at once.
    await Promise.all([dispatchWebhooks(app.deps), dispatchWebhooks(app.deps)]);
    await deliver();
    await deliver();
    expect(received).toHaveLength(1);
    const [{ headers, body }] = received as [Received];
    const { data, ...told } = JSON.parse(body);
    expect(told).toEqual({ type: 'analysis_complete', timestamp: app.deps.now().toISOString() });
    expect(data).toEqual({ seq: expect.any(Number), study_instance_uid: STUDY, report_id: 'r-1' });
    const signed = `${headers['webhook-id']}.${headers['webhook-timestamp']}.${body}`;
    const key = Buffer.from(secret.replace('whsec_', ''), 'base64');
    expect(headers['webhook-signature']).toBe(`v1,${createHmac('sha256', key).update(signed).digest('base64')}`);
    expect(Number(headers['webhook-timestamp'])).toBe(Math.floor(app.deps.now().getTime() / 1_000));
    expect(await deliveriesOf(id)).toMatchObject([{ type: 'analysis_complete', status: 'delivered', attempts: 1 }]);
    const [listed] = (await app.call(listWebhooks, {})).items;
    expect(listed).toEqual(expect.not.objectContaining({ secret: expect.anything() }));
    const [row] = await app.deps.db.selectFrom('webhook').select('secret').execute();
    expect(row?.secret).toMatch(/^sealed1\./);
  });

  it('are tried again with growing pauses, and dead after the last time', async () => {
    const { id } = await app.call(addWebhook, { body: { url, event_types: ['*'] } });
    answer = 500;
    await tell('study_complete');
    await deliver();
    expect(await deliveriesOf(id)).toMatchObject([{ status: 'waiting', attempts: 1, last_error: 'Answered 500' }]);
    // Not at once.
    await app.drain(1);
    expect(received).toHaveLength(1);
    answer = 204;
    await app.drain(HOUR_MS);
    expect(await deliveriesOf(id)).toMatchObject([{ status: 'delivered', attempts: 2 }]);
    expect(new Set(received.map(({ headers }) => headers['webhook-id'])).size).toBe(1);
    answer = 503;
    await tell('study_complete');
    await deliver();
    for (let count = 1; count < MAX_ATTEMPTS + 2; count++) await app.drain(2 * HOUR_MS);
    expect((await app.call(listWebhooks, {})).items).toMatchObject([{ id, waiting: 0, dead: 1 }]);
    const dead = await app.call(listWebhookDeliveries, { params: { id }, query: { status: 'dead' } });
    expect(dead.items).toMatchObject([{ attempts: MAX_ATTEMPTS, last_error: 'Answered 503' }]);
    expect(received).toHaveLength(2 + MAX_ATTEMPTS);
  });

  it('do not follow a redirect, and wait only so long', async () => {
    const { id } = await app.call(addWebhook, { body: { url, event_types: ['*'] } });
    answer = 302;
    await tell('study_complete');
    await deliver();
    expect(received).toHaveLength(1);
    const [delivery] = await deliveriesOf(id);
    expect(delivery).toMatchObject({ status: 'waiting', last_error: 'Redirected (302), which is not followed' });
    answer = 'never';
    await expect(deliverWebhook({ ...app.deps, timeoutMs: 100 }, delivery?.id ?? '', 2)).rejects.toThrow('no answer in 100 ms');
    expect(received).toHaveLength(2);
  });

  it('get nothing of what was erased meanwhile, and nothing once they are removed', async () => {
    const { id } = await app.call(addWebhook, { body: { url, event_types: ['*'] } });
    await tell('study_complete');
    await dispatchWebhooks(app.deps);
    await app.deps.db.deleteFrom('event').where('study_instance_uid', '=', STUDY).execute();
    await app.drain(0);
    expect(await deliveriesOf(id)).toMatchObject([{ status: 'dropped' }]);
    await pruneDeliveries({ ...app.deps, now: () => new Date(app.deps.now().getTime() + 31 * 24 * HOUR_MS) }, 30);
    expect(await deliveriesOf(id)).toEqual([]);
    await tell('study_complete');
    await dispatchWebhooks(app.deps);
    await app.call(removeWebhook, { params: { id } });
    await app.drain(0);
    expect(received).toEqual([]);
  });

  it('are for administrators, at addresses that this server may call', async () => {
    const wanted = { url: 'https://169.254.169.254/latest', event_types: ['*'] };
    const refused = await app.inject({ method: 'POST', url: '/api/v1/webhooks', payload: wanted });
    expect([refused.statusCode, refused.json().type]).toEqual([400, 'urn:isocenter:error:address-refused']);
    const { ask } = await signIn(app, await addPerson(app, 'radiologist'));
    expect((await ask('POST', '/api/v1/webhooks', { ...wanted, url })).statusCode).toBe(403);
    expect((await ask('GET', '/api/v1/webhooks')).statusCode).toBe(403);
  });
});
