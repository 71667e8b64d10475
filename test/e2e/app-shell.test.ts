import { readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startServerOn } from '../server.ts';
import { ADMINISTRATOR, type Desk, openAccountMenu, openDesk } from './administrator.ts';
import { hasChromium } from './browser.ts';
import { fillWorld, type World } from './world.ts';

const WEB = fileURLToPath(new URL('../../dist/web', import.meta.url));
const WORKER = join(WEB, 'service-worker.js');
const SHELL_LIMIT_BYTES = 150_000;
/** With the frame: all that is loaded until the list of studies is there. */
const HOME_LIMIT_BYTES = 205_000;
const NAME = 'Åse Ødegård';

describe.skipIf(!hasChromium)('the shell of the app in a browser (needs chromium)', { timeout: 60_000 }, () => {
  let desk: Desk;
  let page: Page;
  let world: World;

  beforeAll(async () => {
    desk = await openDesk({ context: { serviceWorkers: 'allow' } });
    page = desk.page;
    page.setDefaultTimeout(15_000);
    world = await fillWorld(desk.server, { isAnalyzed: false });
  });
  afterAll(() => desk?.close());

  it('the shell, which every screen needs, is less than 150 kB of code, style and words, gzipped', async () => {
    const files = await shellFiles();
    const sizes = await Promise.all(files.map((file) => gzippedBytes(file)));
    expect(files.some((file) => file.includes('/libraries-'))).toBe(true);
    expect(sizes.reduce((sum, size) => sum + size, 0)).toBeLessThan(SHELL_LIMIT_BYTES);
  });

  it('the home screen stands with less than 205 kB of code, style and words, gzipped, before anybody touches it', async () => {
    const context = await desk.browser.newContext({
      storageState: await desk.context.storageState(),
      locale: 'en-GB',
      serviceWorkers: 'block',
    });
    // What is loaded ahead of a click, once the list was looked at for a while, is spared who asks to save data.
    await context.addInitScript({ content: `Object.defineProperty(navigator, 'connection', { value: { saveData: true } })` });
    const home = await context.newPage();
    await home.goto(desk.server.url);
    await home.getByRole('row').nth(1).waitFor();
    await home.waitForLoadState('networkidle');
    const addresses = await home.evaluate<string[]>(`performance.getEntriesByType('resource').map(({ name }) => new URL(name).pathname)`);
    const files = [...new Set(addresses)].filter((path) => /\.(js|css)$/.test(path));
    const sizes = await Promise.all(files.map((file) => gzippedBytes(file)));
    expect(files.some((file) => file.includes('/libraries-'))).toBe(true);
    expect(sizes.reduce((sum, size) => sum + size, 0)).toBeLessThan(HOME_LIMIT_BYTES);
    await context.close();
  });

  it('while the list is looked at, the viewer is loaded ahead of the click that will need it', async () => {
    const context = await desk.browser.newContext({ storageState: await desk.context.storageState(), locale: 'en-GB' });
    const home = await context.newPage();
    await home.goto(desk.server.url);
    await home.getByRole('row').nth(1).waitFor();
    const hasEngine = `performance.getEntriesByType('resource').some(({ name }) => name.includes('/assets/engine-'))`;
    await expect.poll(() => home.evaluate(hasEngine), { timeout: 15_000 }).toBe(true);
    expect(new URL(home.url()).pathname).toBe('/');
    await context.close();
  });

  it('code comes compressed as the browser likes it', async () => {
    const [entry = ''] = (await shellFiles()).filter((file) => file.startsWith('assets/libraries'));
    const sent = await Promise.all(
      ['br', 'gzip', 'identity'].map(async (encoding) =>
        (await fetch(`${desk.server.url}/${entry}`, { headers: { 'accept-encoding': encoding } })).headers.get('content-encoding'),
      ),
    );
    expect(sent).toEqual(['br', 'gzip', null]);
  });

  it('theme and density are chosen in the menu of the account, and kept', async () => {
    const menu = await openAccountMenu(page);
    await menu.getByLabel('Theme').selectOption('High contrast');
    await menu.getByLabel('Density').selectOption('Compact');
    await page.keyboard.press('Escape');
    await menu.waitFor({ state: 'detached' });
    await page.reload();
    const html = page.locator('html');
    await html.and(page.locator('[data-theme=contrast][data-density=compact]')).waitFor();
    const back = await openAccountMenu(page);
    await back.getByLabel('Theme').selectOption('As on this device');
    await back.getByLabel('Density').selectOption('Comfortable');
    await html.and(page.locator('[data-theme=dark]')).waitFor();
  });

  it('in the colors of the system a filled button shows its words, and at 400 % the page scrolls as a whole', async () => {
    await page.emulateMedia({ forcedColors: 'active' });
    const button = page.getByRole('button', { name: 'Add images' });
    const [words, ground] = await button.evaluate((element) => {
      const { color, backgroundColor } = getComputedStyle(element);
      return [color, backgroundColor];
    });
    expect(words).not.toBe(ground);
    await page.emulateMedia({ forcedColors: 'none' });
    // As wide and as high as 1280 by 1024 px are at 400 %.
    await page.setViewportSize({ width: 320, height: 256 });
    await expect.poll(() => page.getByRole('main').evaluate(({ clientHeight }) => clientHeight)).toBeGreaterThan(256);
    expect(await page.locator('html').evaluate(({ scrollHeight, clientHeight }) => scrollHeight > clientHeight)).toBe(true);
    await page.setViewportSize({ width: 1440, height: 900 });
  });

  it('on a phone all places are behind one button, which the keyboard opens and Escape closes', async () => {
    await page.setViewportSize({ width: 390, height: 844 });
    const button = page.getByRole('button', { name: 'Menu', exact: true });
    await button.focus();
    await page.keyboard.press('Enter');
    const places = page.getByRole('navigation', { name: 'Main' });
    await places.getByRole('link', { name: 'Scores' }).waitFor();
    await page.keyboard.press('Escape');
    await places.getByRole('link', { name: 'Scores' }).waitFor({ state: 'detached' });
    await expect.poll(() => page.locator(':focus').getAttribute('aria-label')).toBe('Menu');
    await button.click();
    await places.getByRole('link', { name: 'Patients' }).click();
    await page.getByRole('heading', { name: 'Patients' }).waitFor({ state: 'attached' });
    await page.setViewportSize({ width: 1440, height: 900 });
  });

  it('what was done is taken back by the button of its notice, or by Ctrl+Z', async () => {
    await page.goto(`${desk.server.url}/ui`);
    await page.getByRole('button', { name: 'Undo', exact: true }).click();
    const notices = page.getByRole('region', { name: 'Notices' });
    await notices.getByText('The rule was removed').waitFor();
    await notices.getByRole('button', { name: 'Undo' }).click();
    await notices.getByText('The view was saved').waitFor();
    await notices.getByRole('button', { name: 'Close' }).click();
    await page.getByRole('button', { name: 'Undo', exact: true }).click();
    await notices.getByText('The rule was removed').waitFor();
    await page.keyboard.press('Control+z');
    await notices.getByText('The view was saved').waitFor();
    await notices.getByText('The rule was removed').waitFor({ state: 'detached' });
  });

  it('what cannot be undone waits for its name to be typed', async () => {
    await page.getByRole('button', { name: 'ConfirmDanger' }).click();
    const dialog = page.getByRole('dialog');
    const remove = dialog.getByRole('button', { name: 'Remove' });
    expect(await remove.isDisabled()).toBe(true);
    await dialog.getByLabel(/to confirm/).fill('Isocenter');
    await remove.click();
    await dialog.waitFor({ state: 'detached' });
  });

  it('the device keeps the app and nothing of a patient: no answer, no picture, no address of a page', async () => {
    await page.evaluate('navigator.serviceWorker.ready.then(() => true)');
    await page.reload();
    await expect.poll(() => page.evaluate('navigator.serviceWorker.controller !== null')).toBe(true);
    for (const path of [`/studies/${world.study}`, `/patients/${world.patient}`, `/diagnoses/${world.diagnosis}`, '/patients']) {
      await page.goto(`${desk.server.url}${path}`);
      await page.getByRole('main').waitFor();
    }
    await page.getByText(NAME).waitFor();
    const kept = await keptAddresses(page);
    expect(kept).toContain('/');
    expect(kept.filter((path) => path.startsWith('/assets/')).length).toBeGreaterThan(10);
    expect(kept.filter((path) => path !== '/' && !/^\/assets\/[\w.-]+$/.test(path))).toEqual([]);
    const texts = await keptTexts(page);
    for (const secret of [NAME, 'Ødegård', 'MADE-UP', ADMINISTRATOR.fullName]) expect(texts).not.toContain(secret);
    expect(await page.evaluate('Object.keys(localStorage).filter((key) => /token|session/i.test(key))')).toEqual([]);
  });

  it('another build on the server is offered, and taken when the reader wants it', async () => {
    const code = await readFile(WORKER, 'utf8');
    try {
      await writeFile(WORKER, `${code}\n// another build`);
      await page.evaluate('navigator.serviceWorker.ready.then((registration) => registration.update()).then(() => true)');
      await page.getByText('The server has a newer version of these pages.').waitFor();
      await Promise.all([page.waitForEvent('load'), page.getByRole('button', { name: 'Load it' }).click()]);
      await page.getByText(NAME).waitFor();
      await page.getByText('The server has a newer version').waitFor({ state: 'detached' });
    } finally {
      await writeFile(WORKER, code);
    }
  });

  it('nobody at the page: it warns, any key stays, and at the end the session is over on the server too', async () => {
    const context = await desk.browser.newContext({ storageState: await desk.context.storageState(), serviceWorkers: 'block' });
    const idle = await context.newPage();
    await idle.clock.install();
    await idle.goto(`${desk.server.url}/patients`);
    await idle.getByText(NAME).waitFor();
    await idle.clock.runFor('14:10');
    await idle.getByRole('dialog', { name: 'Still there?' }).waitFor();
    await idle.keyboard.press('Shift');
    await idle.clock.runFor(2_000);
    await idle.getByRole('dialog', { name: 'Still there?' }).waitFor({ state: 'detached' });
    await idle.clock.runFor('15:00');
    await idle.getByText('You were signed out because nobody used the page.').waitFor();
    await idle.waitForURL((url) => url.searchParams.get('next') === '/patients');
    expect((await context.request.get(`${desk.server.url}/api/v1/auth/profile`)).status()).toBe(401);
    await context.close();
  });

  it('without the server it says so, shows nothing from before, and goes on by itself when the server is back', async () => {
    await page.goto(desk.server.url);
    await page.getByLabel('User name').fill(ADMINISTRATOR.username);
    await page.getByLabel('Password').fill(ADMINISTRATOR.password);
    await page.getByRole('button', { name: 'Sign in', exact: true }).click();
    await page.getByRole('row').nth(1).waitFor();
    await desk.server.kill();
    await page.getByLabel('Search studies').fill('anybody');
    await page.getByRole('status').getByText('No connection to the server').waitFor();
    const visitor = await desk.context.newPage();
    await visitor.goto(`${desk.server.url}/patients`);
    await visitor.getByRole('heading', { name: 'No connection to the server' }).waitFor();
    await visitor.getByText('This device keeps no patient data').waitFor();
    expect(await visitor.getByText(NAME).count()).toBe(0);
    const again = await startServerOn({
      dataDir: desk.server.dataDir,
      env: { ISOCENTER_PORT: new URL(desk.server.url).port },
    });
    try {
      await page.getByText('No connection to the server').waitFor({ state: 'detached' });
      await visitor.getByRole('button', { name: 'Try again' }).click();
      await visitor.getByText(NAME).waitFor();
    } finally {
      await again.stop();
    }
  });

  it('raised no error on the console but for the server that was away and the session that was over', () => {
    expect(desk.trouble.filter((line) => !/ERR_(CONNECTION|FAILED|EMPTY)|server does not answer|WebSocket| 401 /.test(line))).toEqual([]);
  });
});

