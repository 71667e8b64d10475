import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import type { BrowserContext, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readConfig } from '../../src/server/config.ts';
import { openDeps } from '../../src/server/deps.ts';
import { DEFAULT_TENANT } from '../../src/server/platform/scope.ts';
import { secondaryCapture } from '../builders.ts';
import { insertManyStudies } from '../many-studies.ts';
import { type ServerProcess, startServerOn } from '../server.ts';
import { ADMINISTRATOR, type Desk, openDesk, signInAs } from './administrator.ts';
import { askAsPage, storeAsPage } from './ask-as-page.ts';
import { hasChromium } from './browser.ts';

const AXE = fileURLToPath(new URL('../../node_modules/axe-core/axe.min.js', import.meta.url));
const SECOND = { username: 'okoye', full_name: 'Dr. Ada Okoye', role: 'radiologist', password: 'seven quiet lanterns over water' };
const MANY = 100_000;
const WAIT_MS = 20_000;
/** As the page asks for what comes after the first. */
const NEXT_PAGE = /\/api\/v1\/reading-list\?.*cursor=/;

/** The name of a patient, as the list shows it, by number. */
const nameOf = (number: number): string => `Reader, Number${number}`;

describe.skipIf(!hasChromium)('the worklist in a browser (needs chromium)', { timeout: 240_000 }, () => {
  let desk: Desk;
  let page: Page;
  let server: ServerProcess;

  beforeAll(async () => {
    desk = await openDesk();
    server = desk.server;
    page = desk.page;
    page.setDefaultTimeout(WAIT_MS);
    await page.getByText('No studies yet').waitFor();
  }, 240_000);
  afterAll(async () => {
    await server?.stop();
    await desk?.close();
  });

  const ask = (path: string, method?: string, body?: object) => askAsPage(page, path, method, body);
  const store = async (number: number): Promise<string> => {
    const study = `2.25.7700.${number}`;
    const names = { patientId: `READ-${number}`, patientName: `Reader^Number${number}` };
    await storeAsPage(page, secondaryCapture({ study, series: `${study}.1`, instance: `${study}.1.1`, seed: number, ...names }));
    return study;
  };
  const row = (number: number, on = page) => on.getByRole('row').filter({ hasText: nameOf(number) });

  it('a study that arrives stands in the list by itself, and its state follows without a reload', async () => {
    await store(1);
    await row(1).waitFor();
    await row(1).getByText('Not evaluable').waitFor({ timeout: 60_000 });
    await page.getByText('Live', { exact: true }).waitFor();
  });

  it('is worked by keyboard alone: rows, reasons, assignment with undo, selection, search, help', async () => {
    await store(2);
    await row(2).waitFor();
    await page.keyboard.press('j');
    await expect.poll(() => page.evaluate(() => document.activeElement?.textContent)).toBe(nameOf(1));
    await page.keyboard.press('p');
    const why = page.getByRole('dialog', { name: 'Why this priority' });
    await why.getByText('Not evaluable by the AI. That is no all-clear.').waitFor();
    await why.getByText('Research use. Not a medical device.').waitFor();
    expect(await violations(page)).toEqual([]);
    await page.keyboard.press('Escape');
    await why.waitFor({ state: 'hidden' });
    await row(1).getByRole('link').focus();
    await page.keyboard.press('a');
    await row(1).getByText(`To be read by ${ADMINISTRATOR.fullName}`).waitFor({ state: 'attached' });
    await page.getByRole('button', { name: 'Undo' }).click();
    await row(1).getByText(`To be read by ${ADMINISTRATOR.fullName}`).waitFor({ state: 'detached' });
    await row(1).getByRole('link').focus();
    await page.keyboard.press('x');
    await page.keyboard.press('j');
    await page.keyboard.press('x');
    await page.getByRole('button', { name: 'Assign to me' }).click();
    await page.getByText(`2 studies assigned to ${ADMINISTRATOR.fullName}`).waitFor();
    await page.getByRole('button', { name: 'Priority', exact: true }).press('Enter');
    await page.getByRole('menuitem', { name: 'Urgent' }).press('Enter');
    await page.getByText('2 studies set to “Urgent”').waitFor();
    await row(2).getByRole('button', { name: 'Urgent: why' }).waitFor();
    await page.getByRole('button', { name: 'Undo' }).last().click();
    await row(2).getByRole('button', { name: 'Routine: why' }).waitFor();
    await page.getByRole('button', { name: 'Mine 2' }).click();
    await row(2).waitFor();
    await page.getByRole('button', { name: 'Clear selection' }).click();
    await page.keyboard.press('/');
    await page.keyboard.type('number2');
    await row(1).waitFor({ state: 'detached' });
    await row(2).waitFor();
    await page.getByLabel('Search studies').fill('');
    await page.getByLabel('Search studies').blur();
    await page.keyboard.press('?');
    await page.getByRole('dialog', { name: 'Keys of the worklist' }).waitFor();
    await page.keyboard.press('Escape');
    await page.getByRole('button', { name: /^To read/ }).click();
  });

  it('studies go into the recycle bin, and come back from it', async () => {
    await row(2).getByRole('checkbox').check();
    await page.getByRole('region', { name: '1 selected' }).getByRole('button', { name: 'Delete' }).click();
    await page.getByText('1 study in the recycle bin').waitFor();
    await row(2).waitFor({ state: 'detached' });
    await row(1).waitFor();
    const { items } = (await ask('/api/v1/recycle-bin')) as { items: { study_instance_uid: string }[] };
    expect(items.map(({ study_instance_uid }) => study_instance_uid)).toEqual(['2.25.7700.2']);
    await page.getByRole('button', { name: 'Undo' }).last().click();
    await row(2).waitFor();
    expect(await ask('/api/v1/recycle-bin')).toMatchObject({ items: [] });
  });

  it('columns and views are kept on the server', async () => {
    await page.getByRole('button', { name: 'Columns' }).click();
    const dialog = page.getByRole('dialog', { name: 'Columns' });
    await dialog.getByRole('checkbox', { name: 'Accession no.' }).check();
    await dialog.getByRole('checkbox', { name: 'Waiting' }).press('Alt+ArrowUp');
    await page.keyboard.press('Escape');
    await page.getByRole('columnheader', { name: 'Accession no.' }).waitFor();
    await page.getByRole('button', { name: 'Filters' }).click();
    await page.getByLabel('Modality').selectOption('OT');
    await page.getByRole('button', { name: 'Save as view' }).click();
    await page.getByLabel('Name of the view').fill('Others');
    await page.getByRole('button', { name: 'Save', exact: true }).click();
    await page.getByRole('button', { name: 'Others 2' }).waitFor();
    await page.getByRole('button', { name: 'Share with everybody here' }).click();
    await page.getByText('View "Others" is shared with everybody here').waitFor();
    expect(await violations(page)).toEqual([]);
    await page.reload();
    await page.getByRole('button', { name: /^Others/ }).click();
    await row(2).waitFor();
    const heads = () => page.getByRole('columnheader').allTextContents();
    await expect.poll(heads).toContain('Accession no.');
    await expect.poll(async () => (await heads()).indexOf('Waiting') - (await heads()).indexOf('Date')).toBe(-1);
  });

  it('critical results of all studies are one press away, follow what is recorded, and lead to their study', async () => {
    const body = { category: 'minutes', text: 'Tension pneumothorax' };
    const { id } = await ask('/api/v1/studies/2.25.7700.2/critical-results', 'POST', body);
    await page.getByRole('link', { name: 'Critical results 1' }).click();
    const result = page.getByRole('row').filter({ hasText: body.text });
    await result.getByText('Nobody told yet').waitFor();
    expect(await violations(page)).toEqual([]);
    await ask(`/api/v1/critical-results/${id}/told`, 'POST', { told_to: 'Dr. Abe Sato', told_how: 'telephone', read_back: true });
    await result.getByText('Told', { exact: true }).waitFor();
    await result.getByRole('link').click();
    await page.waitForURL(/2\.25\.7700\.2$/);
  });

  it('turnaround targets are the institution\u2019s, for a modality of its own if it likes', async () => {
    await page.goto(`${server.url}/admin/targets`);
    await page.getByLabel('Modality').selectOption('MG');
    await page.getByRole('button', { name: 'Give it targets of its own' }).click();
    await page.getByRole('region', { name: 'MG' }).getByLabel('Routine', { exact: true }).fill('5');
    await page.getByRole('button', { name: 'Save' }).click();
    await page.getByText('The targets are changed').waitFor();
    const { modalities } = (await ask('/api/v1/reading-list/targets')) as { modalities?: Record<string, { routine: number }> };
    expect(modalities?.['MG']?.routine).toBe(5 * 1440);
    expect(await violations(page)).toEqual([]);
    await page.goto(server.url);
  });

  it('two readers on one study: each sees the other, and one takes it over with notice', async () => {
    await ask('/api/v1/users', 'POST', SECOND);
    const other = await desk.browser.newContext({ viewport: { width: 1440, height: 900 }, locale: 'en-GB' });
    const beside = await other.newPage();
    beside.setDefaultTimeout(WAIT_MS);
    await beside.goto(server.url);
    await signInAs(beside, SECOND.username, SECOND.password);
    await beside.getByRole('button', { name: `Others Shared by ${ADMINISTRATOR.fullName}` }).waitFor();
    await row(1, beside).getByRole('link').click();
    await beside.waitForURL(/\/studies\//);
    // Here the row says it, live.
    await row(1).getByText(`Being read by ${SECOND.full_name}`).waitFor({ state: 'attached' });
    await row(1).getByText('In reading').waitFor();
    await row(1).getByRole('link').click();
    await page.getByText(`${SECOND.full_name} has been reading this study since`).waitFor();
    await page.getByRole('button', { name: 'Take over' }).click();
    await page.getByRole('button', { name: 'Take over' }).waitFor({ state: 'detached' });
    await beside.getByText(`${ADMINISTRATOR.fullName} has been reading this study since`).waitFor();
    await page.getByRole('link', { name: /^Isocenter/ }).click();
    // Who leaves sets it free: the other's page takes it up again.
    await beside.getByText(`${ADMINISTRATOR.fullName} has been reading this study since`).waitFor({ state: 'detached' });
    await row(1).getByText(`Being read by ${SECOND.full_name}`).waitFor({ state: 'attached' });
    await other.close();
    await row(1).getByText('Unread').waitFor();
  });

  it('goes on by itself after the server was killed and started again, and misses nothing', async () => {
    const { port } = new URL(server.url);
    await store(3);
    await server.kill();
    await page.getByText('Reconnecting').waitFor();
    server = await startServerOn({ dataDir: dataDirOf(desk), env: { ISOCENTER_PORT: port } });
    await page.getByText('Live', { exact: true }).waitFor({ timeout: 60_000 });
    await row(3).waitFor();
    await row(3).getByText('Not evaluable').waitFor({ timeout: 60_000 });
  });

  it('raised no error on the console besides the lost connection, and asked no other host', () => {
    const lost = /WebSocket connection|ERR_CONNECTION|ERR_INCOMPLETE|Failed to load resource: net::/;
    expect(desk.trouble.filter((text) => !lost.test(text))).toEqual([]);
  });

  it(`scrolls ${MANY} studies with few rows in the page, asking for one page after the other`, async () => {
    const { port } = new URL(server.url);
    await page.goto('about:blank');
    await server.stop();
    await fill(dataDirOf(desk));
    server = await startServerOn({ dataDir: dataDirOf(desk), env: { ISOCENTER_PORT: port } });
    await page.goto(server.url);
    await page.getByRole('button', { name: /^All/ }).click();
    await page.getByRole('row').filter({ hasText: 'MANY-0' }).first().waitFor();
    // A page that does not come says so where it would stand, and is asked for again.
    await page.route(NEXT_PAGE, (route) =>
      route.fulfill({ status: 503, contentType: 'application/problem+json', body: '{"title":"Away"}' }),
    );
    await page.evaluate(() => document.querySelector('table')?.parentElement?.scrollTo({ top: 1e6 }));
    await page.getByRole('alert').getByText('Away').waitFor();
    await page.unroute(NEXT_PAGE);
    await page.getByRole('alert').getByRole('button').click();
    await page.getByRole('alert').waitFor({ state: 'detached' });
    for (let turn = 0; turn < 40; turn++) {
      await scrollToEnd(page);
      expect(await page.getByRole('row').count()).toBeLessThan(120);
    }
    const last = Number(await page.getByRole('row').last().getAttribute('aria-rowindex'));
    expect(last).toBeGreaterThan(7_000);
    await page.keyboard.press('Home');
    await page.getByRole('row').filter({ hasText: 'MANY-0' }).first().waitFor();
    await page.getByRole('button', { name: /^To read 999\+/ }).waitFor();
  });

  it('is a list of cards on a phone, and mirrored in Arabic, without a fault that axe finds', async () => {
    const phone = await openPhone(desk.browser.newContext.bind(desk.browser), await desk.context.storageState());
    phone.setDefaultTimeout(WAIT_MS);
    await phone.goto(server.url);
    await phone.getByRole('row').nth(2).waitFor();
    expect(await phone.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(390);
    expect(await violations(phone)).toEqual([]);
    await phone.evaluate(() => localStorage.setItem('isocenter.language', 'ar'));
    await phone.reload();
    await phone.getByRole('row').nth(2).waitFor();
    expect(await phone.evaluate(() => document.documentElement.dir)).toBe('rtl');
    expect(await violations(phone)).toEqual([]);
    await phone.context().close();
  });
});

type NewContext = (options: object) => Promise<BrowserContext>;

async function openPhone(newContext: NewContext, storageState: object): Promise<Page> {
  const context = await newContext({ viewport: { width: 390, height: 844 }, hasTouch: true, locale: 'en-GB', storageState });
  return context.newPage();
}

function dataDirOf({ server }: Desk): string {
  if (!('dataDir' in server) || typeof server.dataDir !== 'string') throw new Error('The server has no folder of its own');
  return server.dataDir;
}

/** Fills the folder of a server that does not run. */
async function fill(dataDir: string): Promise<void> {
  const deps = await openDeps(readConfig({ ISOCENTER_DATA_DIR: dataDir, ISOCENTER_LOG_LEVEL: 'silent' }), { now: () => new Date() });
  await insertManyStudies((await deps.scope(DEFAULT_TENANT)).db, MANY, new Date());
  await deps.close();
}

/** Scrolls to the end of what is loaded, and waits until there is more. */
async function scrollToEnd(page: Page): Promise<void> {
  await page.evaluate(async () => {
    const scroller = document.querySelector('table')?.parentElement;
    if (!scroller) throw new Error('No list');
    const before = scroller.scrollHeight;
    scroller.scrollTo({ top: before });
    for (let wait = 0; wait < 2_400 && scroller.scrollHeight === before; wait++) await new Promise((resolve) => setTimeout(resolve, 25));
    if (scroller.scrollHeight === before)
      throw new Error(`Nothing more came: ${document.querySelector('[role=alert]')?.textContent ?? 'no problem shown'}`);
  });
}

/** What axe finds against WCAG 2.2 A and AA, as rule and element. */
async function violations(page: Page): Promise<string[]> {
  await page.evaluate(await readFile(AXE, 'utf8'));
  return await page.evaluate(async () => {
    const { axe } = globalThis as unknown as { axe: { run(options: object): Promise<{ violations: Violation[] }> } };
    type Violation = { id: string; nodes: { target: string[] }[] };
    const found = await axe.run({ runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa'] });
    return found.violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ target }) => target.join(' ')).join(', ')}`);
  });
}
