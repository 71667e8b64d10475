import { createHash } from 'node:crypto';
import { afterAll, beforeAll, expect, it } from 'vitest';
import {
  acknowledgeCriticalResult,
  listCriticalResults,
  markCriticalResult,
  tellCriticalResult,
  withdrawCriticalResult,
} from '../../src/contract/critical-results.ts';
import { addFinding, listFindings, reviewFinding } from '../../src/contract/findings.ts';
import { addAddendum, deleteAddendum, editAddendum, signAddendum } from '../../src/contract/report-addenda.ts';
import { CHECK_RULES, checkReport, listInsertions } from '../../src/contract/report-checks.ts';
import {
  addReportMacro,
  addReportTemplate,
  applyReportTemplate,
  changeReportTemplate,
  deleteReportMacro,
  deleteReportTemplate,
  listReportMacros,
  listReportTemplates,
} from '../../src/contract/report-templates.ts';
import { amendReport, draftReport, editReport, getReport, listReports, signReport } from '../../src/contract/reports.ts';
import { PASSWORD, READER, type TestApp } from '../app.ts';
import { uid } from '../builders.ts';
import { ctWithNodule, storeCt } from '../nodule-study.ts';
import { type OpenDatabaseApp, onBothDatabases } from '../on-both-databases.ts';

const ALL = [...CHECK_RULES];
const MINUTE = 60_000;

onBothDatabases('the report desk', deskTests);

