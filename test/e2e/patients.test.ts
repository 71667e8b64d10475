import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Desk, openDesk } from './administrator.ts';
import { hasChromium } from './browser.ts';

/** A FHIR R4 bundle of an invented patient with an allergy and two medications that do not go together. */
const BUNDLE = {
  resourceType: 'Bundle',
  type: 'collection',
  entry: [
    {
      fullUrl: 'urn:uuid:1f7f6f6c-0000-4000-8000-000000000001',
      resource: {
        resourceType: 'Patient',
        id: 'p1',
        identifier: [{ type: { coding: [{ system: 'http://terminology.hl7.org/CodeSystem/v2-0203', code: 'MR' }] }, value: 'E2E-7' }],
        name: [{ family: 'Ødegård', given: ['Åse'] }],
        gender: 'female',
        birthDate: '1950-02-03',
      },
    },
    ...['Warfarin 5 MG Oral Tablet', 'Ibuprofen 400 MG Oral Tablet'].map((text, index) => ({
      fullUrl: `urn:uuid:1f7f6f6c-0000-4000-8000-00000000001${index}`,
      resource: {
        resourceType: 'MedicationRequest',
        id: `m${index}`,
        status: 'active',
        intent: 'order',
        subject: { reference: 'Patient/p1' },
        medicationCodeableConcept: { text },
        authoredOn: '2026-01-05',
      },
    })),
  ],
};

describe.skipIf(!hasChromium)('patients and diagnoses in a browser (needs chromium)', { timeout: 180_000 }, () => {
  let desk: Desk;
  let page: Desk['page'];

  beforeAll(async () => {
    desk = await openDesk();
    page = desk.page;
  });
  afterAll(() => desk?.close());

  it('a patient is made by hand, and found by part of the name without its marks', async () => {
    await page.getByRole('link', { name: 'Patients' }).click();
    await page.getByText('No patients yet').waitFor();
    await page.getByRole('button', { name: 'New patient' }).click();
    const dialog = page.getByRole('dialog');
    await dialog.getByLabel('Number').fill('E2E-1');
    await dialog.getByLabel('Family name').fill('García');
    await dialog.getByLabel('Given name').fill('Zoë');
    await dialog.getByLabel('Born').fill('1990-05-06');
    await dialog.getByLabel('Sex').selectOption('Female');
    await dialog.getByRole('button', { name: 'Save' }).click();
    await page.getByRole('heading', { name: /García/ }).waitFor();
    await page.getByRole('link', { name: 'Patients' }).click();
    await page.getByLabel('Search patients').fill('garc zo');
    await page.getByRole('row').filter({ hasText: 'E2E-1' }).waitFor();
    await page.getByLabel('Search patients').fill('nobody');
    await page.getByText('Nobody matches this search').waitFor();
  });

  it('a FHIR bundle becomes a record, with everything under its kind', async () => {
    const file = { name: 'patient.json', mimeType: 'application/json', buffer: Buffer.from(JSON.stringify(BUNDLE)) };
    await page.getByLabel('Import FHIR').last().setInputFiles(file);
    await page.getByRole('heading', { name: /Ødegård/ }).waitFor();
    await page.getByText('Warfarin 5 MG Oral Tablet').waitFor();
  });

  it('a diagnosis runs to its end before the eyes: what could not be evaluated is said, and alerts have their sources', async () => {
    await page.getByRole('button', { name: 'New diagnosis' }).click();
    const dialog = page.getByRole('dialog');
    await dialog.getByLabel('Symptoms').fill('Cough\nFever');
    await dialog.getByLabel('Priority').selectOption('Urgent');
    await dialog.getByRole('button', { name: 'Start' }).click();
    await page.getByText('Completed', { exact: true }).waitFor({ timeout: 120_000 });
    const images = page.getByRole('listitem').filter({ has: page.getByRole('heading', { name: 'Images' }) });
    await images.getByText('Not evaluable').waitFor();
    const results = page.getByRole('region', { name: 'Results' });
    await results.getByText('Not signed by anybody').or(results.getByText('Incomplete')).first().waitFor();
    await results
      .getByText(/warfarin/i)
      .first()
      .waitFor();
    await results.getByText('No leading diagnosis').waitFor();
  });

  it('raised no error on the console and asked no other host', () => {
    expect(desk.trouble).toEqual([]);
  });
});
