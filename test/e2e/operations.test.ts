import { spawn } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { secondaryCapture, uid } from '../builders.ts';
import { hasDcmtk, runTool } from '../dicom-node.ts';
import { freePort } from '../orthanc.ts';
import { type Desk, openDesk, signInAs } from './administrator.ts';
import { violationsOf } from './axe.ts';
import { hasChromium, watchTrouble } from './browser.ts';
import { putDeadJob } from './dead-job.ts';
import { settledOverhang } from './overhang.ts';

const PASSWORD = 'otters sleep late in june';
const PAGES = ['system', 'analytics', 'jobs', 'storage', 'peers', 'routing', 'orders', 'webhooks'];

describe.skipIf(!hasChromium)('the administration of a running installation (needs chromium)', { timeout: 120_000 }, () => {
  let desk: Desk;
  let page: Page;
  let folder: string;
  let port: number;

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'isocenter-operations-'));
    port = await freePort();
    const env = { ISOCENTER_DATA_DIR: join(folder, 'data'), ISOCENTER_DICOM_PORT: String(port), ISOCENTER_STUDY_QUIET_MS: '1000' };
    // Without motion: a color on its way to another one is no color of a theme.
    desk = await openDesk({ env, context: { reducedMotion: 'reduce' } });
    page = desk.page;
  }, 120_000);
  afterAll(async () => {
    await desk?.close();
    await rm(folder, { recursive: true, force: true });
  });

  /** What is needed before, by the API. */
  const post = async (path: string, data: object) => {
    const answer = await desk.context.request.post(`${desk.server.url}/api/v1/${path}`, { data, headers: { origin: desk.server.url } });
    expect(answer.status()).toBeLessThan(300);
    return answer.json();
  };
  const addPatient = (patient_id: string, name: string) =>
    post('patients', { patient_id, name, date_of_birth: '1980-01-01', gender: 'female' });
  /** Sends one object with dcmtk, as the application of that title. */
  const send = async (title: string, study: number, modality: string) => {
    const file = join(folder, `${study}.dcm`);
    const who = { patientId: 'OPS-1', patientName: 'Sent^By Scanner' };
    await writeFile(file, secondaryCapture({ study: uid(study), series: uid(study, 1), instance: uid(study, 2), modality, ...who }));
    return runTool('storescu', ['-aet', title, '-aec', 'ISOCENTER', '127.0.0.1', String(port), file], folder);
  };
  const approveErasure = async (at: Page): Promise<void> => {
    await at.getByRole('row').getByRole('button', { name: 'Approve' }).click();
    await at.getByRole('dialog', { name: 'Approve this erasure?' }).getByRole('button', { name: 'Approve' }).click();
    await at.getByText('Your approval is recorded').waitFor();
  };

  it('a synthetic study is added in the first steps, and can be opened and removed', async () => {
    await page.goto(`${desk.server.url}/first-steps`);
    await page.getByRole('button', { name: 'Add sample study' }).click();
    await page.getByText('The sample study is there, with 80 images.').waitFor({ timeout: 60_000 });
    await page.getByRole('button', { name: 'Remove it' }).click();
    await page.getByText('The sample study is in the recycle bin').waitFor();
    await page.getByRole('button', { name: 'Undo' }).click();
    await page.getByText('The sample study is there, with 80 images.').waitFor({ timeout: 60_000 });
  });

  it('a modality is connected in the first steps, with the line that tries it', async () => {
    const connect = page.getByRole('region', { name: 'Connect a modality or an archive' });
    await connect.getByText('ISOCENTER', { exact: true }).waitFor();
    await connect.getByText(String(port), { exact: true }).waitFor();
    await connect.getByLabel('AE title').fill('CT_SCANNER');
    await connect.getByLabel('Host').fill('127.0.0.1');
    await connect.getByRole('spinbutton', { name: 'Port' }).fill('1');
    await connect.getByRole('button', { name: 'Connect' }).click();
    await connect.getByText('CT_SCANNER may store, search and retrieve now.').waitFor();
    await connect.getByText(`storescu -aet CT_SCANNER -aec ISOCENTER +sd +r 127.0.0.1 ${port} folder/`).waitFor();
    await connect.getByRole('button', { name: 'Ask for a sign of life' }).click();
    await connect.getByText(/cannot be reached.*Sending to this server works all the same/).waitFor();
  });

  it.skipIf(!hasDcmtk)('what was connected there really stores, and nobody else does (needs dcmtk)', async () => {
    expect((await send('NOBODY', 870, 'CT')).code).not.toBe(0);
    expect(await send('CT_SCANNER', 870, 'CT')).toMatchObject({ code: 0 });
    await page.getByRole('link', { name: 'Go to the studies' }).click();
    await page.getByText('Sent, By Scanner').first().waitFor();
  });

  it('an application is asked for a sign of life, changed, and removed with an undo', async () => {
    await page.goto(`${desk.server.url}/admin/peers`);
    await page.getByRole('button', { name: 'Ask CT_SCANNER for a sign of life' }).click();
    await page.getByText(/cannot be reached/).waitFor();
    await page.getByRole('button', { name: 'Actions for CT_SCANNER' }).click();
    await page.getByRole('menuitem', { name: 'Change' }).click();
    const dialog = page.getByRole('dialog', { name: 'Change CT_SCANNER' });
    await dialog.getByLabel('Port').fill(String(port));
    await dialog.getByRole('button', { name: 'Save' }).click();
    await page.getByText(`127.0.0.1:${port}`, { exact: true }).waitFor();
    await page.getByRole('button', { name: 'Actions for CT_SCANNER' }).click();
    await page.getByRole('menuitem', { name: 'Remove' }).click();
    await page.getByText('No applications yet').waitFor();
    await page.getByRole('button', { name: 'Undo' }).click();
    await page.getByRole('cell', { name: 'CT_SCANNER', exact: true }).waitFor();
  });

  it('the door for applications that nobody listed is opened with a warning, and closed again', async () => {
    const door = page.getByRole('switch', { name: 'Take objects of applications that are not listed' });
    await door.click();
    await page.getByText('Anybody who reaches this port may store.', { exact: false }).waitFor();
    await door.click();
    await page.getByText('Only listed applications may associate now').waitFor();
    await expect.poll(() => door.getAttribute('aria-checked')).toBe('false');
  });

  it('a rule is written, tried on a study before it is kept, and told why it acts', async () => {
    await page.goto(`${desk.server.url}/admin/routing`);
    await page.getByRole('button', { name: 'Add rule' }).first().click();
    const editor = page.getByRole('dialog', { name: 'Add rule' });
    await editor.getByLabel('Name').fill('Scanner to the archive');
    await editor.getByLabel('Modality').fill('CT, MR');
    await editor.getByLabel('Action', { exact: true }).selectOption('Put a label on it');
    await editor.getByRole('textbox', { name: 'Label', exact: true }).fill('sent on');
    await editor.getByRole('button', { name: 'Try this rule' }).click();
    const test = page.getByRole('dialog', { name: 'Try on a study' });
    await test.getByLabel('Search studies').fill('synthetic');
    await test.getByRole('button', { name: /PHANTOM/ }).click();
    await test.getByText('Acts', { exact: true }).waitFor();
    await test.getByText('1 of 2 series fit').waitFor();
    await test.getByText('label \u201csent on\u201d').waitFor();
    await page.keyboard.press('Escape');
    await editor.getByRole('button', { name: 'Save' }).click();
    await page.getByText('Modality: CT, MR').waitFor();
    const active = page.getByRole('switch', { name: 'On' });
    await active.click();
    await page.getByRole('switch', { name: 'Off' }).waitFor();
  });

  it.skipIf(!hasDcmtk)('what a rule sends on arrives at the archive, and the list of what was sent says so (needs dcmtk)', async () => {
    const archive = await freePort();
    const receiver = spawn('storescp', ['-aet', 'ARCHIVE', '-od', folder, String(archive)], { stdio: 'ignore' });
    try {
      await post('peers', { ae_title: 'ARCHIVE', host: '127.0.0.1', port: archive });
      await page.goto(`${desk.server.url}/admin/routing`);
      await page.getByRole('button', { name: 'Add rule' }).first().click();
      const editor = page.getByRole('dialog', { name: 'Add rule' });
      await editor.getByLabel('Name').fill('On to the archive');
      await editor.getByLabel('Modality').fill('CR');
      await editor.getByLabel('To', { exact: true }).selectOption('ARCHIVE');
      await editor.getByRole('button', { name: 'Save' }).click();
      await page.getByText('send to ARCHIVE').waitFor();
      await send('CT_SCANNER', 871, 'CR');
      await page.goto(`${desk.server.url}/admin/peers`);
      await page.getByRole('tab', { name: /Sending/ }).click();
      const row = page.getByRole('row', { name: /ARCHIVE/ });
      await row.getByText('Sent', { exact: true }).waitFor({ timeout: 60_000 });
      await row.getByText('1 / 1').waitFor();
    } finally {
      receiver.kill();
    }
  });

  it('a step is scheduled for modalities, and cancelled with an undo', async () => {
    await page.goto(`${desk.server.url}/admin/orders`);
    await page.getByRole('button', { name: 'Schedule' }).click();
    const form = page.getByRole('dialog', { name: 'Schedule' });
    await form.getByLabel('Family name').fill('Order');
    await form.getByLabel('Given name').fill('Ole');
    await form.getByLabel('Patient ID').fill('O-1');
    await form.getByLabel('Accession number').fill('ACC-77');
    await form.getByRole('button', { name: 'Schedule' }).click();
    await page.getByText('Order, Ole').waitFor();
    await page.getByRole('button', { name: 'Cancel ACC-77' }).click();
    await page.getByText('No orders').waitFor();
    await page.getByRole('button', { name: 'Undo' }).last().click();
    await page.getByText('Order, Ole').waitFor();
  });

  it('a tenant is made, suspended, and taken up again with one click', async () => {
    await page.goto(`${desk.server.url}/admin/tenants`);
    await page.getByRole('button', { name: 'Add tenant' }).click();
    const dialog = page.getByRole('dialog', { name: 'Add tenant' });
    await dialog.getByLabel('Name').fill('North Clinic');
    await dialog.getByLabel('Id').fill('north');
    await dialog.getByLabel('AE title').fill('NORTH');
    await dialog.getByRole('button', { name: 'Add tenant' }).click();
    const link = page.getByRole('dialog', { name: 'Link for the first administrator' });
    expect(new URL((await link.locator('code').textContent()) ?? '').pathname).toBe('/invitation');
    await link.getByRole('button', { name: 'Done' }).click();
    const row = page.getByRole('row', { name: /North Clinic/ });
    await row.getByText('NORTH', { exact: true }).waitFor();
    await row.getByRole('button', { name: 'Actions for North Clinic' }).click();
    await page.getByRole('menuitem', { name: 'Suspend' }).click();
    await row.getByText('Suspended').waitFor();
    await page.getByRole('button', { name: 'Undo' }).click();
    await row.getByText('Active').waitFor();
  });

  it('another key is taken into use, and the former one stays in the list', async () => {
    await page.goto(`${desk.server.url}/admin/encryption`);
    await page.getByRole('row').nth(1).waitFor();
    const before = await page.getByRole('row').count();
    await page.getByRole('button', { name: 'Change key' }).click();
    await page.getByText('A new key is in use').waitFor();
    await expect.poll(() => page.getByRole('row').count()).toBe(before + 1);
    expect(await page.getByRole('row').getByText('In use').count()).toBe(1);
  });

  it('a deleted patient is put back from the recycle bin', async () => {
    const { id } = await addPatient('BIN-1', 'Restored, Rose');
    await desk.context.request.delete(`${desk.server.url}/api/v1/patients/${id}`, { headers: { origin: desk.server.url } });
    await page.goto(`${desk.server.url}/admin/recycle`);
    await page.getByRole('row', { name: /BIN-1/ }).getByText('Patient with all studies').waitFor();
    await page.getByRole('button', { name: 'Actions for Restored, Rose' }).click();
    await page.getByRole('menuitem', { name: 'Restore' }).click();
    await page.getByText('Restored as it was').waitFor();
    await page.getByText('The recycle bin is empty').waitFor();
    await page.goto(`${desk.server.url}/patients/${id}`);
    await page.getByRole('heading', { name: /Restored/ }).waitFor();
  });

  it('a patient is erased once two persons have approved, and not before', async () => {
    await addPatient('GONE-1', 'Erased, Erin');
    await post('users', { username: 'bsecond', full_name: 'Dr. Bo Second', role: 'admin', password: PASSWORD });
    await page.goto(`${desk.server.url}/admin/privacy`);
    await page.getByLabel('Search patient by name or number').fill('erin');
    await page.getByRole('button', { name: /GONE-1/ }).click();
    await page.getByRole('button', { name: 'Ask for erasure' }).click();
    const dialog = page.getByRole('dialog', { name: 'Ask for erasure' });
    await dialog.getByLabel('Reason').fill('asked by letter');
    await dialog.getByLabel(/to confirm/).fill('GONE-1');
    await dialog.getByRole('button', { name: 'Ask for erasure' }).click();
    await approveErasure(page);
    await page
      .getByRole('row', { name: /asked by letter/ })
      .getByText('1 / 2')
      .waitFor();

    const context = await desk.browser.newContext({ viewport: { width: 1440, height: 900 }, locale: 'en-GB' });
    const trouble = watchTrouble(context, desk.server.url);
    const colleague = await context.newPage();
    await colleague.goto(`${desk.server.url}/sign-in?next=/admin/privacy`);
    await signInAs(colleague, 'bsecond', PASSWORD);
    await colleague.getByRole('tab', { name: 'Erasures' }).click();
    await approveErasure(colleague);
    await colleague.getByRole('row').getByText('Done').waitFor();
    await colleague.getByRole('row').getByText('Nobody any more').waitFor();
    expect(trouble).toEqual([]);
    await context.close();
  });

  it('a dead job says why, and begins anew', async () => {
    await putDeadJob(join(folder, 'data'));
    await page.goto(`${desk.server.url}/admin/jobs`);
    await page.getByRole('tab', { name: /Dead/ }).click();
    await page.getByText('the folder was gone').waitFor();
    await page.getByRole('button', { name: 'Try again: Measure storage' }).click();
    await page.getByText('Measure storage begins anew').waitFor();
    await page.getByText('No dead jobs').waitFor();
  });

  it('storage shows what the job counted', async () => {
    await page.goto(`${desk.server.url}/admin/storage`);
    const modalities = page.getByRole('region', { name: 'By modality' });
    await modalities.getByRole('row', { name: /CT.*79 instances|CT.*80 instances/ }).waitFor({ timeout: 30_000 });
  });

  it('the measures of the system move by themselves', async () => {
    await page.goto(`${desk.server.url}/admin/system`);
    await page.getByText('Live', { exact: true }).waitFor();
    const memory = page.getByRole('figure', { name: 'Memory' });
    await memory.locator('canvas').waitFor();
    await expect.poll(() => page.locator('canvas').count()).toBeGreaterThan(3);
    const cpu = page.getByRole('region', { name: 'CPU', exact: true });
    const before = await cpu.textContent();
    await expect.poll(() => cpu.textContent(), { timeout: 40_000, interval: 500 }).not.toBe(before);
  });

  it('every screen is accessible in both themes and in Arabic, and fits a phone', async () => {
    for (const language of ['en', 'ar']) {
      await page.evaluate((value) => localStorage.setItem('isocenter.language', value), language);
      for (const path of ['/first-steps', ...PAGES.map((name) => `/admin/${name}`)]) {
        await page.goto(`${desk.server.url}${path}`);
        await page.getByRole('heading', { level: 1 }).waitFor();
        for (const theme of ['dark', 'light']) {
          await page.locator('html').evaluate((html, value) => html.setAttribute('data-theme', value), theme);
          expect(await violationsOf(page), `${path} ${theme} ${language}`).toEqual([]);
        }
        await page.setViewportSize({ width: 390, height: 844 });
        expect(await settledOverhang(page), path).toBeLessThanOrEqual(0);
        await page.setViewportSize({ width: 1440, height: 900 });
      }
    }
  });

  it('raised no error on the console', () => {
    expect(desk.trouble).toEqual([]);
  });
});
