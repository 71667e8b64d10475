import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { importKnowledge, listKnowledgeSources, requestOverride } from '../../src/contract/drug-knowledge.ts';
import { checkDrugSafety } from '../../src/contract/drug-safety.ts';
import { completeFollowUp, listDiscordances, listFollowUps, resolveDiscordance } from '../../src/contract/follow-up.ts';
import { getRecordedScores, getSynthesis } from '../../src/contract/history.ts';
import { CHECK_RULES } from '../../src/contract/report-checks.ts';
import { draftReport, editReport, signReport } from '../../src/contract/reports.ts';
import { openTestApp, PASSWORD, type TestApp } from '../app.ts';
import { ctWithNodule, storeCt } from '../nodule-study.ts';
import { type PostgresServer, postgresMissing, startPostgres } from '../postgres.ts';
import { measured } from '../record-entries.ts';
import { storeRecord } from '../stored-record.ts';

describe.skipIf(postgresMissing)(`history, follow-up and knowledge on PostgreSQL${postgresMissing ? ` (${postgresMissing})` : ''}`, () => {
  let server: PostgresServer;
  let app: TestApp;
  let closeDatabase: () => Promise<void>;
  beforeAll(async () => {
    server = await startPostgres();
    const database = await server.openDatabase();
    closeDatabase = database.close;
    app = await openTestApp({ databaseUrl: database.url });
  }, 120_000);
  afterAll(async () => {
    await app.close();
    await closeDatabase();
    await server.stop();
  });

  const signed = async (number: number, findings?: string): Promise<string> => {
    const study = await ctWithNodule(app, { number, patient: 'P-1' });
    const { id, sections } = await app.call(draftReport, { params: { study_instance_uid: study }, body: {} });
    if (findings) await app.call(editReport, { params: { id }, body: { sections: { ...sections, findings, impression: findings } } });
    await app.call(signReport, { params: { id }, body: { password: PASSWORD, acknowledged: [...CHECK_RULES] } });
    return study;
  };

  it('tracks, pages, proposes and closes recommendations', async () => {
    for (const number of [1, 2, 3]) await signed(number);
    const later = await storeCt(app, { number: 4, patient: 'P-1', date: '20260801' });
    const first = await app.call(listFollowUps, { query: { limit: '2' as never } });
    const second = await app.call(listFollowUps, { query: { limit: '2' as never, cursor: first.next_cursor ?? '' } });
    const items = [...first.items, ...second.items];
    expect(new Set(items.map(({ id }) => id)).size).toBe(3);
    expect(items[0]?.proposed_studies.map(({ study_instance_uid }) => study_instance_uid)).toContain(later);
    const done = await app.call(completeFollowUp, { params: { id: items[0]?.id ?? '' }, body: { study_instance_uid: later } });
    expect(done.status).toBe('done');
  });

  it('opens and resolves discordances', async () => {
    const study = await signed(5, 'The lungs are clear. No nodule.');
    const { items } = await app.call(listDiscordances, { query: { study_instance_uid: study } });
    const body = { resolution: 'model-right' as const, reason: 'Overlooked' };
    expect(await app.call(resolveDiscordance, { params: { id: items[0]?.id ?? '' }, body })).toMatchObject({ status: 'resolved' });
  });

  it('synthesizes and scores a record', async () => {
    const study = await storeCt(app, { number: 6, patient: 'P-6' });
    const patient_key = await storeRecord(app, { study, entries: [measured('2160-0', 1.25, 'mg/dL', '2026-05-20')] });
    const synthesis = await app.call(getSynthesis, { params: { patient_key }, query: { study_instance_uid: study } });
    expect(synthesis.relevant).toMatchObject([{ rule: 'contrast-kidney', title: expect.stringContaining('1.25 mg/dL') }]);
    const { items } = await app.call(getRecordedScores, { params: { patient_key } });
    expect(items.find(({ result }) => result.score === 'rcri')?.inputs).toMatchObject([{ name: 'creatinine', value: { value: 1.25 } }]);
  });

  it('takes in a source twice, the second in place of the first, checks it on schedule, and keeps wishes for overrides', async () => {
    const rule =
      'rule_id,a,b,severity,display,effect,management,evidence,citation\nh-1,drug:loratadine,drug:montelukast,major,interruptive,e,m,t,c';
    const manifest = { source: 'House list', version: '1', licence: 'own', valid_from: '2026-01' };
    for (const version of ['1', '2'])
      await app.call(importKnowledge, { body: { manifest: { ...manifest, version }, files: { 'interactions.csv': rule } } });
    await app.deps.systemDb.transaction().execute((tx) => app.jobs.enqueue(tx, 'check-knowledge', {}));
    await app.drain(1000);
    expect((await app.call(listKnowledgeSources, {})).items).toMatchObject([
      { source: 'Isocenter', state: 'on', last_check: { passed: true } },
      { source: 'House list', version: '2', state: 'on', last_check: { passed: true } },
    ]);
    const { alerts } = await app.call(checkDrugSafety, { body: { medications: ['loratadine', 'montelukast'] } });
    expect(alerts).toMatchObject([{ rule_id: 'h-1', source: 'House list' }]);
    const wish = { params: { rule_id: 'h-1' }, body: { display: 'off' as const, reason: 'twice' } };
    for (const severity of ['minor', 'moderate'] as const) {
      expect(await app.call(requestOverride, { ...wish, body: { ...wish.body, severity } })).toMatchObject({ severity, approved_by: null });
    }
  });
});
