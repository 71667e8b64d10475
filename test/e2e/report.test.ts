import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ADMINISTRATOR, type Desk, openDesk } from './administrator.ts';
import { hasChromium } from './browser.ts';
import { settledOverhang } from './overhang.ts';
import { fillWorld, type World } from './world.ts';

const AXE = fileURLToPath(new URL('../../node_modules/axe-core/axe.min.js', import.meta.url));
/** Storing and analyzing a whole phantom on a busy machine. */
const ANALYSIS_TIMEOUT_MS = 300_000;

describe.skipIf(!hasChromium)('a reading by keyboard only, from the worklist to the paper (needs chromium)', { timeout: 120_000 }, () => {
  let desk: Desk;
  let page: Page;
  let world: World;

  beforeAll(async () => {
    desk = await openDesk({ context: { reducedMotion: 'reduce' } });
    page = desk.page;
    world = await fillWorld(desk.server, { isAnalyzed: true });
  }, ANALYSIS_TIMEOUT_MS);
  afterAll(async () => desk?.close());

  const press = async (...keys: string[]): Promise<void> => {
    for (const key of keys) await page.keyboard.press(key);
  };
  it('opens the study, decides on each finding, and goes on to the report', async () => {
    await page.goto(`${desk.server.url}/studies/${world.study}`);
    const findings = page.getByRole('list', { name: 'Findings' }).getByRole('listitem');
    await findings.first().waitFor();
    const count = await findings.count();
    expect(count).toBeGreaterThanOrEqual(2);
    await press('j', 'e');
    await page.getByLabel('Diameter (mm)').fill('-1');
    expect(await page.getByRole('button', { name: 'Save', exact: true }).isDisabled()).toBe(true);
    await page.getByLabel('Diameter (mm)').fill('17.3');
    await page.getByRole('button', { name: 'Save', exact: true }).press('Enter');
    await findings.nth(0).getByText('Edited', { exact: true }).first().waitFor();
    await findings.nth(0).getByText('17.3', { exact: false }).first().waitFor();
    // What is read anew after a decision does not hold up the next one.
    const findingsOf = `**/api/v1/studies/${world.study}/findings`;
    await page.route(findingsOf, async (route) => {
      await new Promise((resolve) => setTimeout(resolve, 3_000));
      // One that was still waiting when this ended has gone its way.
      await route.continue().catch(() => undefined);
    });
    await press('k', 'a');
    await findings.nth(0).getByText('Accepted', { exact: true }).first().waitFor();
    await press('r');
    await page.getByLabel('Reason for rejecting').waitFor();
    await page.keyboard.type('Vessel seen end on');
    await press('Enter');
    await findings.nth(1).getByText('Rejected', { exact: true }).first().waitFor();
    await page.unroute(findingsOf);
    for (let index = 2; index < count; index++) {
      await findings.nth(index).getByRole('button', { name: 'Accept', exact: true }).waitFor();
      await press('a');
      await findings.nth(index).getByText('Accepted', { exact: true }).first().waitFor();
    }
    await press('Alt+w');
    await page.getByRole('button', { name: 'Write draft' }).waitFor();
    await page.locator('button:focus', { hasText: 'Write draft' }).waitFor();
    await press('Enter');
    await page.getByRole('toolbar', { name: 'Writing tools' }).waitFor();
    await expectFocus(page, 'Findings');
  });

  it('shows what comes from the AI until it is confirmed, and leads from a sentence to its finding', async () => {
    const open = page.getByText(/AI text not reviewed/).first();
    await open.waitFor();
    await press('Control+Home', 'Alt+e');
    await page.getByRole('list', { name: 'Sentences and their findings' }).first().waitFor();
    await press('Alt+Enter');
    await page.getByText('Saved', { exact: true }).waitFor();
    await page
      .getByRole('button', { name: /^Show: Finding 1, confirmed/ })
      .first()
      .waitFor();
    await press('Alt+b');
    await page.getByRole('list', { name: 'Findings' }).getByRole('button', { expanded: true }).waitFor();
    await press('Alt+w');
    await expectFocus(page, 'Findings');
  });

  it('expands a macro, fills the fields of a template, and takes the template back', async () => {
    await press('Alt+i');
    const dialog = page.getByRole('dialog');
    await dialog.getByRole('combobox').waitFor();
    await press('Tab', 'Tab');
    await dialog.getByRole('button', { name: 'Macros' }).press('Enter');
    await page.getByLabel('Code').fill('sy');
    await page.getByLabel('Text', { exact: true }).fill('The images are synthetic.');
    await page.getByRole('button', { name: 'Add macro' }).press('Enter');
    await dialog.getByText('.sy').waitFor();
    await press('Escape');
    await dialog.waitFor({ state: 'detached' });

    const impression = page.getByRole('textbox', { name: 'Impression', exact: true });
    await impression.focus();
    await press('Control+End', 'Enter');
    await page.keyboard.type('.sy');
    await press('Tab');
    await expect.poll(() => impression.inputValue()).toMatch(/\nThe images are synthetic\.$/);

    await press('Alt+t');
    await page.getByRole('button', { name: 'Use: CT of the chest' }).press('Enter');
    const findings = page.getByRole('textbox', { name: 'Findings', exact: true });
    await expectValue(findings, 'Airways: [patent|___].');
    await findings.focus();
    await press('Control+Home', 'F2', 'Alt+1');
    await expectValue(findings, 'Airways: patent.');
    await page.getByText(/^Checks: .*blocking/).waitFor();
    await page.getByRole('button', { name: 'Undo' }).press('Enter');
    await expect.poll(async () => (await findings.inputValue()).includes('Airways')).toBe(false);
  });

  it('checks the text, records a critical result, and asks that warnings be acknowledged', async () => {
    const impression = page.getByRole('textbox', { name: 'Impression', exact: true });
    await impression.focus();
    await press('Control+End', 'Enter');
    await page.keyboard.type('Nodule of [size] mm.');
    await page.getByText(/^Checks: 1 blocking/).waitFor();
    await press('Alt+c');
    await page.getByRole('button', { name: /^Go to the place: A field is still to be filled in/ }).press('Enter');
    await page.keyboard.type('7');
    await page.getByText(/^Checks: \d+ warnings?$|^Nothing stands/).waitFor();
    await expect.poll(() => impression.inputValue()).toMatch(/Nodule of 7 mm\.$/);
    await press('Alt+c', 'Alt+r');
    await page.getByLabel('What has to be known').fill('Suspicious nodule');
    await page.getByRole('button', { name: 'Mark as critical' }).press('Enter');
    await page.getByText('Nobody told yet').waitFor();
    await page.getByLabel('Told to').fill('Dr. Abe Sato');
    await page.getByRole('button', { name: 'Record that they were told' }).press('Enter');
    await page.getByRole('button', { name: 'Put the sentence into the impression' }).press('Enter');
    await expectValue(impression, 'Critical result (Suspicious nodule) communicated to Dr. Abe Sato by telephone');
    await page.getByText('Saved', { exact: true }).waitFor();
  });

  it('shows the pages, and is accessible in both themes and on a phone', async () => {
    await press('Alt+p');
    const pages = page.getByRole('img', { name: 'Pages of the report as they will be printed' });
    await pages.waitFor();
    expect(await pages.evaluate((image) => 'naturalHeight' in image && Number(image.naturalHeight))).toBeGreaterThan(500);
    await press('Escape');
    for (const theme of ['dark', 'light']) {
      await page.locator('html').evaluate((html, value) => html.setAttribute('data-theme', value), theme);
      expect(await violations(page)).toEqual([]);
    }
    await page.locator('html').evaluate((html) => html.setAttribute('data-theme', 'dark'));
    await page.setViewportSize({ width: 390, height: 844 });
    expect(await settledOverhang(page)).toBe(0);
    await page.setViewportSize({ width: 1440, height: 900 });
  });

  it('does not overwrite what another reader saved', async () => {
    const other = await desk.context.newPage();
    await other.goto(`${desk.server.url}/studies/${world.study}`);
    await other.getByRole('tab', { name: /Report/ }).click();
    const theirs = other.getByLabel('Clinical information', { exact: true });
    await theirs.waitFor();
    const mine = page.getByLabel('Clinical information', { exact: true });
    const saved = page.waitForResponse((answer) => answer.request().method() === 'PUT' && answer.ok());
    // Whichever is saved first wins: on a busy machine that has to be told.
    await other.route(/\/api\/v1\/reports\//, async (route) => {
      if (route.request().method() === 'PUT') await saved;
      await route.continue();
    });
    await theirs.focus();
    await other.keyboard.type('Fever. ');
    await mine.focus();
    await page.keyboard.type('Cough. ');
    await saved;
    await other.getByText('Your text is not saved').waitFor();
    await other.getByRole('button', { name: 'Compare', exact: true }).click();
    await other.getByRole('dialog').getByText('removed').first().waitFor();
    await other.keyboard.press('Escape');
    await other.getByRole('button', { name: 'Take theirs' }).click();
    await expectValue(theirs, 'Cough.');
    await other.close();
    // The refusal is shown in words; the browser also tells it to the console.
    desk.trouble.splice(0, desk.trouble.length, ...desk.trouble.filter((line) => !line.includes('412')));
  });

  it('is signed with the password, printed, and added to', async () => {
    await press('Alt+s');
    await page.getByLabel('Your password').waitFor();
    await page.keyboard.type(ADMINISTRATOR.password);
    const seen = page.getByLabel('I have seen these warnings and sign all the same');
    const sign = page.getByRole('button', { name: 'Sign report' });
    // The checks of what was typed last may still be on their way.
    await expect.poll(async () => (await seen.count()) > 0 || (await sign.isEnabled())).toBe(true);
    if ((await seen.count()) > 0) await seen.press('Space');
    await page.getByLabel('Your password').focus();
    await press('Enter');
    await page.getByText('Signed and locked').waitFor();
    const link = page.getByRole('link', { name: 'Open PDF' });
    await link.waitFor({ timeout: 60_000 });
    const pdf = await desk.context.request.get(new URL((await link.getAttribute('href')) ?? '', desk.server.url).href);
    expect((await pdf.body()).subarray(0, 5).toString()).toBe('%PDF-');

    await page.getByRole('button', { name: 'Add addendum' }).press('Enter');
    await page.getByLabel('Text of the addendum').fill('Discussed with the clinician.');
    await page.getByLabel('Your password').fill(ADMINISTRATOR.password);
    await page.getByRole('button', { name: 'Sign addendum' }).press('Enter');
    await page.getByRole('heading', { name: 'Addendum 1' }).waitFor();
    await page.getByText('Discussed with the clinician.').waitFor();
    expect(await violations(page)).toEqual([]);
  });

  it('raised no error on the console', () => {
    expect(desk.trouble).toEqual([]);
  });
});

async function expectFocus(page: Page, name: string): Promise<void> {
  await page.getByRole('textbox', { name, exact: true }).and(page.locator(':focus')).waitFor();
}

async function expectValue(field: ReturnType<Page['getByLabel']>, part: string): Promise<void> {
  await expect.poll(async () => field.inputValue()).toContain(part);
}

/** What axe finds against WCAG 2.2 A and AA beside the picture, as rule and element. */
async function violations(page: Page): Promise<string[]> {
  await page.evaluate(await readFile(AXE, 'utf8'));
  return await page.evaluate(async () => {
    const { axe } = globalThis as unknown as { axe: { run(within: string, options: object): Promise<{ violations: Violation[] }> } };
    type Violation = { id: string; nodes: { target: string[] }[] };
    const found = await axe.run('aside', { runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa'] });
    return found.violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ target }) => target.join(' ')).join(', ')}`);
  });
}
