import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { listAgents } from '../../src/contract/agents.ts';
import { getReadingAnalytics } from '../../src/contract/analytics.ts';
import { createDiagnosis } from '../../src/contract/diagnosis.ts';
import { getDiagnosisResults } from '../../src/contract/diagnosis-results.ts';
import { addFinding } from '../../src/contract/findings.ts';
import { getMetrics } from '../../src/contract/metrics.ts';
import { getAnalytics } from '../../src/contract/patients-analytics.ts';
import { listPredictions } from '../../src/contract/predictions.ts';
import { countReadings } from '../../src/contract/reading-list.ts';
import type { TestApp } from '../app.ts';
import { secondaryCapture } from '../builders.ts';
import { onBothDatabases } from '../on-both-databases.ts';
import { arrive, makePatient } from './patients-parts.ts';

const MINUTE_MS = 60_000;

onBothDatabases('kept answers', (open) => {
  let app: TestApp;
  let close: () => Promise<void>;
  beforeAll(async () => {
    ({ app, close } = await open());
  });
  afterAll(() => close());

  const hits = async (): Promise<number> => (await app.call(getMetrics, {})).cache.find(({ layer }) => layer === 'memory')?.hits ?? -1;
  /** What is asked twice, and how often the second time was answered from what was kept. */
  const twice = async <T>(ask: () => Promise<T>): Promise<{ first: T; again: T; kept: number }> => {
    const first = await ask();
    const before = await hits();
    const again = await ask();
    return { first, again, kept: (await hits()) - before };
  };

  describe('of the figures of a department (C-10)', () => {
    it('are the same as before, and count each study that arrives at once', async () => {
      const { first, again, kept } = await twice(() => app.call(getReadingAnalytics, { query: {} }));
      expect({ ...again, at: '' }).toEqual({ ...first, at: '' });
      expect(kept).toBe(1);
      await arrive(app, { study: '2.25.71', patientId: 'FIGURES', name: 'Figures^Test' });
      expect((await app.call(getReadingAnalytics, { query: {} })).studies).toBe(first.studies + 1);
    });

    it('are those of the day: at midnight the span has moved', async () => {
      const { until } = await app.call(getReadingAnalytics, { query: {} });
      await app.drain(24 * 60 * MINUTE_MS);
      expect((await app.call(getReadingAnalytics, { query: {} })).until > until).toBe(true);
    });
  });

  it('of the figures of patients count a patient as soon as the record is made (C-06)', async () => {
    const { first, kept } = await twice(() => app.call(getAnalytics, { query: {} }));
    expect(kept).toBe(1);
    await makePatient(app, { patient_id: 'KEPT-1', name: 'Kept Answer' });
    expect((await app.call(getAnalytics, { query: {} })).total).toBe(first.total + 1);
  });

  it('of the reading list count what was added since, and what has become overdue with the minute', async () => {
    const { first, kept } = await twice(() => app.call(countReadings, {}));
    expect(kept).toBe(1);
    await arrive(app, { study: '2.25.72', patientId: 'COUNTS', name: 'Counts^Test' });
    await app.drain(MINUTE_MS);
    expect((await app.call(countReadings, {})).counts['open']).toBeGreaterThan(first.counts['open'] ?? 0);
  });

  it('of the agents are given again (C-03)', async () => {
    expect((await twice(() => app.call(listAgents, {}))).kept).toBe(1);
  });

  it('of a diagnosis are given again, and hold what a person has decided since (C-05)', async () => {
    await arrive(app, { study: '2.25.73', patientId: 'KEPT-2', name: 'Kept^Results' });
    const { id } = await app.call(createDiagnosis, { body: { study_instance_uids: ['2.25.73'] } });
    await app.drain(MINUTE_MS);
    const ask = () => app.call(getDiagnosisResults, { params: { id } });
    const { first, again, kept } = await twice(ask);
    expect([again, kept]).toEqual([first, 1]);
    const finding = { title: 'Seen by a person', text: 'There is something.' };
    await app.call(addFinding, { params: { study_instance_uid: '2.25.73' }, body: finding });
    const after = await ask();
    expect(JSON.stringify(after)).toContain('Seen by a person');
    expect(JSON.stringify(first)).not.toContain('Seen by a person');
  });

  it('of a model are given for the same bytes, each as a prediction of its own (C-08)', async () => {
    const bytes = secondaryCapture({ rows: 64, columns: 64 });
    const ask = async () => (await app.upload('/api/v1/predict', [{ name: 'x.dcm', bytes }])).json();
    const { first, again, kept } = await twice(ask);
    expect(kept).toBe(1);
    expect({ ...again, id: '', created_at: '', processing_time: 0 }).toEqual({ ...first, id: '', created_at: '', processing_time: 0 });
    expect(again.id).not.toBe(first.id);
    expect((await app.call(listPredictions, { query: {} })).items.map(({ id }) => id)).toEqual([again.id, first.id]);
    const withMap = await twice(async () => (await app.upload('/api/v1/predict?heatmap=true', [{ name: 'x.dcm', bytes }])).json());
    expect(withMap.kept).toBe(1);
    // After an hour the networks are asked again.
    await app.drain(61 * MINUTE_MS);
    const before = await hits();
    await ask();
    expect(await hits()).toBe(before);
  });

  it('are told by layer, to Prometheus as well', async () => {
    const { cache } = await app.call(getMetrics, {});
    expect(cache).toMatchObject([{ layer: 'memory' }]);
    expect(cache[0]?.bytes).toBeGreaterThan(0);
    expect(cache[0]?.overtaken).toBeGreaterThan(0);
    const { body } = await app.inject({ url: '/metrics' });
    expect(body).toContain(`isocenter_cache_requests_total{layer="memory",result="hit"} ${cache[0]?.hits}`);
  });
});
