import { execFile } from 'node:child_process';
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import type { Locator, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { secondaryCapture, uid } from '../builders.ts';
import { zipOf } from '../zip.ts';
import { ADMINISTRATOR, type Desk, openAccountMenu, openDesk } from './administrator.ts';
import { besidesRefusals, hasChromium } from './browser.ts';

const CLI = fileURLToPath(new URL('../../src/cli/main.ts', import.meta.url));
/** Storing and analyzing a whole phantom on a busy machine. */
const ANALYSIS_TIMEOUT_MS = 240_000;
/** The study after the phantom in the list. */
const OTHER_STUDY = uid(900);
/** As the page sends them. */
const PIECES = '**/api/v1/uploads/*';
const PIECE_BYTES = 16 * 1024 * 1024;
const MOST_TABS = 60;

/** What is read here of the list of studies. */
type Studies = { items: { instance_count: number }[] };

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

  it('takes an upload over a broken connection and a page that was left, and holds every instance once', async () => {
    const { archive, count } = await makeArchive(folder);
    const asked = watchPieces(page);
    // The line breaks before the second piece.
    await page.route(PIECES, async (route) => {
      if (asked.length !== 2) return route.continue();
      await desk.context.setOffline(true);
      await route.abort('connectionreset');
    });
    await chooseFiles(page, archive);
    const dialog = page.getByRole('dialog', { name: 'Add images' });
    await dialog.getByText('Connection lost, goes on by itself').waitFor();
    // When it is back, the page is left in the middle of a piece.
    const left = Promise.withResolvers<void>();
    await page.unroute(PIECES);
    await page.route(PIECES, async (route) => {
      // What asks how far it came names no offset.
      if (Number(route.request().headers()['upload-offset'] ?? 0) < 2 * PIECE_BYTES) return route.continue();
      left.resolve();
      await new Promise(() => {});
    });
    await desk.context.setOffline(false);
    await left.promise;
    await page.unrouteAll({ behavior: 'ignoreErrors' });
    page.once('dialog', (question) => void question.accept());
    await page.reload();
    asked.length = 0;
    await page.getByRole('button', { name: 'Upload cut off' }).click();
    await dialog.getByText('One file was still to be sent when the page was left.').waitFor();
    await dialog.getByLabel('Choose files').last().setInputFiles(archive);
    await dialog.getByText(`${count} stored, 0 already held, 0 refused`).last().waitFor({ timeout: 120_000 });
    // Not from the start, but from what the server holds.
    expect(asked[0]).toBeGreaterThan(PIECE_BYTES);
    const { items } = (await (await desk.context.request.get(`${desk.server.url}/api/v1/studies`)).json()) as Studies;
    expect(items.reduce((sum, { instance_count }) => sum + instance_count, 0)).toBe(count);
    await dialog.getByRole('button', { name: 'Close' }).last().click();
  });

  it('is read by keyboard alone: found, scrolled, windowed, measured, decided, written, checked and signed', async () => {
    const press = async (...keys: string[]): Promise<void> => {
      for (const key of keys) await page.keyboard.press(key);
    };
    await (await openAccountMenu(page)).getByRole('button', { name: 'Sign out' }).press('Enter');
    await tabTo(page, page.getByLabel('User name'));
    await page.keyboard.type(ADMINISTRATOR.username);
    await tabTo(page, page.getByLabel('Password'));
    await page.keyboard.type(ADMINISTRATOR.password);
    await press('Enter');
    const row = page.getByRole('row').filter({ hasText: 'PHANTOM' });
    await row.getByText('Analyzed', { exact: true }).waitFor({ timeout: ANALYSIS_TIMEOUT_MS });
    await press('?');
    await page.getByRole('dialog', { name: 'Keys of the worklist' }).waitFor();
    await press('Escape', '/');
    await page.keyboard.type('phantom');
    await expect.poll(() => page.getByRole('row').count()).toBe(2);
    await press('ArrowDown');
    await row.locator('a:focus').waitFor();
    await press('Enter');

    await expectPicture(page);
    await press('?');
    await page.getByRole('dialog', { name: 'Keyboard' }).waitFor();
    await press('Escape', 'Home');
    await page.locator('[data-cell="1"] [data-shown="1"]').waitFor();
    await press('ArrowDown', 'PageDown');
    await page.locator('[data-cell="1"] [data-shown="12"]').waitFor();
    await press('3');
    await page.getByText('C 40 W 400', { exact: true }).first().waitFor();
    await press('l');
    await page.locator('[data-draw=length]:focus').waitFor();
    await press('Enter');
    await page.locator('[data-annotation=length]').first().waitFor({ state: 'attached' });
    await page.locator('[data-save="saved"]').waitFor({ state: 'attached' });
    await press('w', 'Alt+b');
    await decide(page);
    await writeAndSign(page);
    const link = page.getByRole('link', { name: 'Open PDF' });
    await link.waitFor({ timeout: 60_000 });
    const pdf = await desk.context.request.get(new URL((await link.getAttribute('href')) ?? '', desk.server.url).href);
    expect(pdf.headers()['content-type']).toBe('application/pdf');
    expect((await pdf.body()).subarray(0, 5).toString()).toBe('%PDF-');
    await press('Alt+b');
    await page.getByText('The report is signed').waitFor();
    await expect.poll(() => page.getByRole('button', { name: 'Accept', exact: true }).count()).toBe(0);

    // On to the next one, which no list has to be looked for.
    await press('Alt+j');
    await page.waitForURL((url) => url.pathname === `/studies/${OTHER_STUDY}`);
    // A key that comes before the page is there is nobody's.
    await expect
      .poll(async () => {
        await press('Alt+l');
        return new URL(page.url()).pathname;
      })
      .toBe('/');
  });

  it('raised no error on the console but for the line that was cut, and asked no other host', () => {
    // What was asked while the session ended is refused.
    const besides = besidesRefusals(desk.trouble, [401]);
    expect(besides.filter((line) => !/ERR_(INTERNET_DISCONNECTED|CONNECTION_RESET)/.test(line))).toEqual([]);
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
    await visit.waitForURL((url) => url.pathname === '/models');
    await visitor.close();
  });
});

