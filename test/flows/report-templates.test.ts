import { afterAll, beforeAll, expect, it } from 'vitest';
import { addReportTemplate, changeReportTemplate, listReportTemplates, retireReportTemplate } from '../../src/contract/report-templates.ts';
import { openTestApp, type TestApp } from '../app.ts';

let app: TestApp;
beforeAll(async () => {
  app = await openTestApp();
});
afterAll(() => app.close());

it('a template is one’s own or everybody’s, and a retired one is offered no longer until it is brought back', async () => {
  const query = { locale: 'de' as const };
  const sections = { clinical_information: '', technique: '', comparison: '', findings: 'Befund.', impression: '', recommendation: '' };
  const body = { locale: 'de' as const, name: 'Eigene', modality: null, body_part: null, sections };
  const own = await app.call(addReportTemplate, { body: { ...body, reach: 'own' } });
  const shared = await app.call(addReportTemplate, { body: { ...body, name: 'Aller' } });
  expect([own.reach, shared.reach]).toEqual(['own', 'tenant']);
  const kept = await app.call(changeReportTemplate, { params: { id: own.id }, body: { ...body, name: 'Noch eigene' } });
  expect(kept.reach).toBe('own');

  const retired = await app.call(retireReportTemplate, { params: { id: shared.id }, body: { retired: true } });
  expect(retired.retired_at).not.toBeNull();
  const offered = async (more: { retired?: boolean } = {}) =>
    (await app.call(listReportTemplates, { query: { ...query, ...more } })).items
      .filter(({ is_starter }) => !is_starter)
      .map(({ id }) => id);
  expect(await offered()).toEqual([own.id]);
  expect((await offered({ retired: true })).toSorted()).toEqual([own.id, shared.id].toSorted());
  await app.call(retireReportTemplate, { params: { id: shared.id }, body: { retired: false } });
  expect(await offered()).toContain(shared.id);

  // Somebody else's own is not there.
  await app.deps.db.updateTable('report_template').set({ owner: 'somebody-else' }).where('id', '=', own.id).execute();
  expect(await offered({ retired: true })).toEqual([shared.id]);
  const foreign = await app.inject({ method: 'PUT', url: `/api/v1/report-templates/${own.id}`, payload: body });
  expect(foreign.statusCode).toBe(404);
});
