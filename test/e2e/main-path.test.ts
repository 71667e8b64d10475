import { execFile } from 'node:child_process';
import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import type { Locator, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ADMINISTRATOR, type Desk, openDesk } from './administrator.ts';
import { hasChromium } from './browser.ts';

const CLI = fileURLToPath(new URL('../../src/cli/main.ts', import.meta.url));
/** Storing and analyzing a whole phantom on a busy machine. */
const ANALYSIS_TIMEOUT_MS = 240_000;

describe.skipIf(!hasChromium)('the main path in a browser (needs chromium)', { timeout: ANALYSIS_TIMEOUT_MS + 120_000 }, () => {
  let desk: Desk;
  let page: Desk['page'];
  let folder: string;

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'isocenter-e2e-'));
    desk = await openDesk();
    page = desk.page;
  });
  afterAll(async () => {
    await desk?.close();
    if (folder) await rm(folder, { recursive: true, force: true });
  });

  it('leads from the one-time link over upload, findings, decisions and signature to a PDF', async () => {
    await uploadPhantom(page, folder);
    await page.locator('a[data-row]').first().click();

    const findings = page.getByRole('list', { name: 'Findings' }).getByRole('listitem');
    await findings.first().waitFor({ timeout: ANALYSIS_TIMEOUT_MS });
    await page.getByText('Analyzed', { exact: true }).first().waitFor({ timeout: ANALYSIS_TIMEOUT_MS });
    await expectPicture(page);
    expect(await findings.count()).toBeGreaterThanOrEqual(2);
    await decide(page, findings);

    await writeAndSign(page);
    const link = page.getByRole('link', { name: 'Open PDF' });
    await link.waitFor({ timeout: 60_000 });
    const pdf = await desk.context.request.get(new URL((await link.getAttribute('href')) ?? '', desk.server.url).href);
    expect(pdf.headers()['content-type']).toBe('application/pdf');
    expect((await pdf.body()).subarray(0, 5).toString()).toBe('%PDF-');

    await page.getByRole('tab', { name: /Findings/ }).click();
    await page.getByText('The report is signed').waitFor();
    expect(await page.getByRole('button', { name: 'Accept', exact: true }).count()).toBe(0);
  });

  it('raised no error on the console, broke no Content-Security-Policy and asked no other host', () => {
    expect(desk.trouble).toEqual([]);
  });

  it('leads a visitor without a session to the sign-in, and back to where they wanted after it', async () => {
    const visitor = await desk.browser.newContext();
    const visit = await visitor.newPage();
    await visit.goto(`${desk.server.url}/models`);
    await visit.getByLabel('User name').fill('lhansen');
    await visit.getByLabel('Password').fill('not the password at all');
    await visit.keyboard.press('Enter');
    await visit.getByText('User name or password is wrong').waitFor();
    await visit.getByLabel('Password').fill(ADMINISTRATOR.password);
    await visit.keyboard.press('Enter');
    await visit.getByRole('heading', { name: 'Models' }).waitFor();
    expect(new URL(visit.url()).pathname).toBe('/models');
    await visitor.close();
  });
});

async function uploadPhantom(page: Page, folder: string): Promise<void> {
  await promisify(execFile)(process.execPath, [CLI, 'phantom', folder]);
  const files = (await readdir(folder, { recursive: true })).filter((name) => name.endsWith('.dcm')).map((name) => join(folder, name));
  expect(files.length).toBeGreaterThan(10);
  await page.getByRole('button', { name: 'Add images' }).first().click();
  const dialog = page.getByRole('dialog');
  await dialog.getByLabel('Choose files').last().setInputFiles(files);
  await dialog.getByText(`${files.length} stored, 0 already held, 0 refused`).last().waitFor({ timeout: 120_000 });
  await dialog.getByRole('button', { name: 'Close' }).last().click();
}

/** The frame in the middle is shown with real pixels: drawn by the processor, as this browser has no graphics. */
async function expectPicture(page: Page): Promise<void> {
  await page.locator('[data-cell] [data-shown]').first().waitFor();
  const brightest = await page.evaluate(`(() => {
    const canvas = document.querySelector('[data-cell] canvas');
    return canvas.getContext('2d').getImageData(0, 0, canvas.width, canvas.height).data.reduce((most, value, at) => at % 4 < 3 ? Math.max(most, value) : most, 0);
  })()`);
  expect(Number(brightest)).toBeGreaterThan(100);
}

/** Rejects the second finding with a reason, accepts every other, all by keyboard. */
async function decide(page: Page, findings: Locator): Promise<void> {
  const count = await findings.count();
  await page.keyboard.press('j');
  await page.keyboard.press('a');
  await findings.nth(0).getByText('Accepted', { exact: true }).first().waitFor();

  await page.keyboard.press('r');
  await page.getByLabel('Reason for rejecting').fill('Vessel seen end on');
  await page.keyboard.press('Enter');
  await findings.nth(1).getByText('Rejected', { exact: true }).first().waitFor();
  await findings.nth(1).getByText('Vessel seen end on').waitFor();

  for (let index = 2; index < count; index++) {
    await findings.nth(index).getByRole('button', { name: 'Accept', exact: true }).waitFor();
    await page.keyboard.press('a');
    await findings.nth(index).getByText('Accepted', { exact: true }).first().waitFor();
  }
}

async function writeAndSign(page: Page): Promise<void> {
  await page.getByRole('tab', { name: /Report/ }).click();
  await page.getByRole('button', { name: 'Write draft' }).click();
  await page.getByLabel('Impression').fill('Pulmonary nodules in a synthetic thorax.');
  await page.getByText('Saved', { exact: true }).waitFor();
  await page.getByRole('button', { name: 'Sign', exact: true }).click();
  const dialog = page.getByRole('dialog');
  await dialog.getByLabel('Your password').fill(ADMINISTRATOR.password);
  await dialog.getByRole('checkbox', { name: 'I have seen these warnings and sign all the same' }).check();
  await dialog.getByRole('button', { name: 'Sign report' }).click();
  await page.getByText('Signed and locked').waitFor();
  await page.getByText(ADMINISTRATOR.fullName).last().waitFor();
  expect(await page.getByText(/^[0-9a-f]{64}$/).count()).toBe(1);
  await page.getByText('Pulmonary nodules in a synthetic thorax.').waitFor();
}
