import { Secret, TOTP } from 'otpauth';
import type { Browser, BrowserContext, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startServer } from '../server.ts';
import { hasChromium, openBrowser, watchTrouble } from './browser.ts';
import { ensureWebBuilt } from './web-build.ts';

const PASSWORD = 'heron walks north at nine';

describe.skipIf(!hasChromium)('the own account in a browser (needs chromium)', { timeout: 120_000 }, () => {
  let server: Awaited<ReturnType<typeof startServer>>;
  let browser: Browser;
  let context: BrowserContext;
  let page: Page;
  let trouble: string[];
  let recoveryCode: string;

  beforeAll(async () => {
    await ensureWebBuilt();
    [server, browser] = await Promise.all([startServer(), openBrowser()]);
    context = await browser.newContext({ viewport: { width: 1440, height: 900 }, locale: 'en-GB' });
    trouble = watchTrouble(context, server.url);
    page = await context.newPage();
    await page.goto(server.setupUrl ?? '');
    await page.getByLabel('User name').fill('lhansen');
    await page.getByLabel('Full name').fill('Dr. Lena Hansen');
    await page.getByLabel('Password').fill(PASSWORD);
    await page.getByRole('button', { name: 'Create administrator' }).click();
    await page.getByText('No studies yet').waitFor();
  });
  afterAll(async () => {
    await browser?.close();
    await server?.stop();
  });

  it('gets an authenticator app, whose key is drawn on the page, and recovery codes once', async () => {
    await page.getByRole('link', { name: 'Account' }).click();
    const card = page.getByRole('region', { name: 'Authenticator app' });
    await card.getByRole('button', { name: 'Set up' }).click();
    await card.getByLabel('Password').fill(PASSWORD);
    await card.getByRole('button', { name: 'Set up' }).click();
    await card.getByRole('img', { name: 'Authenticator app' }).waitFor();
    const key = ((await card.locator('code').first().textContent()) ?? '').replaceAll(' ', '');
    await card.getByLabel('Code').fill(new TOTP({ secret: Secret.fromBase32(key) }).generate());
    await card.getByRole('button', { name: 'Activate' }).click();
    await card.getByText('In use since').waitFor();
    const codes = card.getByRole('region', { name: 'Recovery codes' }).getByRole('listitem');
    expect(await codes.count()).toBe(10);
    recoveryCode = (await codes.first().textContent()) ?? '';
    expect(await card.locator('svg[role=img]').count()).toBe(0);
  });

  it('asks for a second step at the next sign-in, which a recovery code answers once', async () => {
    await page.getByRole('button', { name: 'Sign out' }).click();
    await page.getByLabel('User name').fill('lhansen');
    await page.getByLabel('Password').fill(PASSWORD);
    await page.getByRole('button', { name: 'Sign in', exact: true }).click();
    await page.getByLabel('Code').fill(recoveryCode);
    await page.getByRole('button', { name: 'Sign in', exact: true }).click();
    await page.getByText('No studies yet').waitFor();
    await page.getByRole('link', { name: 'Account' }).click();
    await page.getByText('Recovery codes: 9 left').waitFor();
  });

  it('shows the sessions, and refuses a new password with the wrong old one', async () => {
    const sessions = page.getByRole('region', { name: 'Sessions' });
    await sessions.getByText('This one').waitFor();
    const card = page.getByRole('region', { name: 'Change password' });
    await card.getByLabel('Password', { exact: true }).fill('not the password at all');
    await card.getByLabel('New password').fill('otters sleep late in june');
    await card.getByRole('button', { name: 'Change password' }).click();
    await card.getByRole('alert').waitFor();
  });

  it('raised no error on the console but for the refused password', () => {
    expect(trouble.filter((line) => !/ 40[013] /.test(line))).toEqual([]);
  });
});
