import { createHash } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  checkKnowledge,
  importKnowledge,
  listKnowledgeSources,
  removeKnowledge,
  removeOverride,
  requestOverride,
} from '../../src/contract/drug-knowledge.ts';
import { checkDrugSafety } from '../../src/contract/drug-safety.ts';
import { openTestApp, type TestApp } from '../app.ts';
import { addPerson, signIn } from '../identity-parts.ts';

const HEADER = 'rule_id,a_type,a_code,b_type,b_code,severity,display,effect,mechanism,management,evidence,citation,condition_expr';
const INTERACTIONS = [
  HEADER,
  'h-1,drug,loratadine,drug,montelukast,contraindicated,interruptive,Made up for a test,,Do not,test,House list 1,',
  'h-2,drug,warfarin,drug,aspirin,minor,passive,Less than the program says,,Watch,test,House list 1,',
  'h-3,drug,unobtainium,drug,aspirin,major,interruptive,Names nobody,,Do not,test,House list 1,',
].join('\n');
const MANIFEST = { source: 'House list', version: '1', licence: 'own', valid_from: '2026-01', valid_until: '2027-06' };

describe('the knowledge that a hospital adds', () => {
  let app: TestApp;
  beforeAll(async () => {
    app = await openTestApp();
  });
  afterAll(() => app.close());

  const alerts = async (...medications: string[]) => (await app.call(checkDrugSafety, { body: { medications } })).alerts;
  const sources = async () => (await app.call(listKnowledgeSources, {})).items;

  it('tells what an import would do, and changes nothing', async () => {
    const body = { manifest: MANIFEST, files: { 'interactions.csv': INTERACTIONS }, dry_run: true };
    const { stored, merge } = await app.call(importKnowledge, { body });
    expect(stored).toBe(false);
    expect(merge.rules).toEqual({ added: 3, replaced: [] });
    expect(merge.unmapped).toEqual([{ rule_id: 'h-3', names: 'drug:unobtainium' }]);
    expect(await sources()).toHaveLength(1);
    expect(await alerts('loratadine', 'montelukast')).toEqual([]);
  });

  it('alerts by an imported rule with its source, and of two rules on a pair the more severe speaks', async () => {
    const before = await alerts('warfarin', 'aspirin');
    await app.call(importKnowledge, { body: { manifest: MANIFEST, files: { 'interactions.csv': INTERACTIONS } } });
    expect(await alerts('loratadine', 'montelukast')).toMatchObject([
      { rule_id: 'h-1', source: 'House list', severity: 'contraindicated' },
    ]);
    expect(await alerts('warfarin', 'aspirin')).toEqual(before);
    expect(await sources()).toMatchObject([
      { source: 'Isocenter', is_bundled: true, state: 'on' },
      { source: 'House list', state: 'on', rules: 3, valid_until: '2027-06-30', last_check: { passed: true } },
    ]);
  });

  it('refuses tables that are not valid as a whole, naming file and row, and a digest that does not fit', async () => {
    const post = (files: Record<string, string>, more: object = {}) =>
      app.inject({
        method: 'POST',
        url: '/api/v1/drug-safety/sources',
        payload: { manifest: { ...MANIFEST, version: '2', ...more }, files },
      });
    const broken = await post({ 'interactions.csv': INTERACTIONS.replace('contraindicated', 'terrible') });
    expect(broken.json()).toMatchObject({ status: 400, detail: expect.stringContaining('interactions.csv, row 2: severity') });
    const other = createHash('sha256').update('other').digest('hex');
    expect((await post({ 'interactions.csv': INTERACTIONS }, { sha256: { 'interactions.csv': other } })).statusCode).toBe(400);
    expect((await post({}, { source: 'Isocenter' })).statusCode).toBe(400);
    expect((await sources())[1]).toMatchObject({ version: '1' });
  });

  it('a source that fails its canary pairs is off, visibly, until it passes', async () => {
    const { db } = app.deps;
    await db.updateTable('knowledge_check').set({ passed: 0, failures: '["rule h-1"]' }).where('source', '=', 'House list').execute();
    const result = await app.call(checkDrugSafety, { body: { medications: ['loratadine', 'montelukast'] } });
    expect(result.alerts).toEqual([]);
    expect(result.knowledge_off).toEqual([{ source: 'House list', version: '1', reason: expect.stringContaining('rule h-1') }]);
    expect(result.not_checked).toContainEqual({ text: 'House list 1', reason: expect.stringContaining('off') });

    const { items } = await app.call(checkKnowledge, {});
    expect(items.map(({ state }) => state)).toEqual(['on', 'on']);
    expect(await alerts('loratadine', 'montelukast')).toHaveLength(1);
  });

  it('the schedule runs the canary pairs over every source, those of the program too', async () => {
    const { db } = app.deps;
    await db.deleteFrom('knowledge_check').execute();
    await app.deps.systemDb.transaction().execute((tx) => app.jobs.enqueue(tx, 'check-knowledge', {}));
    await app.drain(1000);
    const rows = await db.selectFrom('knowledge_check').select(['source', 'passed']).orderBy('source').execute();
    expect(rows.map((row) => ({ ...row }))).toEqual([
      { source: 'House list', passed: 1 },
      { source: 'Isocenter', passed: 1 },
    ]);
  });

  it('an override has no effect until another person approves it, and tells who did and why', async () => {
    const [rule] = await alerts('simvastatin', 'clarithromycin');
    const params = { rule_id: rule?.rule_id ?? '' };
    await app.call(requestOverride, { params, body: { display: 'passive', reason: 'Shown by the pharmacy instead' } });
    expect((await alerts('simvastatin', 'clarithromycin'))[0]).toMatchObject({ display: 'interruptive' });
    const url = `/api/v1/drug-safety/overrides/${params.rule_id}/approve`;
    expect((await app.inject({ method: 'POST', url })).statusCode).toBe(403);

    const person = await addPerson(app, 'radiologist');
    const other = await signIn(app, person);
    expect((await other.ask('POST', url)).statusCode).toBe(200);
    expect((await alerts('simvastatin', 'clarithromycin'))[0]).toMatchObject({
      display: 'passive',
      override: { reason: 'Shown by the pharmacy instead', approved_by: expect.stringContaining('Person') },
    });
    expect((await other.ask('POST', url)).statusCode).toBe(409);
    // What the hospital decides is not what the tables know: the canary pairs still pass.
    expect((await app.call(checkKnowledge, {})).items[0]).toMatchObject({ state: 'on' });

    await app.call(removeOverride, { params });
    expect((await alerts('simvastatin', 'clarithromycin'))[0]).toMatchObject({ display: 'interruptive' });
    expect(
      (await app.inject({ method: 'PUT', url: '/api/v1/drug-safety/overrides/no-such-rule', payload: { reason: 'none', display: 'off' } }))
        .statusCode,
    ).toBe(404);
  });

  it('a removed source is gone', async () => {
    await app.call(removeKnowledge, { params: { source: 'House list' } });
    expect(await alerts('loratadine', 'montelukast')).toEqual([]);
    expect((await app.inject({ method: 'DELETE', url: '/api/v1/drug-safety/sources/House%20list' })).statusCode).toBe(404);
  });

  it('an expired source is off: the tables of the program too', async () => {
    await app.drain(3 * 366 * 86_400_000);
    const result = await app.call(checkDrugSafety, { body: { medications: ['simvastatin', 'clarithromycin'] } });
    expect(result.alerts).toEqual([]);
    expect(result.knowledge_off).toEqual([{ source: 'Isocenter', version: '2026-11', reason: 'Expired on 2028-11-30' }]);
    expect(result.not_checked.map(({ text }) => text)).toEqual(['Isocenter 2026-11', 'simvastatin', 'clarithromycin']);
  });
});
