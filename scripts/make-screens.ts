// `npm run screens [name | look | name-look …]`: pictures of the screens for the documentation, of a server of its own that holds nothing
// but synthetic and invented data. Written to docs/screens/NAME-{dark,light,arabic,phone}.png; without arguments all of them, and pictures
// of screens that are no more are removed.
import { mkdirSync } from 'node:fs';
import { readdir, rm, writeFile } from 'node:fs/promises';
import process from 'node:process';
import { fileURLToPath } from 'node:url';
import type { Browser, BrowserContextOptions } from 'playwright-core';
import sharp from 'sharp';
import { openDesk } from '../test/e2e/administrator.ts';
import { fillOffice } from '../test/e2e/office.ts';
import { openScreen, SCREENS, type Screen } from '../test/e2e/screens.ts';
import { fillWorld, type World } from '../test/e2e/world.ts';

const FOLDER = fileURLToPath(new URL(process.env['SCREENS_FOLDER'] ?? '../docs/screens/', import.meta.url));
const DESK = { width: 1440, height: 900 };
const PHONE = { width: 390, height: 844 };
const MOST_BYTES = 400_000;
/** Enough for grey surfaces and a few meanings; a picture of a body needs fewer to stay small, and is then narrower as well. */
const WAYS = [
  { colors: 96, width: 1440 },
  { colors: 32, width: 1440 },
  { colors: 32, width: 1080 },
  { colors: 24, width: 800 },
];

type Variant = { name: string; language: string; theme: string; options: BrowserContextOptions };
const VARIANTS: readonly Variant[] = [
  { name: 'dark', language: 'en', theme: 'dark', options: { viewport: DESK } },
  { name: 'light', language: 'en', theme: 'light', options: { viewport: DESK } },
  { name: 'arabic', language: 'ar', theme: 'dark', options: { viewport: DESK } },
  { name: 'phone', language: 'en', theme: 'dark', options: { viewport: PHONE, hasTouch: true, isMobile: true } },
];

const asked = process.argv.slice(2);
const isAsked = (screen: string, look: string): boolean =>
  asked.length === 0 || [screen, look, `${screen}-${look}`].some((name) => asked.includes(name));
const screens = SCREENS.filter(({ name }) => VARIANTS.some((variant) => isAsked(name, variant.name)));
mkdirSync(FOLDER, { recursive: true });
if (asked.length === 0) await removeStrangers();
const desk = await openDesk({
  env: { ISOCENTER_DICOM_PORT: '11112', ISOCENTER_EGRESS_ALLOW: 'https://ris.example.org', ISOCENTER_RATE_LIMITS: 'off' },
});
try {
  const world = await fillWorld(desk.server, { isAnalyzed: screens.some(({ isAnalyzed }) => isAnalyzed === true) });
  await fillOffice(desk.server, world);
  const state = await desk.context.storageState();
  for (const changes of [false, true]) {
    const some = screens.filter((screen) => (screen.changes ?? false) === changes);
    for (const variant of VARIANTS) await takeAll(desk.browser, some, { origin: desk.server.url, variant, world, state });
  }
} finally {
  await desk.close();
}

type Session = { origin: string; variant: Variant; world: World; state: NonNullable<BrowserContextOptions['storageState']> };

async function removeStrangers(): Promise<void> {
  const known = new Set(SCREENS.flatMap(({ name }) => VARIANTS.map((variant) => `${name}-${variant.name}.png`)));
  for (const file of await readdir(FOLDER)) if (file.endsWith('.png') && !known.has(file)) await rm(`${FOLDER}/${file}`);
}

async function takeAll(browser: Browser, some: readonly Screen[], { origin, variant, world, state }: Session): Promise<void> {
  const context = await browser.newContext({ ...variant.options, storageState: state, reducedMotion: 'reduce' });
  await context.addInitScript(
    ({ language, theme }) => {
      localStorage.setItem('isocenter.language', language);
      localStorage.setItem('isocenter.theme', theme);
    },
    { language: variant.language, theme: variant.theme },
  );
  const page = await context.newPage();
  page.setDefaultTimeout(90_000);
  for (const screen of some.filter(({ name }) => isAsked(name, variant.name))) {
    await openScreen(page, origin, screen, world);
    await page.waitForLoadState('networkidle');
    await screen.pictured?.(page);
    await save(await page.screenshot(), screen, variant);
  }
  await context.close();
}

async function save(png: Buffer, screen: Screen, variant: Variant): Promise<void> {
  const file = `${screen.name}-${variant.name}.png`;
  for (const { colors, width } of WAYS) {
    const small = await sharp(png)
      .resize({ width, withoutEnlargement: true })
      .png({ palette: true, colours: colors, effort: 10 })
      .toBuffer();
    if (small.length > MOST_BYTES && width > 800) continue;
    await writeFile(`${FOLDER}/${file}`, small);
    return console.log(`${file}: ${Math.round(small.length / 1000)} kB`);
  }
}