/** The entry page, its scripts with all that they import at once, its style, and the words of one language. */
async function shellFiles(): Promise<string[]> {
  const files = new Set(['index.html']);
  const names = (await readdir(join(WEB, 'assets'))).filter((name) => /^en-.*\.js$/.test(name));
  const words = await Promise.all(names.map(async (name) => ({ name, text: await readFile(join(WEB, 'assets', name), 'utf8') })));
  const base = words.find(({ text }) => text.includes('Skip to content'));
  files.add(`assets/${base?.name}`);
  for (const file of files) {
    const text = await readFile(join(WEB, file), 'utf8');
    const named = file.endsWith('.html') ? /(?:src|href)="\/(assets\/[\w.-]+\.(?:js|css))"/g : /(?:from|import)\s*"\.\/([\w.-]+\.js)"/g;
    for (const [, name = ''] of text.matchAll(named)) files.add(name.startsWith('assets/') ? name : `assets/${name}`);
  }
  return [...files];
}

/** Of a file of the build, by its path, at the best level: as the server keeps it beside the file. */
async function gzippedBytes(path: string): Promise<number> {
  return gzipSync(await readFile(join(WEB, path)), { level: 9 }).length;
}

/** Paths with queries of everything in the caches of the device. */
function keptAddresses(page: Page): Promise<string[]> {
  return page.evaluate<string[]>(`(async () => {
    const lists = await Promise.all((await caches.keys()).map(async (name) => (await caches.open(name)).keys()));
    return lists.flat().map(({ url }) => new URL(url).pathname + new URL(url).search);
  })()`);
}

/** All that they hold, as one text. */
function keptTexts(page: Page): Promise<string> {
  return page.evaluate<string>(`(async () => {
    const lists = await Promise.all((await caches.keys()).map(async (name) => (await caches.open(name)).keys()));
    const answers = await Promise.all(lists.flat().map((request) => caches.match(request)));
    return (await Promise.all(answers.map((answer) => answer.text()))).join();
  })()`);
}
