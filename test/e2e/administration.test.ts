import type { BrowserContext, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { secondaryCapture } from '../builders.ts';
import { type Desk, openDesk, signInAs } from './administrator.ts';
import { violationsOf } from './axe.ts';
import { besidesRefusals, hasChromium, watchTrouble } from './browser.ts';
import { settledOverhang } from './overhang.ts';

const PASSWORD = 'otters sleep late in june';
const STUDY = '2.25.990001';
const SCREENS = [
  'users',
  'emergency',
  'keys',
  'shares',
  'providers',
  'policies',
  'tenants',
  'audit',
  'privacy',
  'recycle',
  'encryption',
  'settings',
  'licenses',
  'about',
];

describe.skipIf(!hasChromium)('the administration in a browser (needs chromium)', { timeout: 180_000 }, () => {
  let desk: Desk;
  let page: Page;
  let key: string;
  let shareUrl: string;

  beforeAll(async () => {
    // Without motion: a color on its way to another one is no color of a theme.
    desk = await openDesk({ context: { reducedMotion: 'reduce' } });
    page = desk.page;
  }, 120_000);
  afterAll(() => desk?.close());

  /** Somebody else at another computer, whose page is watched as well. */
  const openElsewhere = async (): Promise<{ context: BrowserContext; page: Page; trouble: string[] }> => {
    const context = await desk.browser.newContext({ viewport: { width: 1440, height: 900 }, locale: 'en-GB' });
    return { context, page: await context.newPage(), trouble: watchTrouble(context, desk.server.url) };
  };
  const goTo = async (place: string): Promise<void> => {
    const places = page.getByRole('navigation', { name: 'Main' });
    // Beside a patient the places stand behind one button.
    const menu = places.getByRole('button', { name: 'Menu' });
    if (await menu.isVisible()) await menu.click();
    await places.getByRole('link', { name: 'Administration' }).filter({ visible: true }).click();
    await page.getByRole('navigation', { name: 'Administration' }).getByRole('link', { name: place }).click();
    await page.getByRole('heading', { name: place, level: 1 }).waitFor();
  };
  /** The line of a dialog that shows something once. */
  const shownOnce = async (title: string): Promise<string> => {
    const line = page.getByRole('dialog', { name: title }).locator('code');
    await line.waitFor();
    return (await line.textContent()) ?? '';
  };

  it('invites a person, who makes the account with the link, is signed in, and sees what the role allows', async () => {
    await goTo('Users');
    await page.getByRole('button', { name: 'Invite' }).click();
    const dialog = page.getByRole('dialog', { name: 'Invite' });
    await dialog.getByLabel('Role').selectOption('Technician');
    await dialog.getByRole('button', { name: 'Invite' }).click();
    const url = await shownOnce('Invitation');
    expect(new URL(url).pathname).toBe('/invitation');
    await page.getByRole('button', { name: 'Done' }).click();
    await page.getByRole('tab', { name: /Invitations/ }).click();
    await page.getByRole('cell', { name: 'Whoever has the link' }).waitFor();

    const there = await openElsewhere();
    await there.page.goto(url);
    await there.page.getByLabel('User name').fill('jroth');
    await there.page.getByLabel('Full name').fill('Julia Roth');
    await there.page.getByLabel('Password').fill(PASSWORD);
    await expect.poll(() => there.page.url()).not.toContain('token');
    await there.page.getByRole('button', { name: 'Make account' }).click();
    const main = there.page.getByRole('navigation', { name: 'Main' });
    await main.getByRole('link', { name: 'Patients' }).waitFor();
    expect(await main.getByRole('link', { name: 'Administration' }).count()).toBe(0);
    await there.page.goto(`${desk.server.url}/admin/users`);
    await there.page.getByText('There is nothing at this address').waitFor();
    expect(there.trouble).toEqual([]);
    await there.context.close();
  });

  it('lets people ask for an account, and approves one of them into a role', async () => {
    await goTo('Policies');
    await page.getByLabel('How people get an account').selectOption('Anybody may ask, an administrator approves');
    await page.getByRole('button', { name: 'Save' }).click();
    await page.getByText('The policies are changed').waitFor();

    const there = await openElsewhere();
    await there.page.goto(`${desk.server.url}/sign-in`);
    await there.page.getByRole('link', { name: 'Ask for an account' }).click();
    await there.page.getByRole('heading', { name: 'Ask for an account' }).waitFor();
    await there.page.getByLabel('User name').fill('asingh');
    await there.page.getByLabel('Full name').fill('Dr. Amrit Singh');
    await there.page.getByLabel('Password').fill(PASSWORD);
    await there.page.getByRole('button', { name: 'Ask', exact: true }).click();
    await there.page.getByText('Your request is on its way').waitFor();

    await goTo('Users');
    await page.getByRole('tab', { name: /Requests/ }).click();
    await page
      .getByRole('row', { name: /Amrit Singh/ })
      .getByRole('button', { name: 'Approve' })
      .click();
    const dialog = page.getByRole('dialog', { name: 'Dr. Amrit Singh' });
    await dialog.getByLabel('Role').selectOption('Doctor');
    await dialog.getByRole('button', { name: 'Approve' }).click();
    await page.getByText('Dr. Amrit Singh may sign in').waitFor();
    await page.getByRole('tab', { name: 'Accounts' }).click();
    await page
      .getByRole('row', { name: /asingh/ })
      .getByText('Doctor')
      .waitFor();

    await there.page.getByRole('link', { name: 'Go to the sign-in' }).click();
    await signInAs(there.page, 'asingh', PASSWORD);
    await there.page.getByRole('navigation', { name: 'Main' }).getByRole('link', { name: 'Patients' }).waitFor();
    expect(there.trouble).toEqual([]);
    await there.context.close();
  });

  it('deactivates an account, and takes that back with one click', async () => {
    await goTo('Users');
    await page.getByRole('button', { name: 'jroth' }).click();
    const drawer = page.getByRole('dialog', { name: 'Julia Roth' });
    await drawer.getByRole('button', { name: 'Deactivate' }).click();
    await page.getByText('Julia Roth is deactivated and signed out').waitFor();
    await drawer.getByRole('button', { name: 'Activate', exact: true }).waitFor();
    await drawer.getByRole('button', { name: 'Close' }).click();
    await page.getByRole('row', { name: /jroth/ }).getByText('Deactivated').waitFor();
    await page.getByRole('button', { name: 'Undo' }).click();
    await page.getByRole('row', { name: /jroth/ }).getByText('Active').waitFor();
  });

  it('makes a key for a machine, which does what it is for and nothing else', async () => {
    await goTo('API keys');
    await page.getByRole('button', { name: 'Add key' }).first().click();
    const dialog = page.getByRole('dialog', { name: 'Add key' });
    await dialog.getByLabel('Name').fill('CT 2');
    await dialog.getByLabel('study:write').check();
    await dialog.getByRole('button', { name: 'Add key' }).click();
    key = await shownOnce('New key');
    await page.getByRole('button', { name: 'Done' }).click();
    await page.getByRole('row', { name: /CT 2/ }).getByText('Active').waitFor();

    const form = new FormData();
    const bytes = secondaryCapture({ study: STUDY, series: `${STUDY}.1`, instance: `${STUDY}.1.1`, rows: 64, columns: 64 });
    form.append('file', new Blob([Buffer.from(bytes)]), 'a.dcm');
    const stored = await fetch(`${desk.server.url}/api/v1/studies`, { method: 'POST', headers: { 'x-api-key': key }, body: form });
    expect(stored.status).toBeLessThan(300);
    const read = await fetch(`${desk.server.url}/api/v1/studies`, { headers: { 'x-api-key': key } });
    expect(read.status).toBe(403);
  });

  it('finds what the key did in the audit trail, and the refusal', async () => {
    await goTo('Audit trail');
    await page.getByLabel('User name, key or AE title').fill('CT 2');
    await page
      .getByRole('row', { name: /Import/ })
      .getByText('Done')
      .waitFor();
    await page.getByLabel('Outcome').selectOption('Refused');
    await page.getByRole('button', { name: /CT 2/ }).first().click();
    const drawer = page.getByRole('dialog', { name: /^Entry \d+$/ });
    await drawer.getByText('API key', { exact: true }).waitFor();
    await drawer.getByText('GET /api/v1/studies').waitFor();
    await drawer.getByRole('button', { name: 'Close' }).click();
    const download = page.waitForEvent('download');
    await page.getByRole('button', { name: 'Export' }).click();
    await page.getByRole('menuitem', { name: /Signed lines/ }).click();
    expect((await download).suggestedFilename()).toBe('audit.ndjson');
    await page.getByRole('tab', { name: 'Statistics' }).click();
    await page.getByRole('region', { name: /Acts a day/ }).waitFor();
  });

  it('ends the key, which then opens nothing', async () => {
    await goTo('API keys');
    await page.getByRole('button', { name: 'End: CT 2' }).click();
    await page.getByRole('dialog').getByRole('button', { name: 'End', exact: true }).click();
    await page.getByRole('row', { name: /CT 2/ }).getByText('Ended').waitFor();
    const answer = await fetch(`${desk.server.url}/api/v1/auth/whoami`, { headers: { 'x-api-key': key } });
    expect(answer.status).toBe(401);
  });

  it('shares a study with a password: a visitor sees it, and nothing besides', async () => {
    await page.goto(`${desk.server.url}/studies/${STUDY}`);
    await page.getByRole('button', { name: 'Share' }).click();
    const dialog = page.getByRole('dialog', { name: 'Share by link' });
    await dialog.getByLabel('Password').fill('quiet otter');
    await dialog.getByLabel('Note').fill('For the referring practice');
    await dialog.getByRole('button', { name: 'Make link' }).click();
    shareUrl = await shownOnce('Link');
    await page.getByRole('button', { name: 'Done' }).click();

    const there = await openElsewhere();
    const asked: string[] = [];
    there.context.on('request', (request) => asked.push(`${request.url()} ${request.headers()['referer'] ?? ''}`));
    await there.page.goto(shareUrl);
    await there.page.getByLabel('Password').fill('wrong otter');
    await there.page.getByRole('button', { name: 'Open' }).click();
    await there.page.getByRole('alert').waitFor();
    await there.page.getByLabel('Password').fill('quiet otter');
    await there.page.getByRole('button', { name: 'Open' }).click();
    await there.page.getByRole('heading', { name: /Builder/ }).waitFor();
    await there.page.locator('canvas').first().waitFor();
    await there.page.getByRole('tab', { name: 'Report' }).click();
    await there.page.getByText('No signed report').waitFor();
    expect(await there.page.getByRole('navigation', { name: 'Main' }).count()).toBe(0);
    const token = new URL(shareUrl).hash.slice('#token='.length);
    expect(asked.filter((line) => line.includes(token))).toEqual([]);
    expect(desk.server.output()).not.toContain(token);
    expect(await violationsOf(there.page)).toEqual([]);

    await goTo('Share links');
    const row = page.getByRole('row', { name: /For the referring practice/ });
    await row.getByText('Study').waitFor();
    await row.getByRole('button', { name: /^End/ }).click();
    await page.getByText('The link has ended').waitFor();
    await there.page.reload();
    await there.page.getByText('The link is incomplete').waitFor();
    await there.page.goto(shareUrl);
    await there.page.getByRole('button', { name: 'Open' }).click();
    await there.page.getByText('The link does not work').waitFor();
    expect(besidesRefusals(there.trouble, [400, 401, 403])).toEqual([]);
    await there.context.close();
  });

  it.each(['dark', 'light'])('is accessible in the %s theme', async (theme) => {
    for (const screen of SCREENS) {
      await page.goto(`${desk.server.url}/admin/${screen}`);
      await page.getByRole('heading', { level: 1 }).waitFor();
      await page.locator('.animate-pulse').first().waitFor({ state: 'detached' });
      await page.locator('html').evaluate((html, value) => html.setAttribute('data-theme', value), theme);
      expect([screen, ...(await violationsOf(page))]).toEqual([screen]);
    }
  });

  it('fits a phone, also in Arabic', async () => {
    await page.setViewportSize({ width: 390, height: 844 });
    await page.evaluate("localStorage.setItem('isocenter.language', 'ar')");
    for (const screen of SCREENS) {
      await page.goto(`${desk.server.url}/admin/${screen}`);
      await page.getByRole('heading', { level: 1 }).waitFor();
      await page.locator('.animate-pulse').first().waitFor({ state: 'detached' });
      expect([screen, await settledOverhang(page)]).toEqual([screen, 0]);
      expect([screen, ...(await violationsOf(page))]).toEqual([screen]);
    }
  });

  it('raised no error on the console', () => {
    expect(desk.trouble).toEqual([]);
  });
});
