import type { Browser, BrowserContext, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startServer } from '../server.ts';
import { ADMINISTRATOR } from './administrator.ts';
import { violationsOf } from './axe.ts';
import { hasChromium, openBrowser, watchTrouble } from './browser.ts';
import { settledOverhang } from './overhang.ts';
import { openScreen, SCREENS } from './screens.ts';
import { ensureWebBuilt } from './web-build.ts';
import { fillWorld, type World } from './world.ts';

/** A color says the same in every language, so not each language sees each theme. */
const LANGUAGES = [
  { language: 'en', patients: 'Patients', themes: ['dark', 'light', 'contrast'] },
  // Other words in the same places: what they change is how wide things are.
  { language: 'de', patients: 'Patienten', themes: [] },
  { language: 'fr', patients: 'Patients', themes: [] },
  { language: 'es', patients: 'Pacientes', themes: [] },
  { language: 'ar', patients: 'المرضى', themes: ['dark', 'light'] },
];
const WIDTHS = [1440, 768, 390];
/** As wide as a page of 1280 px at 400 % (WCAG 1.4.10). */
const NARROWEST = 320;

/** Some screens have several pictures. */
const ADDRESSES = SCREENS.filter(({ path }, index) => SCREENS.findIndex((other) => other.path === path) === index);

describe.skipIf(!hasChromium)('the screens in five languages (needs chromium)', { timeout: 300_000 }, () => {
  let server: Awaited<ReturnType<typeof startServer>>;
  let browser: Browser;
  let context: BrowserContext;
  let page: Page;
  let trouble: string[];
  let world: World;

  beforeAll(async () => {
    await ensureWebBuilt();
    [server, browser] = await Promise.all([startServer(), openBrowser()]);
    // Without motion: a color on its way to another one is no color of a theme.
    const options = { viewport: { width: 1440, height: 900 }, locale: 'de-AT', reducedMotion: 'reduce', serviceWorkers: 'block' } as const;
    context = await browser.newContext(options);
    trouble = watchTrouble(context, server.url);
    page = await context.newPage();
    page.setDefaultTimeout(20_000);
  });
  afterAll(async () => {
    await browser?.close();
    await server?.stop();
  });

  it('begin in the language of the browser', async () => {
    await page.goto(server.setupUrl ?? '');
    await page.getByLabel('Benutzername').fill(ADMINISTRATOR.username);
    await page.getByLabel('Vollständiger Name').fill(ADMINISTRATOR.fullName);
    await page.getByLabel('Passwort').fill(ADMINISTRATOR.password);
    await page.getByRole('button', { name: 'Konto anlegen' }).click();
    await page.getByRole('link', { name: 'Zu den Studien' }).click();
    await page.getByRole('navigation').getByRole('link', { name: 'Patienten' }).waitFor();
    expect(await languageOf(page)).toEqual(['de', 'ltr']);
    world = await fillWorld(server, { isAnalyzed: false });
  });

  it.each(LANGUAGES)('change to $language and keep it, fit a desk and a phone, and are accessible in every theme', async (about) => {
    const { language, patients, themes } = about;
    await page.goto(server.url);
    await choose(page, language);
    await page.getByRole('navigation').getByRole('link', { name: patients }).waitFor();
    const found: string[] = [];
    for (const screen of ADDRESSES) {
      await openScreen(page, server.url, screen, world);
      expect(await languageOf(page)).toEqual([language, language === 'ar' ? 'rtl' : 'ltr']);
      for (const theme of themes) {
        await page.locator('html').evaluate((html, value) => html.setAttribute('data-theme', value), theme);
        found.push(...(await violationsOf(page)).map((violation) => `${screen.name}, ${theme}: ${violation}`));
      }
      for (const width of language === 'en' ? [...WIDTHS, NARROWEST] : WIDTHS) {
        await page.setViewportSize({ width, height: 900 });
        const wide = await settledOverhang(page);
        if (wide > 0) found.push(`${screen.name} is wider than ${width}: ${wide}`);
      }
      await page.setViewportSize({ width: 1440, height: 900 });
    }
    expect(found).toEqual([]);
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
  await page.getByRole('button', { name: ADMINISTRATOR.fullName }).click();
  const select = page.locator('select', { has: page.locator('option[value=ar]') });
  if ((await select.inputValue()) === language) return;
  await Promise.all([page.waitForEvent('load'), select.selectOption(language)]);
}
