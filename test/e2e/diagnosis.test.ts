import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { buildPhantom } from '../../src/imaging/phantom.ts';
import { phantomDicom } from '../../src/imaging/phantom-dicom.ts';
import { secondaryCapture } from '../builders.ts';
import { type ServerProcess, startServerOn } from '../server.ts';
import { ADMINISTRATOR, type Desk, openDesk } from './administrator.ts';
import { violationsOf } from './axe.ts';
import { hasChromium } from './browser.ts';

/** Coarse, so that the models are done soon; the nodules in it are large enough to be found all the same. */
const PHANTOM = phantomDicom(buildPhantom({ seed: 3, spacingMm: [3, 1.5, 1.5] }));
const SETTLED = { timeout: 240_000 };

describe.skipIf(!hasChromium)('a diagnosis in a browser (needs chromium)', { timeout: 300_000 }, () => {
  let desk: Desk;
  let page: Desk['page'];
  let restarted: ServerProcess | undefined;

  beforeAll(async () => {
    desk = await openDesk();
    page = desk.page;
    const form = new FormData();
    for (const { name, part10 } of PHANTOM) form.append('file', new Blob([new Uint8Array(part10)]), name);
    const cookies = (await desk.context.cookies()).map(({ name, value }) => `${name}=${value}`).join('; ');
    const stored = await fetch(`${desk.server.url}/api/v1/studies`, {
      method: 'POST',
      body: form,
      headers: { cookie: cookies, origin: desk.server.url },
    });
    expect(stored.status).toBe(200);
  }, 180_000);
  afterAll(async () => {
    await restarted?.stop();
    await desk?.close();
  });

  const next = () => page.getByRole('button', { name: 'Next' }).click();

  it('is put together step by step: patient, images, complaints, preferences', async () => {
    await page.getByRole('link', { name: 'Diagnoses' }).click();
    await page.getByText('No diagnoses yet').waitFor();
    await page.getByRole('link', { name: 'New diagnosis' }).click();
    await page.getByLabel('Search patients').fill('phantom');
    await page.getByRole('button', { name: /PHANTOM/i }).click();
    await page.getByText('Without images the imaging agent will answer').waitFor();
    await page.getByRole('checkbox', { name: /CT/ }).check();
    expect(await violationsOf(page)).toEqual([]);
    await next();
    await page.getByLabel('Symptoms').fill('Cough\nFever');
    await page.getByLabel('Temperature', { exact: true }).fill('98.6');
    await page.getByText('No patient has this: 13 to 47 °C').waitFor();
    await expect.poll(() => page.getByRole('button', { name: 'Next' }).isDisabled()).toBe(true);
    await page.getByLabel('Unit of Temperature').selectOption('°F');
    await page.getByLabel('Systolic pressure', { exact: true }).fill('100');
    await page.getByLabel('Diastolic pressure', { exact: true }).fill('110');
    await page.getByText('Has to be below the systolic pressure').waitFor();
    await page.getByLabel('Diastolic pressure', { exact: true }).fill('60');
    await page.getByLabel('Oxygen saturation', { exact: true }).fill('88');
    expect(await violationsOf(page)).toEqual([]);
    await next();
    await page.getByLabel('Priority').selectOption('Urgent');
    await page.getByRole('radio', { name: /Everything/ }).check();
    expect(await violationsOf(page)).toEqual([]);
  });

  it('keeps what was chosen while one looks elsewhere', async () => {
    await page.getByRole('link', { name: 'Models' }).click();
    await page.getByRole('heading', { name: 'Models' }).waitFor();
    await page.goBack();
    await page.getByRole('radio', { name: /Everything/, checked: true }).waitFor();
  });

  it('survives a reload: the server keeps it for its author, and the device holds nothing of it', async () => {
    const kept = page.waitForResponse((answer) => answer.url().includes('/diagnosis/drafts/') && answer.request().method() === 'PUT');
    await page.getByLabel('Priority').selectOption('Emergency');
    expect((await kept).status()).toBe(200);
    await page.reload();
    await page.getByText(/This is what you had put together/).waitFor();
    expect(await page.getByLabel('Priority').inputValue()).toBe('emergency');
    await page.getByRole('radio', { name: /Everything/, checked: true }).waitFor();
    const stored = await page.evaluate(() => JSON.stringify([{ ...localStorage }, { ...sessionStorage }]));
    expect(stored).not.toContain('Cough');
    await page.getByLabel('Priority').selectOption('Urgent');
  });

  it('runs to its end before the eyes, through a server that dies and comes back, and every result names its source', async () => {
    await page.getByRole('button', { name: 'Start', exact: true }).click();
    await page.getByRole('progressbar', { name: 'The agents are working' }).waitFor();
    await page.getByRole('status').getByText('Live', { exact: true }).waitFor();
    await desk.server.kill();
    await page.getByRole('status').getByText('Reconnecting').waitFor();
    const { port } = new URL(desk.server.url);
    restarted = await startServerOn({ dataDir: desk.server.dataDir, env: { ISOCENTER_PORT: port } });
    await page.getByRole('status').getByText('Live', { exact: true }).waitFor(SETTLED);
    await page.getByText('Completed', { exact: true }).first().waitFor(SETTLED);
    const results = page.getByRole('region', { name: 'Results', exact: true });
    await results.getByText('Severity: High').waitFor();
    const reasons = results.getByRole('region', { name: 'What the severity rests on' });
    await reasons.getByText('Oxygen saturation below 90 %').waitFor();
    await reasons.getByText(/hypoxemia · World Health Organization/).waitFor();
    await results
      .getByText(/ct-lung/)
      .first()
      .waitFor();
    await page.getByRole('link', { name: 'Write report' }).first().waitFor();
    expect(await violationsOf(page)).toEqual([]);
  });

  it('leads from what was concluded to its image, and is changed where it was asked wrongly', async () => {
    await page
      .getByRole('link', { name: /^Show the image/ })
      .first()
      .click();
    await page.getByRole('list', { name: 'Findings' }).getByRole('button', { expanded: true }).waitFor();
    await page.goBack();
    await page.getByRole('button', { name: 'Change', exact: true }).click();
    const dialog = page.getByRole('dialog');
    await dialog.getByLabel('Priority').waitFor();
    expect(await dialog.getByRole('button', { name: 'Save' }).isDisabled()).toBe(true);
    await dialog.getByLabel('Priority').selectOption('Emergency');
    expect(await violationsOf(page)).toEqual([]);
    await dialog.getByRole('button', { name: 'Save' }).click();
    await page.getByText('The diagnosis was changed').waitFor();
    await page.getByText('Emergency', { exact: true }).first().waitFor();
  });

  it('shows what each agent says for itself, and what happened when', async () => {
    await page.getByRole('tab', { name: 'Agents' }).click();
    await page.getByRole('heading', { name: 'Models that ran' }).waitFor();
    expect(await violationsOf(page)).toEqual([]);
    await page.getByRole('tab', { name: 'Timeline' }).click();
    await page.getByText('Asked for').waitFor();
    await page.getByText('Agent ended').first().waitFor();
  });

  it('takes comments: a colleague who is named is told, a name that nobody has is not', async () => {
    await page.getByRole('tab', { name: 'Comments' }).click();
    await page.getByLabel('New comment').fill(`See the left base, @${ADMINISTRATOR.username} and @nobody`);
    await page.getByRole('button', { name: 'Comment', exact: true }).click();
    await page.getByText('Nobody here is called nobody').waitFor();
    await page.locator('strong', { hasText: `@${ADMINISTRATOR.username}` }).waitFor();
  });

  it('is exported, and shared by a link that shows the results alone until it is ended', async () => {
    await page.getByRole('button', { name: 'Export' }).click();
    const [download] = await Promise.all([
      page.waitForEvent('download'),
      page.getByRole('menuitem', { name: 'JSON, with everything' }).click(),
    ]);
    const exported = JSON.parse(readFileSync(await download.path(), 'utf8'));
    expect(exported.comments).toHaveLength(1);
    await page.getByRole('button', { name: 'Share' }).click();
    const dialog = page.getByRole('dialog');
    await dialog.getByLabel('Password').fill('told on the phone');
    await dialog.getByLabel('Note').fill('Practice');
    await dialog.getByRole('button', { name: 'Make link' }).click();
    const link = (await dialog.getByTitle('Link', { exact: true }).textContent()) ?? '';
    const visitor = await desk.browser.newContext({ locale: 'en-GB' });
    const seen = await visitor.newPage();
    await seen.goto(link);
    await seen.getByLabel('Password').fill('told on the phone');
    await seen.getByRole('button', { name: 'Open' }).click();
    await seen.getByRole('heading', { name: 'Results of a diagnosis' }).waitFor();
    await seen.getByText('Oxygen saturation below 90 %').waitFor();
    expect(await seen.getByText(/phantom/i).count()).toBe(0);
    expect(await violationsOf(seen)).toEqual([]);
    await dialog.getByRole('button', { name: 'End', exact: true }).click();
    await dialog.getByText('Ended').waitFor();
    await seen.reload();
    await seen.getByRole('heading', { name: 'Results of a diagnosis' }).waitFor({ state: 'detached' });
    await visitor.close();
    await page.keyboard.press('Escape');
  });

  it('refuses images of another patient and goes on with the others, and can be cancelled', async () => {
    await page.getByRole('link', { name: 'Diagnoses' }).click();
    await page.getByRole('row').filter({ hasText: 'Cough, Fever' }).waitFor();
    await page.getByRole('link', { name: 'New diagnosis' }).click();
    await page.getByRole('button', { name: 'New patient' }).click();
    const dialog = page.getByRole('dialog');
    await dialog.getByLabel('Number').fill('W-1');
    await dialog.getByLabel('Family name').fill('Wizard');
    await dialog.getByRole('button', { name: 'Save' }).click();
    const foreign = secondaryCapture({ patientId: 'SOMEBODY-ELSE', patientName: 'Else^Somebody' });
    await page
      .getByLabel('Choose files')
      .setInputFiles([{ name: 'foreign.dcm', mimeType: 'application/dicom', buffer: Buffer.from(foreign) }]);
    await page.getByText('foreign.dcm').waitFor();
    for (let step = 0; step < 2; step += 1) await next();
    await page.getByRole('button', { name: 'Start', exact: true }).click();
    await page.getByText('One file was not taken').waitFor(SETTLED);
    await page.getByRole('button', { name: 'Go on to the diagnosis' }).click();
    await page.getByRole('heading', { name: /^Diagnosis/ }).waitFor();
    const images = page.getByRole('listitem').filter({ has: page.getByRole('heading', { name: 'Images' }) });
    await images.getByText('Not evaluable').waitFor(SETTLED);
  });

  it('is found in the list by its state, on a phone as well', async () => {
    await page.getByRole('link', { name: 'Diagnoses' }).click();
    await page.getByLabel('State').selectOption('Cancelled');
    await page.getByText('Nothing matches these filters').waitFor();
    await page.getByLabel('State').selectOption('Completed');
    await page.getByRole('row').filter({ hasText: 'Cough, Fever' }).waitFor();
    await page.setViewportSize({ width: 390, height: 844 });
    await page.getByRole('row').filter({ hasText: 'Cough, Fever' }).waitFor();
    expect(await violationsOf(page)).toEqual([]);
  });

  it('raised no error on the console but for the refused file and the server that was away, and asked no other host', () => {
    expect(desk.trouble.filter((line) => !/status of 4\d\d|ERR_(CONNECTION|EMPTY|INCOMPLETE)|WebSocket/.test(line))).toEqual([]);
  });
});
