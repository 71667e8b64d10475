import { Secret, TOTP } from 'otpauth';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ADMINISTRATOR, type Desk, openAccountMenu, openDesk, signInAs } from './administrator.ts';
import { besidesRefusals, hasChromium } from './browser.ts';

describe.skipIf(!hasChromium)('the own account in a browser (needs chromium)', { timeout: 120_000 }, () => {
  let desk: Desk;
  let page: Desk['page'];
  let recoveryCode: string;

  beforeAll(async () => {
    desk = await openDesk();
    page = desk.page;
  });
  afterAll(() => desk?.close());

  it('is all that is shown to a role that needs a second factor and has none', async () => {
    const status = await page.evaluate(async () => {
      const headers = { 'content-type': 'application/json' };
      return (await fetch('/api/v1/policies', { method: 'PUT', headers, body: '{"mfa_required":["admin"]}' })).status;
    });
    expect(status).toBe(200);
    await page.goto(`${desk.server.url}/patients`);
    await page.waitForURL((url) => url.pathname === '/account');
    await page.getByText('Your role needs a second factor').waitFor();
  });

  it('gets an authenticator app, whose key is drawn on the page, and recovery codes once', async () => {
    const card = page.getByRole('region', { name: 'Authenticator app' });
    await card.getByRole('button', { name: 'Set up' }).click();
    await card.getByLabel('Password').fill(ADMINISTRATOR.password);
    await card.getByRole('button', { name: 'Set up' }).click();
    await card.getByRole('img', { name: 'Authenticator app' }).waitFor();
    const key = ((await card.locator('code').first().textContent()) ?? '').replaceAll(' ', '');
    await card.getByLabel('Code').fill(new TOTP({ secret: Secret.fromBase32(key) }).generate());
    await card.getByRole('button', { name: 'Activate' }).click();
    await card.getByText('In use since').waitFor();
    const codes = card.getByRole('region', { name: 'Recovery codes' }).getByRole('listitem');
    await expect.poll(() => codes.count()).toBe(10);
    recoveryCode = (await codes.first().textContent()) ?? '';
    await card.locator('svg[role=img]').waitFor({ state: 'detached' });
    await page.getByRole('link', { name: 'Patients' }).waitFor();
  });

  it('asks for a second step at the next sign-in, which a recovery code answers once', async () => {
    await (await openAccountMenu(page)).getByRole('button', { name: 'Sign out' }).click();
    await signInAs(page, ADMINISTRATOR.username, ADMINISTRATOR.password);
    await page.getByLabel('Code').fill(recoveryCode);
    await page.getByRole('button', { name: 'Sign in', exact: true }).click();
    await page.getByText('No studies yet').waitFor();
    await (await openAccountMenu(page)).getByRole('link', { name: 'Account' }).click();
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
    expect(besidesRefusals(desk.trouble, [400, 401, 403])).toEqual([]);
  });
});
