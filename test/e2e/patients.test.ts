import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Desk, openDesk } from './administrator.ts';
import { violationsOf } from './axe.ts';
import { hasChromium } from './browser.ts';

const SUBJECT = { reference: 'Patient/p1' };
const LOINC = 'http://loinc.org';
/** A FHIR R4 bundle of an invented patient with medications that do not go together, and creatinine that rises. */
const BUNDLE = {
  resourceType: 'Bundle',
  type: 'collection',
  entry: [
    {
      resourceType: 'Patient',
      id: 'p1',
      identifier: [{ type: { coding: [{ system: 'http://terminology.hl7.org/CodeSystem/v2-0203', code: 'MR' }] }, value: 'E2E-7' }],
      name: [{ family: 'Ødegård', given: ['Åse'] }],
      gender: 'female',
      birthDate: '1950-02-03',
    },
    ...['Warfarin 5 MG Oral Tablet', 'Ibuprofen 400 MG Oral Tablet'].map((text, index) => ({
      resourceType: 'MedicationRequest',
      id: `m${index}`,
      status: 'active',
      intent: 'order',
      subject: SUBJECT,
      medicationCodeableConcept: { text },
      authoredOn: '2026-01-05',
    })),
    ...['2025-01-10', '2025-09-10', '2026-10-10'].map((effectiveDateTime, index) => ({
      resourceType: 'Observation',
      id: `o${index}`,
      status: 'final',
      subject: SUBJECT,
      code: { coding: [{ system: LOINC, code: '2160-0' }], text: 'Creatinine' },
      effectiveDateTime,
      valueQuantity: { value: 0.9 + 0.4 * index, unit: 'mg/dL', system: 'http://unitsofmeasure.org', code: 'mg/dL' },
    })),
  ].map((resource, index) => ({ fullUrl: `urn:uuid:1f7f6f6c-0000-4000-8000-00000000000${index}`, resource })),
};

