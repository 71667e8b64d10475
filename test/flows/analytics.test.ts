import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { getReadingAnalytics, type ReadingAnalytics } from '../../src/contract/analytics.ts';
import { newId } from '../../src/server/platform/ids.ts';
import type { TestApp } from '../app.ts';
import { uid } from '../builders.ts';
import { addPerson, askWith, signIn } from '../identity-parts.ts';
import { postgresMissing } from '../postgres.ts';
import { arrive, openDatabases } from './patients-parts.ts';

const DATABASES = postgresMissing ? ['SQLite'] : ['SQLite', 'PostgreSQL'];
const HOUR_MS = 3_600_000;

describe.each(DATABASES)('figures of reading on %s', { timeout: 60_000 }, (database) => {
  let app: TestApp;
  let close: () => Promise<void>;
  beforeAll(async () => {
    const databases = await openDatabases(database);
    const opened = await databases.open();
    app = opened.app;
    close = async () => {
      await opened.close();
      await databases.stop();
    };
  }, 120_000);
  afterAll(() => close());

  const read = (query: { from?: string; until?: string } = {}): Promise<ReadingAnalytics> => app.call(getReadingAnalytics, { query });
  const today = (): string => app.deps.now().toISOString().slice(0, 10);

  it('have every day of the span, and no median of nothing', async () => {
    const none = await read();
    expect(none.days).toHaveLength(30);
    expect(none.days.at(-1)).toEqual({ day: today(), studies: 0 });
    expect(none).toMatchObject({ studies: 0, volumes: [], turnaround: { signed: 0, unsigned: 0, median_s: null, by_modalities: [] } });
  });

  it('count studies by day and modality, and tell the median and the 90th percentile from arrival to signature', async () => {
    // Ten studies signed 1 to 10 hours after they came; two without a report.
    for (let number = 1; number <= 12; number += 1) {
      const study = uid(830, number);
      await arrive(app, { study, patientId: `R-${number}`, name: 'Read^Rita', modality: number > 8 ? 'CT' : 'DX' });
      if (number <= 10) await sign(study, number);
    }
    const figures = await read();
    expect(figures.studies).toBe(12);
    expect(figures.volumes).toEqual([
      { day: today(), modality: 'CT', studies: 4 },
      { day: today(), modality: 'DX', studies: 8 },
    ]);
    expect(figures.turnaround).toMatchObject({ signed: 10, unsigned: 2, median_s: 5 * 3_600, p90_s: 9 * 3_600 });
    expect(figures.turnaround.by_modalities).toEqual([
      { modalities: 'DX', signed: 8, median_s: 4 * 3_600, p90_s: 8 * 3_600 },
      { modalities: 'CT', signed: 2, median_s: 9 * 3_600, p90_s: 10 * 3_600 },
    ]);
  });

  it('count across the end of a month and of February in a leap year', async () => {
    const study = uid(831, 1);
    await arrive(app, { study, patientId: 'LEAP', name: 'Leap^Lea', modality: 'MR' });
    await app.deps.db
      .updateTable('study')
      .set({ created_at: '2024-02-28T23:00:00.000Z' })
      .where('study_instance_uid', '=', study)
      .execute();
    await sign(study, 0, '2024-03-01T01:30:15.000Z');
    const { turnaround, days } = await read({ from: '2024-02-27', until: '2024-03-01' });
    expect(days.map(({ day, studies }) => `${day} ${studies}`)).toEqual(['2024-02-27 0', '2024-02-28 1', '2024-02-29 0', '2024-03-01 0']);
    expect(turnaround.median_s).toBe(86_400 + 2.5 * 3_600 + 15);
  });

  it('say what readers made of the findings of each model, and what the models did', async () => {
    const study = uid(830, 1);
    const run = await analysis(study, 'succeeded');
    await analysis(study, 'abstained');
    for (const status of ['accepted', 'accepted', 'edited', 'rejected', 'proposed'] as const) await finding(study, run, status);
    const { findings, runs } = await read();
    expect(findings).toEqual([
      { model_id: 'm', model_version: '1', code: 'nodule', title: 'Nodule', proposed: 1, accepted: 2, edited: 1, rejected: 1 },
    ]);
    expect(runs).toEqual([{ model_id: 'm', model_version: '1', succeeded: 1, abstained: 1, failed: 0, other: 0 }]);
  });

  it('are refused for too long a span, and for one that ends before it begins', async () => {
    const ask = async (query: Record<string, string>) => (await app.inject({ url: '/api/v1/analytics/reading', query })).statusCode;
    expect(await ask({ from: '2026-01-01', until: '2026-12-31' })).toBe(400);
    expect(await ask({ from: '2026-02-01', until: '2026-01-31' })).toBe(400);
    expect(await ask({ from: '2026-02-30' })).toBe(400);
    expect(await ask({ from: '2026-01-01', until: '2026-04-02' })).toBe(200);
  });

  it('show a doctor only what is assigned, and are not for researchers', async () => {
    const asked = async (role: 'doctor' | 'researcher') => {
      const { access } = await signIn(app, await addPerson(app, role));
      return askWith(app, access, { url: '/api/v1/analytics/reading' });
    };
    expect((await asked('researcher')).statusCode).toBe(403);
    expect(JSON.parse((await asked('doctor')).body)).toMatchObject({ studies: 0, findings: [], turnaround: { signed: 0 } });
  });

  async function sign(
    study: string,
    hours: number,
    at = new Date(app.deps.now().getTime() + hours * HOUR_MS).toISOString(),
  ): Promise<void> {
    const created_at = app.deps.now().toISOString();
    const text = { sections: '{}', finding_ids: '[]', signed_content: '{}', content_sha256: '', signature_meaning: 'read' } as const;
    const state = { version: 1, status: 'final', locale: 'en', pdf_status: 'none' } as const;
    await app.deps.db
      .insertInto('report')
      .values({
        id: newId(app.deps.now()),
        study_instance_uid: study,
        amends: null,
        amendment_reason: null,
        ...text,
        ...state,
        signed_by: 'Reader',
        signed_at: at,
        pdf_blob_key: null,
        created_at,
        updated_at: created_at,
      })
      .execute();
  }

  async function analysis(study: string, status: 'succeeded' | 'abstained'): Promise<string> {
    const id = newId(app.deps.now());
    const none = { series_instance_uid: null, sop_instance_uid: null, input_digest: null, reason: null, heatmap_blob_key: null } as const;
    const times = { out_of_distribution_score: null, started_at: null, finished_at: null, duration_ms: null } as const;
    const model = { model_id: 'm', model_version: '1', model_digest: 'd', parameters: '{}', scores: '{}', measurements: '[]' } as const;
    const created_at = app.deps.now().toISOString();
    await app.deps.db
      .insertInto('analysis')
      .values({ id, run_key: id, study_instance_uid: study, status, ...none, ...times, ...model, created_at })
      .execute();
    return id;
  }

  async function finding(study: string, run: string, status: 'proposed' | 'accepted' | 'edited' | 'rejected'): Promise<void> {
    const none = { series_instance_uid: null, sop_instance_uid: null, frame: null, confidence: null, threshold: null, box: null } as const;
    const review = { text: null, reason: null, reviewed_by: null, reviewed_at: null } as const;
    const what = { source: 'model', code: 'nodule', title: 'Nodule', evidence: '{}' } as const;
    const created_at = app.deps.now().toISOString();
    await app.deps.db
      .insertInto('finding')
      .values({ id: newId(app.deps.now()), study_instance_uid: study, analysis_id: run, status, ...none, ...review, ...what, created_at })
      .execute();
  }
});