/** The phantom and a large picture of somebody else, in one archive that is sent in pieces. */
async function makeArchive(folder: string): Promise<{ archive: string; count: number }> {
  await promisify(execFile)(process.execPath, [CLI, 'phantom', folder]);
  const names = (await readdir(folder, { recursive: true })).filter((name) => name.endsWith('.dcm'));
  expect(names.length).toBeGreaterThan(10);
  const files = await Promise.all(names.map(async (name) => ({ name, bytes: await readFile(join(folder, name)) })));
  const ids = { study: OTHER_STUDY, series: `${OTHER_STUDY}.1`, instance: `${OTHER_STUDY}.1.1`, patientId: 'MADE-UP-9' };
  const large = { name: 'large.dcm', bytes: secondaryCapture({ ...ids, rows: 7000, columns: 7000 }) };
  const archive = join(folder, 'studies.zip');
  await writeFile(archive, zipOf([large, ...files]));
  return { archive, count: files.length + 1 };
}

async function chooseFiles(page: Page, path: string): Promise<void> {
  await page.getByRole('button', { name: 'Add images' }).first().click();
  await page.getByRole('dialog').getByLabel('Choose files').last().setInputFiles(path);
}

/** Fills up with where each piece of a large file begins that the page sends. */
function watchPieces(page: Page): number[] {
  const asked: number[] = [];
  page.on('request', (request) => {
    if (request.method() === 'PATCH') asked.push(Number(request.headers()['upload-offset']));
  });
  return asked;
}

/** Presses Tab until something has the focus, as who has no mouse. */
async function tabTo(page: Page, target: Locator): Promise<void> {
  await target.waitFor();
  for (let press = 0; press < MOST_TABS; press += 1) {
    if (await target.evaluate((element) => element === element.ownerDocument.activeElement)) return;
    await page.keyboard.press('Tab');
  }
  throw new Error('Tab does not lead there');
}