describe.skipIf(!hasChromium)('patients in a browser (needs chromium)', { timeout: 180_000 }, () => {
  let desk: Desk;
  let page: Desk['page'];

  beforeAll(async () => {
    desk = await openDesk();
    page = desk.page;
  });
  afterAll(() => desk?.close());

  /** What a colleague does meanwhile, or what is needed before. */
  const ask = async (method: 'GET' | 'POST' | 'PUT', path: string, data?: object, headers: Record<string, string> = {}) => {
    const answer = await desk.context.request.fetch(`${desk.server.url}/api/v1${path}`, {
      method,
      ...(data ? { data } : {}),
      headers: { origin: desk.server.url, ...headers },
    });
    return { body: await answer.json(), etag: answer.headers()['etag'] ?? '' };
  };
  const keyOf = () => new URL(page.url()).pathname.split('/').at(-1) ?? '';
  const tab = (name: string) => page.getByRole('tab', { name }).click();

  it('one is made by hand, and found by part of the name without its marks, and by filters', async () => {
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
    const row = page.getByRole('row').filter({ hasText: 'E2E-1' });
    await row.waitFor();
    await page.getByRole('button', { name: 'Filters' }).click();
    await page.getByLabel('Born from').fill('1991-01-01');
    await page.getByText('Nobody matches this search').waitFor();
    await page.getByRole('button', { name: 'Clear filters' }).click();
    await row.waitFor();
    await page.getByRole('button', { name: 'Columns' }).click();
    await page.getByRole('menuitemcheckbox', { name: 'Age' }).click();
    await page.getByRole('columnheader', { name: 'Age' }).waitFor({ state: 'detached' });
    await page.getByRole('button', { name: 'Born', exact: true }).click();
    await page.locator('th[aria-sort=ascending]', { hasText: 'Born' }).waitFor();
  });

  it('a FHIR bundle becomes a record: alerts of the drugs, a course of what was measured, scores with where inputs came from', async () => {
    const file = { name: 'patient.json', mimeType: 'application/json', buffer: Buffer.from(JSON.stringify(BUNDLE)) };
    await page.getByLabel('Import FHIR').last().setInputFiles(file);
    await page.getByRole('heading', { name: /Ødegård/ }).waitFor();
    await tab('Medications');
    const alert = page.getByRole('listitem').filter({ has: page.getByRole('heading', { name: /ibuprofen/ }) });
    await alert.filter({ hasText: 'warfarin' }).first().getByText('Major').waitFor();
    await page.getByLabel('Planned contrast').selectOption('Iodinated');
    await page.getByLabel('Rules for contrast').selectOption('ESUR');
    await page
      .getByRole('heading', { name: /iodinated contrast/ })
      .first()
      .waitFor();
    await tab('Record');
    await page.getByRole('img', { name: 'Creatinine: from 0.9 to 1.7 mg/dL' }).waitFor();
    await tab('Scores');
    const score = page.getByRole('region', { name: 'Estimated GFR, CKD-EPI 2021 (creatinine)' });
    await score.getByText('1.7 mg/dL').waitFor();
    await score.getByText(/2026-10-10, \d+ days ago/).waitFor();
  });

  it('the timeline is a picture that keys move, and a table that says the same', async () => {
    await tab('Timeline');
    const picture = page.getByLabel('Timeline as a picture');
    const summary = () => picture.getByRole('img').first().getAttribute('aria-label');
    await picture.waitFor();
    const whole = await summary();
    await picture.focus();
    for (let press = 0; press < 4; press += 1) await page.keyboard.press('+');
    await page.keyboard.press('ArrowRight');
    await expect.poll(summary).not.toBe(whole);
    await page.keyboard.press('Home');
    await expect.poll(summary).toBe(whole);
    await page.getByRole('button', { name: 'As a table' }).click();
    await page.getByRole('row').filter({ hasText: 'Warfarin' }).first().waitFor();
    expect(await violationsOf(page)).toEqual([]);
  });

  it('facts are added, set to past and removed, with a way back', async () => {
    await tab('Record');
    await page.getByRole('button', { name: 'Add Allergies' }).click();
    const dialog = page.getByRole('dialog');
    await dialog.getByLabel('What').fill('Penicillin');
    await dialog.getByLabel('Reaction').fill('Rash');
    await dialog.getByRole('button', { name: 'Save' }).click();
    const allergies = page.getByRole('region', { name: 'Allergies' });
    await allergies.getByText('Rash').waitFor();
    await page.getByRole('button', { name: 'More about Penicillin' }).click();
    await page.getByRole('menuitemcheckbox', { name: 'Past' }).click();
    await allergies.getByText('Past', { exact: true }).waitFor();
    await page.getByRole('button', { name: 'More about Penicillin' }).click();
    await page.getByRole('menuitem', { name: 'Remove' }).click();
    await allergies.getByText('Penicillin').waitFor({ state: 'detached' });
    await page.getByRole('button', { name: 'Undo' }).last().click();
    await allergies.getByText('Penicillin').waitFor();
  });

  it('a document is uploaded, seen and, once its title is typed, removed for good', async () => {
    await tab('Documents');
    await page.getByText('No documents yet').waitFor();
    await page.getByRole('button', { name: 'Upload document' }).click();
    const dialog = page.getByRole('dialog');
    await dialog
      .getByLabel('File')
      .setInputFiles({ name: 'letter.txt', mimeType: 'text/plain', buffer: Buffer.from('Dear colleague, all is well.') });
    await dialog.getByLabel('Category').fill('letter');
    await dialog.getByRole('button', { name: 'Upload', exact: true }).click();
    const link = page.getByRole('link', { name: 'letter' });
    const href = (await link.getAttribute('href')) ?? '';
    expect(await (await desk.context.request.get(`${desk.server.url}${href}`)).text()).toBe('Dear colleague, all is well.');
    await page.getByRole('button', { name: 'Remove letter' }).click();
    const confirm = page.getByRole('dialog');
    await expect.poll(() => confirm.getByRole('button', { name: 'Remove' }).isDisabled()).toBe(true);
    await confirm.getByRole('textbox').fill('letter');
    await confirm.getByRole('button', { name: 'Remove' }).click();
    await page.getByText('No documents yet').waitFor();
  });

  it('who saves second is shown what the other has changed, and decides field by field', async () => {
    const key = keyOf();
    await page.getByRole('button', { name: 'Edit' }).click();
    const dialog = page.getByRole('dialog');
    await dialog.getByLabel('Phone', { exact: true }).fill('555-0101');
    await dialog.getByLabel('Risk').selectOption('High');
    const { etag } = await ask('GET', `/patients/${key}`);
    await ask('PUT', `/patients/${key}`, { risk_level: 'low', status: 'inactive' }, { 'if-match': etag });
    await dialog.getByRole('button', { name: 'Save' }).click();
    await dialog.getByRole('heading', { name: 'Somebody else has changed this record' }).waitFor();
    const risk = dialog.getByRole('row').filter({ hasText: 'Risk' });
    await risk.getByLabel('low').check();
    await dialog.getByRole('button', { name: 'Save what I chose' }).click();
    await dialog.waitFor({ state: 'detached' });
    const { body } = await ask('GET', `/patients/${key}`);
    expect([body.risk_level, body.status, body.contact_info.phone]).toEqual(['low', 'inactive', '555-0101']);
  });

  it('a patient goes to the recycle bin, and comes back with one press', async () => {
    await page.getByRole('button', { name: 'More', exact: true }).click();
    await page.getByRole('menuitem', { name: 'Delete' }).click();
    await page.getByText('The patient is in the recycle bin').waitFor();
    await page.getByRole('button', { name: 'Undo' }).last().click();
    await page.getByRole('heading', { name: /Ødegård/ }).waitFor();
  });

  it('records of one person are laid side by side, merged, and taken apart again', async () => {
    for (const patient_id of ['D-1', 'D-2'])
      await ask('POST', '/patients', { patient_id, name: 'Doppel, Anna', date_of_birth: '1970-01-02' });
    await page.getByRole('link', { name: 'Patients' }).click();
    await page.getByRole('link', { name: 'Possible duplicates' }).click();
    await page.getByText('Same name and birth date, other number').waitFor();
    await page.getByLabel('Different').first().waitFor({ state: 'attached' });
    await page.getByRole('button', { name: 'One person: keep this one' }).first().click();
    await page.getByText('Nothing to decide').waitFor();
    await page.getByRole('button', { name: 'Undo' }).last().click();
    await page.getByLabel('Status').selectOption('Two persons');
    await page.getByText('Same name and birth date, other number').waitFor();
    expect(await violationsOf(page)).toEqual([]);
  });

  it('raised no error on the console but for the refused change, and asked no other host', () => {
    expect(desk.trouble.filter((line) => !line.includes('412'))).toEqual([]);
  });
});
