import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { listFindingDecisions, listFindings, reviewFinding } from '../../src/contract/findings.ts';
import { draftReport } from '../../src/contract/reports.ts';
import { openTestApp, READER, type TestApp } from '../app.ts';
import { ctWithNodule } from '../nodule-study.ts';

let app: TestApp;
beforeAll(async () => {
  app = await openTestApp();
});
afterAll(() => app.close());

/** A study with one finding, a nodule of the right lung. */
async function nodule(number: number) {
  const params = { study_instance_uid: await ctWithNodule(app, { number, patient: `CHANGE-${number}` }) };
  const [finding] = (await app.call(listFindings, { params })).items;
  if (!finding) throw new Error('The study has no finding');
  return { params, finding };
}
const review = (id: string, payload: object) => app.inject({ method: 'POST', url: `/api/v1/findings/${id}/review`, payload });

describe('a change of what a model found', () => {
  it('corrects a measured size and the side: the report is worded from them, and what the model said is kept', async () => {
    const { params, finding } = await nodule(80);
    const changed = await app.call(reviewFinding, {
      params: { id: finding.id },
      body: { decision: 'edit', corrections: { diameter_mm: 11.5, side: 'left' } },
    });
    expect(changed).toMatchObject({ status: 'edited', text: null, reviewed_by: READER, evidence: { diameter_mm: 11.5, side: 'left' } });
    expect(changed.proposed).toEqual({ title: finding.title, evidence: finding.evidence });
    const { sections, statements } = await app.call(draftReport, { params, body: { locale: 'en' } });
    expect(sections.findings).toMatch(/left lung/);
    expect(sections.findings).toMatch(/1[12](\.5)?\smm/);
    expect(statements.some(({ finding_id }) => finding_id === finding.id)).toBe(true);
  });

  it('calls it something else, and an acceptance afterwards goes back to the words of the model', async () => {
    const { params, finding } = await nodule(81);
    const renamed = await app.call(reviewFinding, {
      params: { id: finding.id },
      body: { decision: 'edit', title: 'Granuloma, calcified' },
    });
    expect(renamed.title).toBe('Granuloma, calcified');
    expect((await app.call(draftReport, { params, body: {} })).sections.findings).toContain('Granuloma, calcified');
    const accepted = await app.call(reviewFinding, { params: { id: finding.id }, body: { decision: 'accept' } });
    expect(accepted).toMatchObject({ title: finding.title, evidence: finding.evidence, proposed: null, status: 'accepted' });
  });

  it('is told decision by decision, with who made it and what it set', async () => {
    const { finding } = await nodule(82);
    await review(finding.id, { decision: 'edit', corrections: { diameter_mm: 9 } });
    await review(finding.id, { decision: 'edit', title: 'Scar', text: 'A scar of 8 mm.' });
    await review(finding.id, { decision: 'reject', reason: 'Vessel' });
    const { items } = await app.call(listFindingDecisions, { params: { id: finding.id } });
    expect(
      items.map(({ decision, title, text, reason, corrections, decided_by }) => ({
        decision,
        title,
        text,
        reason,
        corrections,
        decided_by,
      })),
    ).toEqual([
      { decision: 'edit', title: finding.title, text: null, reason: null, corrections: { diameter_mm: 9 }, decided_by: READER },
      { decision: 'edit', title: 'Scar', text: 'A scar of 8 mm.', reason: null, corrections: {}, decided_by: READER },
      { decision: 'reject', title: finding.title, text: null, reason: 'Vessel', corrections: {}, decided_by: READER },
    ]);
    const [now] = (await app.call(listFindings, { params: { study_instance_uid: finding.study_instance_uid } })).items;
    expect(now).toMatchObject({ evidence: finding.evidence, proposed: null, status: 'rejected' });
  });

  it('is refused for what the finding does not rest on, for values that cannot be, and for nothing at all', async () => {
    const { finding } = await nodule(83);
    expect((await review(finding.id, { decision: 'edit', corrections: { laa950_percent: 4 } })).statusCode).toBe(400);
    expect((await review(finding.id, { decision: 'edit', corrections: { diameter_mm: -4 } })).statusCode).toBe(400);
    expect((await review(finding.id, { decision: 'edit', corrections: { probability: 1 } })).statusCode).toBe(400);
    expect((await review(finding.id, { decision: 'edit', corrections: {} })).statusCode).toBe(400);
    expect((await app.inject({ method: 'GET', url: `/api/v1/findings/${crypto.randomUUID()}/decisions` })).statusCode).toBe(404);
  });
});
