import { createHash } from 'node:crypto';
import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { listAnalyses } from '../../src/contract/analysis.ts';
import { addFinding, listFindings, reviewFinding } from '../../src/contract/findings.ts';
import { CHECK_RULES } from '../../src/contract/report-checks.ts';
import { amendReport, draftReport, editReport, listReports, signReport } from '../../src/contract/reports.ts';
import { getStudy } from '../../src/contract/studies.ts';
import { analyzeStudy } from '../../src/server/analysis/analyze-study.ts';
import { sweepBlobs } from '../../src/server/studies/sweep-blobs.ts';
import { openTestApp, PASSWORD, type TestApp } from '../app.ts';
import { secondaryCapture, uid } from '../builders.ts';

let app: TestApp;
beforeAll(async () => {
  app = await openTestApp();
});
afterAll(async () => app.close());

const instance = (study: number, number: number): Uint8Array =>
  secondaryCapture({
    study: uid(study),
    series: uid(study, 1),
    instance: uid(study, 1, number),
    patientId: `REVIEW-${study}`,
    seed: number,
  });

async function storeStudy(study: number): Promise<{ study_instance_uid: string }> {
  const response = await app.upload('/api/v1/studies', [{ name: 'a.dcm', bytes: instance(study, 1) }]);
  expect(response.statusCode).toBe(200);
  await app.drain();
  return { study_instance_uid: uid(study) };
}

/** A finding as a model's run would propose it. */
async function proposed(study: number, title: string): Promise<string> {
  const { items } = await app.call(listAnalyses, { params: { study_instance_uid: uid(study) } });
  // The one that stands for the study as a whole, and so for a state that passes when the study grows.
  const run = items.find(({ model_id }) => model_id === 'ct-lung');
  const id = crypto.randomUUID();
  const at = new Date().toISOString();
  const nothing = {
    frame: null,
    confidence: 0.9,
    threshold: 0.5,
    box: null,
    text: null,
    reason: null,
    reviewed_by: null,
    reviewed_at: null,
  };
  await app.deps.db
    .insertInto('finding')
    .values({
      ...nothing,
      id,
      study_instance_uid: uid(study),
      series_instance_uid: null,
      sop_instance_uid: null,
      analysis_id: run?.id ?? null,
      source: 'model',
      code: 'other',
      title,
      evidence: '{}',
      status: 'proposed',
      created_at: at,
    })
    .execute();
  return id;
}

describe('review', () => {
  it('needs a reason to reject and a text to edit, and only what was accepted or edited reaches the report', async () => {
    const params = await storeStudy(20);
    const [kept, changed, dropped] = [await proposed(20, 'KEPT'), await proposed(20, 'CHANGED'), await proposed(20, 'DROPPED')];
    const review = (id: string, body: object) => app.inject({ method: 'POST', url: `/api/v1/findings/${id}/review`, payload: body });
    expect((await review(dropped, { decision: 'reject' })).statusCode).toBe(400);
    expect((await review(changed, { decision: 'edit', text: '  ' })).statusCode).toBe(400);
    expect((await review(crypto.randomUUID(), { decision: 'accept' })).statusCode).toBe(404);
    await review(kept, { decision: 'accept' });
    await review(changed, { decision: 'edit', text: 'In the words of the reader.' });
    await review(dropped, { decision: 'reject', reason: 'Artifact' });
    await app.call(addFinding, { params, body: { title: 'Seen by eye', text: 'A finding of the reader.' } });

    const { sections, finding_ids } = await app.call(draftReport, { params, body: {} });
    expect(sections.findings).toContain('KEPT');
    expect(sections.findings).toContain('In the words of the reader.');
    expect(sections.findings).toContain('A finding of the reader.');
    expect(JSON.stringify(sections)).not.toContain('DROPPED');
    expect(finding_ids).toHaveLength(3);
    expect(finding_ids).not.toContain(dropped);
  });
});

describe('a report', () => {
  it('is locked by the signature, keeps what was signed, and changes only by an amendment', async () => {
    const params = await storeStudy(21);
    const finding = await proposed(21, 'First reading');
    await app.call(reviewFinding, { params: { id: finding }, body: { decision: 'accept' } });
    const draft = await app.call(draftReport, { params, body: { locale: 'ar' } });
    const sections = { ...draft.sections, impression: 'الانطباع الأول' };
    await app.call(editReport, { params: { id: draft.id }, body: { sections } });
    const stale = { password: PASSWORD, acknowledged: [...CHECK_RULES], seen_sections: draft.sections };
    expect((await app.inject({ method: 'POST', url: `/api/v1/reports/${draft.id}/sign`, payload: stale })).statusCode).toBe(409);
    const signed = await app.call(signReport, {
      params: { id: draft.id },
      body: { password: PASSWORD, seen_sections: sections, acknowledged: [...CHECK_RULES] },
    });

    const row = await app.deps.db.selectFrom('report').selectAll().where('id', '=', draft.id).executeTakeFirstOrThrow();
    expect(
      createHash('sha256')
        .update(row.signed_content ?? '')
        .digest('hex'),
    ).toBe(signed.content_sha256);
    expect(JSON.parse(row.signed_content ?? '')).toMatchObject({
      sections,
      signed_at: signed.signed_at,
      findings: [{ id: finding, decision: 'accepted' }],
    });

    const refused = [
      app.inject({ method: 'PUT', url: `/api/v1/reports/${draft.id}`, payload: { sections } }),
      app.inject({ method: 'POST', url: `/api/v1/reports/${draft.id}/sign`, payload: { password: PASSWORD } }),
      app.inject({ method: 'POST', url: `/api/v1/findings/${finding}/review`, payload: { decision: 'reject', reason: 'late' } }),
      app.inject({ method: 'POST', url: `/api/v1/studies/${uid(21)}/reports`, payload: {} }),
    ];
    for (const response of await Promise.all(refused)) expect(response.statusCode).toBe(409);

    const amended = await app.call(amendReport, { params: { id: draft.id }, body: { reason: 'A second look' } });
    expect(amended).toMatchObject({ version: 2, status: 'draft', amends: draft.id, sections });
    await app.call(reviewFinding, { params: { id: finding }, body: { decision: 'edit', text: 'Second reading' } });
    await app.call(draftReport, { params, body: { locale: 'ar' } });
    await app.call(signReport, { params: { id: amended.id }, body: { password: PASSWORD, acknowledged: [...CHECK_RULES] } });
    await app.drain();
    const { items } = await app.call(listReports, { params });
    expect(items.map(({ version, status, pdf_status }) => [version, status, pdf_status])).toEqual([
      [2, 'final', 'ready'],
      [1, 'amended', 'ready'],
    ]);
    expect(items[1]).toMatchObject({ content_sha256: signed.content_sha256, sections });
  });
});