function deskTests(open: OpenDatabaseApp): void {
  let app: TestApp;
  let close: () => Promise<void>;
  beforeAll(async () => {
    ({ app, close } = await open());
  }, 120_000);
  afterAll(async () => close());

  /** A chest CT with an accepted nodule on the right, and its draft. */
  const drafted = async (number: number) => {
    const study = await ctWithNodule(app, { number, patient: `DESK-${number}` });
    return { study, draft: await app.call(draftReport, { params: { study_instance_uid: study }, body: {} }) };
  };
  const sign = (id: string, body: object) =>
    app.inject({ method: 'POST', url: `/api/v1/reports/${id}/sign`, payload: { password: PASSWORD, ...body } });

  it("a draft says which words come from a model's finding, keeps them through edits, and forgets those that are gone", async () => {
    const { study, draft } = await drafted(1);
    const [finding] = (await app.call(listFindings, { params: { study_instance_uid: study } })).items;
    const ofFinding = draft.statements.filter(({ finding_id }) => finding_id === finding?.id);
    expect(ofFinding.map(({ section, state }) => [section, state])).toEqual([
      ['findings', 'unreviewed'],
      ['impression', 'unreviewed'],
    ]);
    const [first] = ofFinding;
    const sentence = draft.sections.findings.slice(first?.start, first?.end);
    expect(sentence).toContain('nodule');

    const sections = { ...draft.sections, findings: `Emphysema.\n${draft.sections.findings}`, impression: 'Small nodule.' };
    const edited = await app.call(editReport, { params: { id: draft.id }, body: { sections } });
    const kept = edited.statements.filter(({ section }) => section === 'findings');
    expect(kept[0]).toMatchObject({ start: (first?.start ?? 0) + 11, state: 'unreviewed' });
    expect(edited.statements.some(({ section }) => section === 'impression')).toBe(false);

    const confirmed = edited.statements.map((statement) => ({ ...statement, state: 'confirmed' as const }));
    const foreign = { section: 'technique' as const, start: 0, end: 3, finding_id: draft.id, state: 'confirmed' as const };
    const saved = await app.call(editReport, { params: { id: draft.id }, body: { sections, statements: [...confirmed, foreign] } });
    expect(saved.statements).toEqual(confirmed);
  });

  it('a draft that somebody else changed is not overwritten', async () => {
    const { draft } = await drafted(2);
    const mine = { sections: { ...draft.sections, impression: 'Mine.' }, base_revision: draft.revision };
    const saved = await app.call(editReport, { params: { id: draft.id }, body: mine });
    expect(saved.revision).toBe(draft.revision + 1);
    const late = { ...mine, sections: { ...draft.sections, impression: 'Theirs.' } };
    const refused = await app.inject({ method: 'PUT', url: `/api/v1/reports/${draft.id}`, payload: late });
    expect(refused.statusCode).toBe(412);
    expect((await app.call(getReport, { params: { id: draft.id } })).sections.impression).toBe('Mine.');
  });

  it('what blocks keeps a report from being signed; a warning has to be acknowledged, and that is kept with the report', async () => {
    const { study, draft } = await drafted(3);
    const params = { id: draft.id };
    const write = (impression: string) => app.call(editReport, { params, body: { sections: { ...draft.sections, impression } } });
    await write('[size] nodule in the left lung.');
    const { items, revision } = await app.call(checkReport, { params });
    expect(revision).toBe(1);
    expect(items[0]).toMatchObject({ rule: 'placeholder', severity: 'blocking', quote: '[size]', start: 0, end: 6 });
    expect(items.map(({ rule }) => rule)).toContain('laterality-sections');
    const blocked = await sign(draft.id, { acknowledged: ALL });
    expect([blocked.statusCode, blocked.json().detail]).toEqual([409, expect.stringContaining('placeholder')]);

    await write('Nodule in the left lung.');
    const unseen = await sign(draft.id, { acknowledged: ['unreviewed-text'] });
    expect([unseen.statusCode, unseen.json().detail]).toEqual([409, expect.stringContaining('laterality-sections')]);
    expect((await sign(draft.id, { acknowledged: ALL })).statusCode).toBe(200);
    const [signed] = (await app.call(listReports, { params: { study_instance_uid: study } })).items;
    expect(signed?.acknowledged).toContain('laterality-sections');
    expect(signed?.acknowledged).not.toContain('sex');
  });

  it('offers what can be put into the text, in its language', async () => {
    const { study, draft } = await drafted(4);
    await app.call(addFinding, { params: { study_instance_uid: study }, body: { title: 'Scoliosis', text: 'Mild.' } });
    const measured = {
      tracking_uid: '2.25.4711',
      label: 'Nodule, right',
      kind: 'length',
      sop_instance_uid: uid(4, 1, 1),
      frame: 1,
      points: [
        [1, 1],
        [8, 1],
      ],
      values: [{ quantity: 'length', value: 7.25, unit: 'mm' }],
      comment: null,
    };
    const url = `/api/v1/studies/${study}/measurements`;
    const saved = await app.inject({ method: 'PUT', url, payload: { items: [measured] }, headers: { 'if-match': '"none"' } });
    expect(saved.statusCode, saved.body).toBe(200);
    const { items } = await app.call(listInsertions, { params: { id: draft.id } });
    expect(items.map(({ kind, is_generated }) => [kind, is_generated])).toEqual([
      ['finding', true],
      ['finding', false],
      ['measurement', false],
    ]);
    expect(items.slice(1).map(({ text }) => text)).toEqual(['Scoliosis: Mild.', expect.stringMatching(/^Nodule, right: 7\.\d+\smm$/)]);
  });

  it('a template is chosen by modality and body part, replaces what is open, and follows what is written', async () => {
    const all = await app.call(listReportTemplates, { query: { locale: 'en', modality: 'CT', body_part: 'CHEST' } });
    expect(all.items[0]).toMatchObject({ id: 'starter-chest-ct-en', is_starter: true });
    const starter = all.items[0]?.sections ?? ({} as never);
    const own = await app.call(addReportTemplate, {
      body: {
        locale: 'en',
        name: 'Nodule clinic',
        modality: 'CT',
        body_part: 'CHEST',
        sections: { ...starter, impression: 'Lung-RADS [1|2|3|4].' },
      },
    });
    expect(own).toMatchObject({ is_starter: false, updated_by: READER });
    const again = await app.call(listReportTemplates, { query: { locale: 'en', modality: 'CT', body_part: 'CHEST' } });
    expect(again.items[0]?.id).toBe(own.id);

    const study = await storeCt(app, { number: 5, patient: 'DESK-5' });
    await app.drain();
    for (const { id } of (await app.call(listFindings, { params: { study_instance_uid: study } })).items)
      await app.call(reviewFinding, { params: { id }, body: { decision: 'reject', reason: 'Artifact' } });
    const params = { study_instance_uid: study };
    const draft = await app.call(draftReport, { params, body: { template_id: own.id } });
    expect(draft.sections.impression).toBe('Lung-RADS [1|2|3|4].');
    expect(draft.sections.findings.startsWith('Airways: [patent|___].')).toBe(true);
    const { sections } = await app.call(editReport, {
      params: { id: draft.id },
      body: { sections: { ...draft.sections, impression: 'Lung-RADS 2.', findings: 'Read.' } },
    });
    expect(sections.impression).toBe('Lung-RADS 2.');
    const laid = await app.call(applyReportTemplate, { params: { id: draft.id }, body: { template_id: 'starter-chest-ct-en' } });
    expect(laid.sections.findings.startsWith('Read.\n\nAirways')).toBe(true);
    expect(laid.sections.impression).toBe('Lung-RADS 2.\n\n[___]');

    const renamed = { locale: 'en' as const, name: 'Renamed', modality: null, body_part: null, sections: own.sections };
    expect(await app.call(changeReportTemplate, { params: { id: own.id }, body: renamed })).toMatchObject({ name: 'Renamed' });
    expect(await app.call(deleteReportTemplate, { params: { id: own.id } })).toEqual({ deleted: true });
    const gone = await app.inject({ method: 'POST', url: `/api/v1/reports/${draft.id}/template`, payload: { template_id: own.id } });
    expect(gone.statusCode).toBe(404);
    const starterId = 'starter-chest-ct-en';
    expect((await app.inject({ method: 'DELETE', url: `/api/v1/report-templates/${starterId}` })).statusCode).toBe(404);
  });

  it('a macro has one text for each code, reach and language', async () => {
    const macro = { reach: 'tenant', code: 'NL', locale: null, text: 'No lesion.' } as const;
    const made = await app.call(addReportMacro, { body: macro });
    expect(made.code).toBe('nl');
    const twice = await app.inject({ method: 'POST', url: '/api/v1/report-macros', payload: { ...macro, code: 'nl' } });
    expect(twice.statusCode).toBe(409);
    await app.call(addReportMacro, { body: { ...macro, reach: 'own', text: 'Nothing.' } });
    expect((await app.call(listReportMacros, {})).items.map(({ reach, text }) => [reach, text])).toEqual([
      ['own', 'Nothing.'],
      ['tenant', 'No lesion.'],
    ]);
    await app.call(deleteReportMacro, { params: { id: made.id } });
    expect((await app.call(listReportMacros, {})).items).toHaveLength(1);
  });

  it('a critical result is overdue until somebody is told, is warned of at the signature, and is closed by who was told', async () => {
    const { study, draft } = await drafted(6);
    const params = { study_instance_uid: study };
    const body = { category: 'minutes', text: 'Tension pneumothorax' } as const;
    const marked = await app.call(markCriticalResult, { params, body });
    expect(Date.parse(marked.due_at) - Date.parse(marked.marked_at)).toBe(60 * MINUTE);
    const of = { query: { study_instance_uid: study } };
    expect((await app.call(listCriticalResults, of)).items).toMatchObject([{ status: 'open', is_overdue: false, marked_by: READER }]);
    await app.drain(61 * MINUTE);
    const overdue = { query: { overdue: 'true' as never, limit: '1' as never } };
    expect((await app.call(listCriticalResults, overdue)).items).toMatchObject([
      { id: marked.id, is_overdue: true, patient_id: 'DESK-6', modalities: ['CT'] },
    ]);
    expect((await app.call(checkReport, { params: { id: draft.id } })).items.map(({ rule }) => rule)).toContain('critical-not-told');

    const tell = { told_to: 'Dr. Abe Sato', told_how: 'telephone', read_back: true } as const;
    const future = { ...tell, told_at: '2999-01-01T00:00:00.000Z' };
    const wrong = await app.inject({ method: 'POST', url: `/api/v1/critical-results/${marked.id}/told`, payload: future });
    expect(wrong.statusCode).toBe(400);
    const early = await app.inject({
      method: 'POST',
      url: `/api/v1/critical-results/${marked.id}/acknowledge`,
      payload: { acknowledged_by: 'Dr. Abe Sato' },
    });
    expect(early.statusCode).toBe(409);
    const told = await app.call(tellCriticalResult, { params: { id: marked.id }, body: tell });
    expect(told).toMatchObject({ status: 'told', told_by: READER, read_back: true, is_overdue: false });
    const { items } = await app.call(listInsertions, { params: { id: draft.id } });
    expect(items.find(({ kind }) => kind === 'critical-result')?.text).toMatch(
      /^Critical result \(Tension pneumothorax\) communicated to Dr\. Abe Sato by telephone/,
    );
    expect((await app.call(checkReport, { params: { id: draft.id } })).items.map(({ rule }) => rule)).not.toContain('critical-not-told');
    const waiting = { query: { status: 'waiting' } } as const;
    expect((await app.call(listCriticalResults, waiting)).items).toMatchObject([{ id: marked.id, status: 'told' }]);
    const done = await app.call(acknowledgeCriticalResult, { params: { id: marked.id }, body: { acknowledged_by: 'Dr. Abe Sato' } });
    expect(done.status).toBe('acknowledged');
    expect((await app.call(listCriticalResults, waiting)).items).toEqual([]);

    const other = await app.call(markCriticalResult, { params, body: { ...body, category: 'days' } });
    await app.call(withdrawCriticalResult, { params: { id: other.id }, body: { reason: 'Artifact' } });
    const closed = await app.inject({ method: 'POST', url: `/api/v1/critical-results/${other.id}/told`, payload: tell });
    expect(closed.statusCode).toBe(409);
    const stranger = { ...body, finding_id: draft.id };
    expect((await app.inject({ method: 'POST', url: `/api/v1/studies/${study}/critical-results`, payload: stranger })).statusCode).toBe(
      404,
    );
  });

  it('an addendum is signed for itself, leaves the signed report as it is, and comes onto the paper', async () => {
    const { study, draft } = await drafted(7);
    const params = { id: draft.id };
    expect((await app.inject({ method: 'POST', url: `/api/v1/reports/${draft.id}/addenda`, payload: { text: 'Early' } })).statusCode).toBe(
      409,
    );
    const signed = await app.call(signReport, { params, body: { password: PASSWORD, acknowledged: ALL } });
    await app.drain();
    const before = await app.inject({ url: `/api/v1/reports/${draft.id}/pdf` });

    const thrown = await app.call(addAddendum, { params, body: { text: 'Not this.' } });
    expect((await app.inject({ method: 'POST', url: `/api/v1/reports/${draft.id}/addenda`, payload: { text: 'Two' } })).statusCode).toBe(
      409,
    );
    await app.call(deleteAddendum, { params: { id: thrown.id } });
    const opened = await app.call(addAddendum, { params, body: { text: 'The nodule' } });
    const text = 'The nodule was discussed with the clinician.';
    await app.call(editAddendum, { params: { id: opened.id }, body: { text } });
    const url = `/api/v1/addenda/${opened.id}/sign`;
    const wrong = { password: 'not the password', seen_text: text };
    expect((await app.inject({ method: 'POST', url, payload: wrong })).statusCode).toBe(401);
    expect((await app.inject({ method: 'POST', url, payload: { password: PASSWORD, seen_text: 'The nodule' } })).statusCode).toBe(409);
    const added = await app.call(signAddendum, { params: { id: opened.id }, body: { password: PASSWORD, seen_text: text } });
    expect(added).toMatchObject({ number: 1, status: 'final', signed_by: READER });
    expect((await app.inject({ method: 'PUT', url: `/api/v1/addenda/${opened.id}`, payload: { text: 'x' } })).statusCode).toBe(409);
    await app.drain();

    const now = await app.call(getReport, { params });
    expect(now).toMatchObject({ status: 'final', content_sha256: signed.content_sha256, sections: signed.sections, pdf_status: 'ready' });
    expect(now.addenda).toMatchObject([{ id: opened.id, text }]);
    const after = await app.inject({ url: `/api/v1/reports/${draft.id}/pdf` });
    expect(after.rawPayload.equals(before.rawPayload)).toBe(false);
    const row = await app.deps.db.selectFrom('report_addendum').selectAll().where('id', '=', opened.id).executeTakeFirstOrThrow();
    expect(
      createHash('sha256')
        .update(row.signed_content ?? '')
        .digest('hex'),
    ).toBe(added.content_sha256);
    expect(JSON.parse(row.signed_content ?? '')).toMatchObject({ text, report_sha256: signed.content_sha256 });

    await app.call(amendReport, { params, body: { reason: 'A second look' } });
    expect((await app.inject({ method: 'POST', url: `/api/v1/reports/${draft.id}/addenda`, payload: { text: 'Late' } })).statusCode).toBe(
      409,
    );
    expect((await app.call(listReports, { params: { study_instance_uid: study } })).items.map(({ addenda }) => addenda.length)).toEqual([
      0, 1,
    ]);
  });

  it('shows the pages of a draft as a picture', async () => {
    const { draft } = await drafted(8);
    const picture = await app.inject({ url: `/api/v1/reports/${draft.id}/picture` });
    expect(picture.headers['content-type']).toContain('image/svg+xml');
    expect(picture.body).toMatch(/^<svg/);
    expect(picture.body).not.toContain('<script');
  });
}