/** The frame in the middle is shown with real pixels: drawn by the processor, as this browser has no graphics. */
async function expectPicture(page: Page): Promise<void> {
  await page.locator('[data-cell] [data-shown]').first().waitFor();
  const brightest = (): Promise<number> =>
    page.evaluate<number>(`(() => {
    const canvas = document.querySelector('[data-cell] canvas');
    return canvas.getContext('2d').getImageData(0, 0, canvas.width, canvas.height).data.reduce((most, value, at) => at % 4 < 3 ? Math.max(most, value) : most, 0);
  })()`);
  await expect.poll(brightest).toBeGreaterThan(100);
}

/** Accepts the first finding and then puts it in other words, rejects the second with a reason, and accepts every other. */
async function decide(page: Page): Promise<void> {
  const findings = page.getByRole('list', { name: 'Findings' }).getByRole('listitem');
  await expect.poll(() => findings.count()).toBeGreaterThanOrEqual(2);
  const count = await findings.count();
  const becomes = (index: number, state: string): Promise<void> => findings.nth(index).getByText(state, { exact: true }).first().waitFor();
  // From the tab that names them, too: it keeps its arrows alone.
  await page.getByRole('tab', { name: /^Findings/ }).focus();
  await page.keyboard.press('j');
  await page.keyboard.press('a');
  await becomes(0, 'Accepted');
  await page.keyboard.press('k');
  await findings.nth(0).getByRole('button', { expanded: true }).waitFor();
  await page.keyboard.press('e');
  await page.locator('textarea:focus').waitFor();
  await page.keyboard.press('Control+End');
  await page.keyboard.type(' Seen before.');
  await page.keyboard.press('Control+Enter');
  await becomes(0, 'Edited');

  await findings.nth(1).getByRole('button', { expanded: true }).waitFor();
  await page.keyboard.press('r');
  await page.getByLabel('Reason for rejecting').waitFor();
  await page.keyboard.type('Vessel seen end on');
  await page.keyboard.press('Enter');
  await becomes(1, 'Rejected');
  await findings.nth(1).getByText('Vessel seen end on').waitFor();

  for (let index = 2; index < count; index++) {
    await findings.nth(index).getByRole('button', { name: 'Accept', exact: true }).waitFor();
    await page.keyboard.press('a');
    await becomes(index, 'Accepted');
  }
}

async function writeAndSign(page: Page): Promise<void> {
  await page.keyboard.press('Alt+w');
  await page.locator('button:focus', { hasText: 'Write draft' }).waitFor();
  await page.keyboard.press('Enter');
  await page.getByRole('textbox', { name: 'Findings', exact: true }).and(page.locator(':focus')).waitFor();
  await tabTo(page, page.getByRole('textbox', { name: 'Impression', exact: true }));
  await page.keyboard.press('Control+a');
  await page.keyboard.type('Pulmonary nodules in a synthetic thorax.');
  await page.getByText('Saved', { exact: true }).waitFor();
  await page.keyboard.press('Alt+c');
  await page.getByText(/^Checks: \d+ warnings?$/).waitFor();
  await page.keyboard.press('Alt+s');
  const dialog = page.getByRole('dialog');
  await dialog.getByLabel('Your password').and(page.locator(':focus')).waitFor();
  await page.keyboard.type(ADMINISTRATOR.password);
  await tabTo(page, dialog.getByRole('checkbox', { name: 'I have seen these warnings and sign all the same' }));
  await page.keyboard.press('Space');
  await tabTo(page, dialog.getByRole('button', { name: 'Sign report' }));
  await page.keyboard.press('Enter');
  await page.getByText('Signed and locked').waitFor();
  await page.getByText(ADMINISTRATOR.fullName).last().waitFor();
  await expect.poll(() => page.getByText(/^[0-9a-f]{64}$/).count()).toBe(1);
  await page.getByText('Pulmonary nodules in a synthetic thorax.').waitFor();
}
