import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  addFollowUp,
  completeFollowUp,
  dismissFollowUp,
  listDiscordances,
  listFollowUps,
  resolveDiscordance,
} from '../../src/contract/follow-up.ts';
import { getSynthesis } from '../../src/contract/history.ts';
import { CHECK_RULES } from '../../src/contract/report-checks.ts';
import { amendReport, draftReport, editReport, signReport } from '../../src/contract/reports.ts';
import { openTestApp, PASSWORD, type TestApp } from '../app.ts';
import { ctWithNodule, storeCt } from '../nodule-study.ts';

const DAY = 86_400_000;

describe('recommendations of reports', () => {
  let app: TestApp;
  beforeAll(async () => {
    app = await openTestApp();
  });
  afterAll(() => app.close());

  it('enter the draft with rule and version, and are tracked from the signature on', async () => {
    const study = await ctWithNodule(app, { number: 1, patient: 'F-1' });
    const draft = await app.call(draftReport, { params: { study_instance_uid: study }, body: {} });
    expect(draft.sections.recommendation).toContain('Fleischner 2017');
    expect((await followUps({ study_instance_uid: study })).items).toEqual([]);

    await sign(draft.id);
    const { items } = await followUps({ study_instance_uid: study });
    expect(items).toMatchObject([
      { rule: 'fleischner-2017', version: '2017', status: 'open', due_from: '2026-07-15', due_to: '2027-01-15', proposed_studies: [] },
    ]);
    expect(items[0]?.text).toBe(draft.sections.recommendation);
  });

  it('are not tracked where the reader took them out of the text', async () => {
    const study = await ctWithNodule(app, { number: 2, patient: 'F-2' });
    const draft = await app.call(draftReport, { params: { study_instance_uid: study }, body: {} });
    const sections = { ...draft.sections, recommendation: 'None.' };
    await app.call(editReport, { params: { id: draft.id }, body: { sections } });
    await sign(draft.id);
    expect((await followUps({ study_instance_uid: study })).items).toEqual([]);
  });

  it('a later matching study is proposed, and a person closes it: once', async () => {
    const study = await signed({ number: 3, patient: 'F-3' });
    const later = await storeCt(app, { number: 4, patient: 'F-3', date: '20260801' });
    await storeCt(app, { number: 5, patient: 'F-3', date: '20260801', region: 'HEAD' });
    const [open] = (await followUps({ study_instance_uid: study })).items;
    expect(open).toMatchObject({ status: 'open', proposed_studies: [{ study_instance_uid: later, study_date: '20260801' }] });

    const params = { id: open?.id ?? '' };
    const done = await app.call(completeFollowUp, { params, body: { study_instance_uid: later } });
    expect(done).toMatchObject({ status: 'done', done_by_study: later, closed_by: 'Dr. Test Reader', proposed_studies: [] });
    const again = await app.inject({ method: 'POST', url: `/api/v1/follow-ups/${params.id}/dismiss`, payload: { reason: 'twice' } });
    expect(again.statusCode).toBe(409);
  });

  it('cannot be done by a study of somebody else, and a dismissal needs a reason', async () => {
    const study = await signed({ number: 6, patient: 'F-6' });
    const other = await storeCt(app, { number: 7, patient: 'F-7', date: '20260801' });
    const [open] = (await followUps({ study_instance_uid: study })).items;
    const post = (act: string, payload: object) => app.inject({ method: 'POST', url: `/api/v1/follow-ups/${open?.id}/${act}`, payload });
    expect((await post('done', { study_instance_uid: other })).statusCode).toBe(404);
    expect((await post('dismiss', {})).statusCode).toBe(400);
    const dismissed = await app.call(dismissFollowUp, { params: { id: open?.id ?? '' }, body: { reason: 'Palliative care' } });
    expect(dismissed).toMatchObject({ status: 'dismissed', reason: 'Palliative care' });
  });

  it('of an amended report take the place of the open ones', async () => {
    const study = await signed({ number: 8, patient: 'F-8' });
    const [report] = await app.deps.db.selectFrom('report').select('id').where('study_instance_uid', '=', study).execute();
    const amended = await app.call(amendReport, { params: { id: report?.id ?? '' }, body: { reason: 'size' } });
    await sign(amended.id);
    const { items } = await followUps({ study_instance_uid: study });
    expect(items).toHaveLength(1);
    expect(items[0]?.report_id).toBe(amended.id);
  });

  it('of a score that the reader fills are tracked too, unless the score leaves them open', async () => {
    const study = await storeCt(app, { number: 9, patient: 'F-9', date: '20260115' });
    const params = { study_instance_uid: study };
    const added = await app.call(addFollowUp, { params, body: { score: 'bi-rads', inputs: { category: '3' } } });
    expect(added).toMatchObject({ rule: 'bi-rads', status: 'open', report_id: null });
    const url = `/api/v1/studies/${study}/follow-ups`;
    const open = await app.inject({
      method: 'POST',
      url,
      payload: { score: 'fleischner-2017', inputs: { kind: 'solid', multiple: false } },
    });
    expect(open.json()).toMatchObject({
      status: 400,
      errors: expect.arrayContaining([expect.objectContaining({ field: 'inputs.high_risk' })]),
    });
  });

  it('are listed by their day, page by page, and the overdue ones by themselves and in the history', async () => {
    await app.drain(0);
    const all = (await followUps({})).items;
    const paged: string[] = [];
    for (let cursor: string | undefined; ; ) {
      const page = await followUps({ limit: 2, ...(cursor ? { cursor } : {}) });
      paged.push(...page.items.map(({ id }) => id));
      if (page.next_cursor === null) break;
      cursor = page.next_cursor;
    }
    expect(paged).toEqual(all.map(({ id }) => id));
    expect(all.map(({ due_to }) => due_to ?? '9')).toEqual(all.map(({ due_to }) => due_to ?? '9').sort());

    const one = all[0]?.patient_key ?? '';
    const ofOne = all.filter(({ patient_key }) => patient_key === one);
    expect((await followUps({ patient_key: one })).items.map(({ id }) => id)).toEqual(ofOne.map(({ id }) => id));
    expect((await followUps({ patient_key: 'nobody' })).items).toEqual([]);

    await app.drain(300 * DAY);
    const overdue = (await followUps({ overdue: true })).items;
    expect(overdue.length).toBeGreaterThan(0);
    expect(overdue.every(({ status, is_overdue }) => status === 'open' && is_overdue)).toBe(true);
    const { patterns } = await app.call(getSynthesis, { params: { patient_key: overdue[0]?.patient_key ?? '' }, query: {} });
    expect(patterns.map(({ rule }) => rule)).toContain('follow-up-overdue');
  });

  const followUps = (query: { study_instance_uid?: string; patient_key?: string; overdue?: boolean; limit?: number; cursor?: string }) =>
    app.call(listFollowUps, {
      query: Object.fromEntries(Object.entries(query).map(([name, value]) => [name, String(value)])) as typeof query,
    });
  const sign = (id: string) => app.call(signReport, { params: { id }, body: { password: PASSWORD, acknowledged: [...CHECK_RULES] } });
  const signed = async (options: { number: number; patient: string }): Promise<string> => {
    const study = await ctWithNodule(app, options);
    const { id } = await app.call(draftReport, { params: { study_instance_uid: study }, body: {} });
    await sign(id);
    return study;
  };
});

