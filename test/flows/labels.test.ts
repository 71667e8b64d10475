import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { addStudyLabel, listChanges, listStudyLabels, removeStudyLabel } from '../../src/contract/labels.ts';
import { listStudies } from '../../src/contract/studies.ts';
import { openTestApp, type TestApp } from '../app.ts';
import { secondaryCapture } from '../builders.ts';

describe('labels and changes of studies', () => {
  let app: TestApp;
  let study_instance_uid = '';
  beforeAll(async () => {
    app = await openTestApp();
    await app.upload('/api/v1/studies', [{ name: 'a.dcm', bytes: secondaryCapture() }]);
    study_instance_uid = (await app.call(listStudies, { query: {} })).items[0]?.study_instance_uid ?? '';
  });
  afterAll(() => app.close());

  it('puts a label on once, takes it off, and tells of each change once', async () => {
    const before = await app.call(listChanges, { query: {} });
    const params = { study_instance_uid, label: 'second look' };
    expect((await app.call(addStudyLabel, { params })).labels).toEqual(['second look']);
    expect((await app.call(addStudyLabel, { params })).labels).toEqual(['second look']);
    expect((await app.call(listStudyLabels, { params: { study_instance_uid } })).labels).toEqual(['second look']);
    expect((await app.call(removeStudyLabel, { params })).labels).toEqual([]);
    const after = await app.call(listChanges, { query: { since: before.last } });
    expect(after.items.map(({ type }) => type)).toEqual(['study_labeled', 'study_labeled']);
    expect(after.done).toBe(true);
  });

  it('gives changes in pages without a gap or a repetition', async () => {
    const all = await app.call(listChanges, { query: { limit: 1000 } });
    const paged: number[] = [];
    for (let since = 0; ; ) {
      const page = await app.call(listChanges, { query: { since, limit: 2 } });
      paged.push(...page.items.map(({ seq }) => seq));
      since = page.last;
      if (page.done) break;
    }
    expect(paged).toEqual(all.items.map(({ seq }) => seq));
    expect(paged.length).toBeGreaterThan(2);
  });

  it('does not let anybody open a study to researchers by hand', async () => {
    const url = `/api/v1/studies/${study_instance_uid}/labels/deidentified`;
    expect((await app.inject({ method: 'PUT', url })).statusCode).toBe(403);
    expect((await app.inject({ method: 'DELETE', url })).statusCode).toBe(403);
    expect((await app.inject({ method: 'PUT', url: `/api/v1/studies/1.2.404/labels/urgent` })).statusCode).toBe(404);
  });
});
