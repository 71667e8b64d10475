import { readFileSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openSqlite } from '../../src/server/infra/sqlite.ts';
import { newId } from '../../src/server/platform/ids.ts';
import { secondaryCapture, uid } from '../builders.ts';
import { hasDcmtk, runTool } from '../dicom-node.ts';
import { freePort } from '../orthanc.ts';
import { type Desk, openDesk } from './administrator.ts';
import { hasChromium } from './browser.ts';
import { settledOverhang } from './overhang.ts';

const AXE = readFileSync(fileURLToPath(new URL('../../node_modules/axe-core/axe.min.js', import.meta.url)), 'utf8');
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
    const file = join(folder, 'object.dcm');
    await writeFile(
      file,
      secondaryCapture({
        study: uid(870),
        series: uid(870, 1),
        instance: uid(870, 2),
        patientId: 'OPS-1',
        patientName: 'Sent^By Scanner',
        modality: 'CT',
      }),
    );
    const send = (title: string) => runTool('storescu', ['-aet', title, '-aec', 'ISOCENTER', '127.0.0.1', String(port), file], folder);
    expect((await send('NOBODY')).code).not.toBe(0);
    expect(await send('CT_SCANNER')).toMatchObject({ code: 0 });
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
          expect(await violations(page), `${path} ${theme} ${language}`).toEqual([]);
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

/** A job that ran out of its tries, as the server would have kept it. */
async function putDeadJob(dataDir: string): Promise<void> {
  const database = openSqlite(join(dataDir, 'isocenter.db'));
  const at = new Date().toISOString();
  const tries = { attempts: 5, interruptions: 0, max_attempts: 5, priority: 0, worker: 'gone', lease_until: null };
  const times = { run_at: at, started_at: at, finished_at: at, created_at: at };
  const what = { name: 'measure-storage', key: null, tenant_id: 'default', payload: JSON.stringify({ tenant_id: 'default' }) };
  await database.system
    .insertInto('job')
    .values({ id: newId(new Date()), ...what, ...tries, ...times, outcome: 'dead', last_error: 'the folder was gone' })
    .execute();
  await database.close();
}

/** What axe finds against WCAG 2.2 A and AA, as rule and element. */
async function violations(page: Page): Promise<string[]> {
  await page.evaluate(AXE);
  return await page.evaluate(async () => {
    const { axe } = globalThis as unknown as { axe: { run(options: object): Promise<{ violations: Violation[] }> } };
    type Violation = { id: string; nodes: { target: string[] }[] };
    const found = await axe.run({ runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa'] });
    return found.violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ target }) => target.join(' ')).join(', ')}`);
  });
}