describe('where a signed report and the models disagree', () => {
  let app: TestApp;
  beforeAll(async () => {
    app = await openTestApp();
  });
  afterAll(() => app.close());

  const signWith = async (id: string, findings: string): Promise<void> => {
    const [row] = await app.deps.db.selectFrom('report').select('sections').where('id', '=', id).execute();
    const sections = { ...JSON.parse(row?.sections ?? '{}'), findings, impression: findings };
    await app.call(editReport, { params: { id }, body: { sections } });
    await app.call(signReport, { params: { id }, body: { password: PASSWORD, acknowledged: [...CHECK_RULES] } });
  };

  it('a work item opens with the signature, and a person resolves it with a reason', async () => {
    const study = await ctWithNodule(app, { number: 1, patient: 'D-1' });
    const draft = await app.call(draftReport, { params: { study_instance_uid: study }, body: {} });
    await signWith(draft.id, 'The lungs are clear. No nodule.');
    const { items } = await app.call(listDiscordances, { query: { status: 'open' } });
    expect(items).toMatchObject([{ study_instance_uid: study, kind: 'model-only', observation: 'lung-nodule', report_id: draft.id }]);

    const params = { id: items[0]?.id ?? '' };
    const decision = { resolution: 'report-right' as const, reason: 'A vessel in cross-section' };
    expect(await app.call(resolveDiscordance, { params, body: decision })).toMatchObject({ status: 'resolved', ...decision });
    const url = `/api/v1/discordances/${params.id}/resolve`;
    expect((await app.inject({ method: 'POST', url, payload: decision })).statusCode).toBe(409);
  });

  it('an amendment that agrees supersedes it', async () => {
    const study = await ctWithNodule(app, { number: 2, patient: 'D-2' });
    const draft = await app.call(draftReport, { params: { study_instance_uid: study }, body: {} });
    await signWith(draft.id, 'The lungs are clear. No nodule.');
    const amended = await app.call(amendReport, { params: { id: draft.id }, body: { reason: 'nodule overlooked' } });
    await signWith(amended.id, 'Solid nodule of 7 mm.');
    const { items } = await app.call(listDiscordances, { query: { study_instance_uid: study } });
    expect(items).toMatchObject([{ status: 'resolved', resolution: 'superseded', report_id: draft.id }]);
  });

  it('a report that agrees opens none', async () => {
    const study = await ctWithNodule(app, { number: 3, patient: 'D-3' });
    const draft = await app.call(draftReport, { params: { study_instance_uid: study }, body: {} });
    await app.call(signReport, { params: { id: draft.id }, body: { password: PASSWORD, acknowledged: [...CHECK_RULES] } });
    expect((await app.call(listDiscordances, { query: { study_instance_uid: study } })).items).toEqual([]);
  });
});
