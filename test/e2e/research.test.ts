import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { meshXml, pubmedXml } from '../literature-files.ts';
import { type Desk, openDesk } from './administrator.ts';
import { violationsOf } from './axe.ts';
import { hasChromium } from './browser.ts';

const PUBMED = pubmedXml([
  { pmid: '9001', title: 'Asthma in adults: a systematic review', types: ['Systematic Review'], abstract: 'Of many trials.', year: 2021 },
  { pmid: '9002', title: 'Asthma in adults, later withdrawn', types: ['Randomized Controlled Trial'], retracted: true },
  { pmid: '9003', title: 'Asthma in adults, a preprint', types: ['Preprint'] },
]);
const TRIAL = {
  protocolSection: {
    identificationModule: { nctId: 'NCT00000001', briefTitle: 'Asthma in adults', organization: { fullName: 'Example' } },
    statusModule: { overallStatus: 'RECRUITING', lastUpdatePostDateStruct: { date: '2026-02-03', type: 'ACTUAL' } },
    descriptionModule: { briefSummary: 'A trial.' },
    conditionsModule: { conditions: ['Asthma'] },
    designModule: { studyType: 'INTERVENTIONAL', phases: ['PHASE2'] },
    armsInterventionsModule: { interventions: [{ type: 'DRUG', name: 'Examplumab' }] },
    eligibilityModule: {
      eligibilityCriteria:
        'Inclusion Criteria:\n\n* Diagnosis of asthma\n\nExclusion Criteria:\n\n* Current use of warfarin\n* Lives alone',
      sex: 'ALL',
      minimumAge: '18 Years',
      stdAges: ['ADULT'],
    },
    contactsLocationsModule: { locations: [] },
  },
  hasResults: false,
};

describe.skipIf(!hasChromium)('literature and trials in a browser (needs chromium)', { timeout: 180_000 }, () => {
  let desk: Desk;
  let page: Desk['page'];

  beforeAll(async () => {
    desk = await openDesk();
    page = desk.page;
  });
  afterAll(() => desk?.close());

  it('an administrator brings literature and trials, and is told what became of each file', async () => {
    await page.getByRole('link', { name: 'Research' }).click();
    await page.getByRole('tab', { name: 'Corpus' }).click();
    await page
      .getByLabel('Literature')
      .last()
      .setInputFiles([
        { name: 'pubmed.xml', mimeType: 'application/xml', buffer: Buffer.from(PUBMED) },
        { name: 'mesh.xml', mimeType: 'application/xml', buffer: Buffer.from(meshXml({ Asthma: ['Asthma', 'Bronchial Asthma'] })) },
      ]);
    await page.getByText('New 3, updated 0, removed 0, skipped 0').waitFor();
    await page
      .getByLabel('Clinical trials')
      .last()
      .setInputFiles({ name: 'trials.json', mimeType: 'application/json', buffer: Buffer.from(JSON.stringify({ studies: [TRIAL] })) });
    await page.getByText('New 1, updated 0, removed 0, skipped 0').waitFor();
    expect(await violationsOf(page)).toEqual([]);
  });

  it('a question is answered with the design of each work; what was retracted is named and not among them', async () => {
    await page.getByRole('tab', { name: 'Literature' }).click();
    await page.getByRole('searchbox').fill('asthma adults');
    await page.getByRole('button', { name: 'Search', exact: true }).click();
    const review = page.getByRole('listitem').filter({ has: page.getByRole('heading', { name: /a systematic review/ }) });
    await review.getByText('Level 1').waitFor();
    await page.getByRole('alert').getByText('Asthma in adults, later withdrawn', { exact: true }).waitFor();
    await expect.poll(() => page.getByRole('heading', { name: /withdrawn/ }).count()).toBe(0);
    await page.getByText('Preprint, not peer-reviewed').waitFor();
    await page.getByText(/Corpus on this server, up to/).waitFor();
    await page.getByLabel('With preprints').uncheck();
    await page.getByRole('button', { name: 'Search', exact: true }).click();
    await page.getByText('Preprint, not peer-reviewed').waitFor({ state: 'detached' });
    expect(await violationsOf(page)).toEqual([]);
  });

  it('who asks online services is told that words leave the server, and whether anything was sent', async () => {
    await page.getByLabel('Ask online services too').check();
    await page.getByText('The words of the question leave this server').waitFor();
    await page.getByRole('button', { name: 'Search', exact: true }).click();
    await page
      .getByText(/is not configured: nothing was sent/)
      .first()
      .waitFor();
  });

  it('a trial is held against a patient, criterion by criterion, with the fact that was used', async () => {
    await desk.context.request.post(`${desk.server.url}/api/v1/patients`, {
      data: { patient_id: 'R-1', name: 'Research, Rita', date_of_birth: '1980-01-01', gender: 'female' },
      headers: { origin: desk.server.url },
    });
    await page.getByRole('tab', { name: 'Trials' }).click();
    await page.getByLabel('Search patients').fill('research');
    await page
      .getByRole('button', { name: /Research/ })
      .last()
      .click();
    await page.waitForURL((url) => url.searchParams.has('patient'));
    const key = new URL(page.url()).searchParams.get('patient') ?? '';
    for (const entry of [
      { kind: 'condition', text: 'Asthma (disorder)', status: 'active' },
      { kind: 'medication', text: 'Warfarin', status: 'active' },
    ])
      await desk.context.request.post(`${desk.server.url}/api/v1/patients/${key}/record`, {
        data: entry,
        headers: { origin: desk.server.url },
      });
    await page.getByRole('button', { name: 'Search', exact: true }).click();
    const trial = page.getByRole('listitem').filter({ has: page.getByRole('heading', { name: 'Asthma in adults' }) });
    await trial.getByText('Excluded', { exact: true }).waitFor();
    await trial.getByText(/criteria/).click();
    const warfarin = trial.getByRole('listitem').filter({ hasText: 'Current use of warfarin' });
    await warfarin.getByText('Met', { exact: true }).waitFor();
    await warfarin.getByText('Used: Warfarin').waitFor();
    await trial.getByRole('listitem').filter({ hasText: 'Lives alone' }).getByText('Unknown', { exact: true }).waitFor();
    expect(await violationsOf(page)).toEqual([]);
  });

  it('raised no error on the console and asked no other host', () => {
    expect(desk.trouble).toEqual([]);
  });
});
