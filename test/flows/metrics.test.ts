import { Value } from 'typebox/value';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { getMetrics, listMetricHistory, MetricSample, MetricsMessage } from '../../src/contract/metrics.ts';
import { alertsOf } from '../../src/server/system/metrics.ts';
import { openTestApp, type TestApp } from '../app.ts';
import { addPerson, askWith, signIn } from '../identity-parts.ts';
import { listenOn, openSocket } from '../live-client.ts';

const HOUR_MS = 3_600_000;
let app: TestApp;
beforeAll(async () => {
  app = await openTestApp();
});
afterAll(() => app.close());

async function tokenOf(role: 'admin' | 'technician'): Promise<string> {
  return (await signIn(app, await addPerson(app, role))).access;
}

it('health is told under the name of E-45, too', async () => {
  const { statusCode, body } = await app.http.inject({ url: '/system/health' });
  expect([statusCode, JSON.parse(body).status]).toEqual([200, 'ok']);
});

describe('system metrics (E-46, V-02, D-07)', () => {
  it('are measured, and told with what is alarming', async () => {
    const sample = await app.deps.metrics.sample();
    expect(Value.Check(MetricSample, sample)).toBe(true);
    expect(sample.metrics.memory_usage).toBeGreaterThan(0);
    expect(sample.metrics.disk_usage).toBeGreaterThan(0);
    expect(sample.active_sessions).toBeGreaterThan(0);
    const latest = await app.call(getMetrics, {});
    expect(latest).toMatchObject({ timestamp: sample.timestamp, processes: [{ process: sample.process }] });
    expect(alertsOf({ ...sample.metrics, memory_usage: 86, response_time: 501 })).toEqual(['response_time', 'memory_usage']);
    expect(alertsOf({ ...sample.metrics, memory_usage: 85, response_time: null })).toEqual([]);
  });

  it('are kept by the minute for a day and by the hour for ninety', async () => {
    const minute = async () => (await app.call(listMetricHistory, { query: {} })).items;
    const hour = async () => (await app.call(listMetricHistory, { query: { span: 'hour' } })).items;
    const first = await app.deps.metrics.sample();
    await app.drain(HOUR_MS);
    await app.deps.metrics.sample();
    expect(await hour()).toMatchObject([{ timestamp: `${first.timestamp.slice(0, 13)}:00:00.000Z`, process: first.process }]);
    await app.drain(HOUR_MS);
    await app.deps.metrics.sample();
    expect((await hour()).length).toBe(2);
    await app.drain(25 * HOUR_MS);
    const last = await app.deps.metrics.sample();
    expect(await minute()).toEqual([last]);
    expect((await hour()).length).toBe(2);
    await app.drain(91 * 24 * HOUR_MS);
    await app.deps.metrics.sample();
    expect(await hour()).toEqual([]);
  });

  it('come to the room of the system, for those who may see it', async () => {
    const base = await listenOn(app.http);
    const admin = await openSocket(base, '/ws/system', { authorization: `Bearer ${await tokenOf('admin')}` });
    const technician = await openSocket(base, '/ws/system', { authorization: `Bearer ${await tokenOf('technician')}` });
    await technician.next('joined');
    // The latest at once, then each.
    expect(Value.Check(MetricsMessage, await admin.next('system_metrics'))).toBe(true);
    const sample = await app.deps.metrics.sample();
    expect(await admin.next('system_metrics')).toMatchObject({ at: sample.timestamp, data: sample });
    technician.send({ type: 'ping' });
    await technician.next('pong');
    expect(technician.messages.map(({ type }) => type)).toEqual(['joined', 'pong']);
    for (const { socket } of [admin, technician]) socket.terminate();
  });

  it('are scraped by Prometheus (E-53), with the times of requests by route', async () => {
    expect((await app.http.inject({ url: '/metrics' })).statusCode).toBe(401);
    expect((await askWith(app, await tokenOf('technician'), { url: '/metrics' })).statusCode).toBe(403);
    const { body, headers } = await app.inject({ url: '/metrics' });
    expect(headers['content-type']).toBe('text/plain; version=0.0.4; charset=utf-8');
    expect(body).toMatch(/^isocenter_memory_usage_ratio 0\.\d+$/m);
    expect(body).toMatch(/^isocenter_jobs\{state="waiting"\} \d+$/m);
    expect(body).toMatch(/^isocenter_http_request_duration_seconds_count\{method="GET",route="\/system\/metrics",status="200"\} 1$/m);
    for (const line of body.split('\n')) expect(line).toMatch(/^(|# (HELP|TYPE) .+|[a-z_]+(\{[^}]*\})? [\d.e+-]+)$/);
  });
});