describe('a study that grows', () => {
  it('is analyzed again as a whole; the former run is cancelled, and what nobody decided on is withdrawn', async () => {
    const params = await storeStudy(22);
    const [decided, open] = [await proposed(22, 'Decided'), await proposed(22, 'Open')];
    await app.call(reviewFinding, { params: { id: decided }, body: { decision: 'accept' } });
    await app.upload('/api/v1/studies', [{ name: 'b.dcm', bytes: instance(22, 2) }]);
    expect(await app.call(getStudy, { params })).toMatchObject({ status: 'receiving', instance_count: 2 });
    await app.drain();
    const { items: runs } = await app.call(listAnalyses, { params });
    const perModel = Map.groupBy(
      runs.filter(({ status }) => status !== 'cancelled'),
      ({ model_id, sop_instance_uid }) => `${model_id} ${sop_instance_uid}`,
    );
    for (const [name, same] of perModel) expect(same, name).toHaveLength(1);
    expect(runs.some(({ status }) => status === 'cancelled')).toBe(true);
    const ids = (await app.call(listFindings, { params })).items.map(({ id }) => id);
    expect(ids).toContain(decided);
    expect(ids).not.toContain(open);
  });

  it('is not analyzed twice when nothing changed', async () => {
    const params = await storeStudy(23);
    const before = (await app.call(listAnalyses, { params })).items.map(({ id }) => id);
    expect((await app.inject({ method: 'POST', url: `/api/v1/studies/${uid(23)}/analysis` })).statusCode).toBe(202);
    await app.drain();
    expect((await app.call(listAnalyses, { params })).items.map(({ id }) => id)).toEqual(before);
  });
});

it('the sweep takes blobs that no row names once they are old, and nothing else', async () => {
  await storeStudy(24);
  const orphan = await app.deps.blobs.put(
    (async function* () {
      yield Buffer.from('nobody names me');
    })(),
  );
  expect((await sweepBlobs({ ...app.deps, now: () => new Date() })).removed).toBe(0);
  expect((await sweepBlobs({ ...app.deps, now: () => new Date(Date.now() + 2 * 60 * 60 * 1000) })).removed).toBe(1);
  expect(await app.deps.blobs.has(orphan.key)).toBe(false);
  expect((await app.inject({ url: `/api/v1/instances/${uid(24, 1, 1)}/file` })).statusCode).toBe(200);
});

it('a picture that is uploaded twice is held once', async () => {
  const png = await sharp({ create: { width: 40, height: 30, channels: 3, background: '#456' } })
    .png()
    .toBuffer();
  const first = await app.upload('/api/v1/images/upload', [{ name: 'x.png', bytes: png }]);
  expect(first.json()).toMatchObject({ stored: 1 });
  expect((await app.upload('/api/v1/images/upload', [{ name: 'y.png', bytes: png }])).json()).toMatchObject({ already_held: 1 });
  const detail = await app.call(getStudy, { params: { study_instance_uid: first.json().items[0].study_instance_uid } });
  expect(detail).toMatchObject({ study_date: null, modalities: ['OT'] });
  expect(detail.series[0]?.instances[0]).toMatchObject({ is_derived: true, rows: 30, columns: 40 });
});

it('a run that fails each time is kept as failed with a reason, and made anew when asked for', async () => {
  const bytes = instance(25, 1);
  await app.upload('/api/v1/studies', [{ name: 'a.dcm', bytes }]);
  const { renderer } = app.deps;
  const broken = { ...app.deps, renderer: { ...renderer, render: () => Promise.reject(new TypeError('broken')) } };
  await expect(analyzeStudy(broken, uid(25), { attempt: 1 })).rejects.toThrow('broken');
  await analyzeStudy(broken, uid(25), { attempt: 5 });
  const params = { study_instance_uid: uid(25) };
  expect(await app.call(getStudy, { params })).toMatchObject({ analysis_status: 'failed' });
  const failed = (await app.call(listAnalyses, { params })).items.find(({ status }) => status === 'failed');
  expect(failed?.reason).toContain('TypeError');
  await analyzeStudy(app.deps, uid(25));
  const { items } = await app.call(listAnalyses, { params });
  expect(items.find(({ id }) => id === failed?.id)).toMatchObject({ status: 'cancelled' });
  expect(items.filter(({ status }) => status === 'failed')).toEqual([]);
});
