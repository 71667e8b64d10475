import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import type { Browser, BrowserContext, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startServer } from '../server.ts';
import { hasChromium, openBrowser, watchTrouble } from './browser.ts';
import { ensureWebBuilt } from './web-build.ts';

const PASSWORD = 'heron walks north at nine';
const AXE = fileURLToPath(new URL('../../node_modules/axe-core/axe.min.js', import.meta.url));
const SHOWN = { en: 'No studies yet', de: 'Noch keine Studien', fr: 'Aucun examen', es: 'Aún no hay estudios', ar: 'لا توجد دراسات بعد' };
const PATHS = ['/', '/patients', '/models', '/scores', '/scores/curb-65', '/drug-safety', '/account'];
const LANGUAGES = Object.keys(SHOWN) as (keyof typeof SHOWN)[];

describe.skipIf(!hasChromium)('the screens in five languages (needs chromium)', { timeout: 120_000 }, () => {
  let server: Awaited<ReturnType<typeof startServer>>;
  let browser: Browser;
  let context: BrowserContext;
  let page: Page;
  let trouble: string[];

  beforeAll(async () => {
    await ensureWebBuilt();
    [server, browser] = await Promise.all([startServer(), openBrowser()]);
    // Without motion: a color on its way to another one is no color of a theme.
    context = await browser.newContext({ viewport: { width: 1440, height: 900 }, locale: 'de-AT', reducedMotion: 'reduce' });
    trouble = watchTrouble(context, server.url);
    page = await context.newPage();
  });
  afterAll(async () => {
    await browser?.close();
    await server?.stop();
  });

  it('begin in the language of the browser', async () => {
    await page.goto(server.setupUrl ?? '');
    await page.getByLabel('Benutzername').fill('lhansen');
    await page.getByLabel('Vollständiger Name').fill('Dr. Lena Hansen');
    await page.getByLabel('Passwort').fill(PASSWORD);
    await page.getByRole('button', { name: 'Konto anlegen' }).click();
    await page.getByRole('link', { name: 'Zu den Studien' }).click();
    await page.getByText(SHOWN.de).waitFor();
    expect(await languageOf(page)).toEqual(['de', 'ltr']);
  });

  it.each(LANGUAGES)('change to %s and keep it, fit a desk and a phone, and are accessible in both themes', async (language) => {
    await page.goto(server.url);
    await choose(page, language);
    await page.getByText(SHOWN[language]).waitFor();
    const direction = language === 'ar' ? 'rtl' : 'ltr';
    for (const path of PATHS) {
      await page.goto(`${server.url}${path}`);
      await page.getByRole('main').waitFor();
      await page.getByText('Isocenter').first().waitFor();
      expect(await languageOf(page)).toEqual([language, direction]);
      for (const theme of ['dark', 'light']) {
        await page.locator('html').evaluate((html, value) => html.setAttribute('data-theme', value), theme);
        expect(await violations(page)).toEqual([]);
      }
      for (const width of [1440, 768, 390]) {
        await page.setViewportSize({ width, height: 900 });
        const overhang = await page
          .locator('html, main section')
          .evaluateAll((parts) => parts.map(({ scrollWidth, clientWidth }) => scrollWidth - clientWidth));
        expect(Math.max(...overhang)).toBeLessThanOrEqual(0);
      }
      await page.setViewportSize({ width: 1440, height: 900 });
    }
  });

  it('raise no error on the console in any of them', () => {
    expect(trouble).toEqual([]);
  });
});

async function languageOf(page: Page): Promise<[string | null, string | null]> {
  const html = page.locator('html');
  return [await html.getAttribute('lang'), await html.getAttribute('dir')];
}

/** The choice stands under its own name in every language, as the one list of five. */
async function choose(page: Page, language: string): Promise<void> {
  await page.getByRole('button', { name: 'Dr. Lena Hansen' }).click();
  const select = page.locator('select', { has: page.locator('option[value=ar]') });
  if ((await select.inputValue()) === language) return;
  await Promise.all([page.waitForEvent('load'), select.selectOption(language)]);
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
