import { Secret, TOTP } from 'otpauth';
import type { Browser, BrowserContext, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type ServerProcess, startServer } from '../server.ts';
import { openRealProvider, type RealProvider } from '../sign-on-provider.ts';
import { hasChromium, openBrowser } from './browser.ts';
import { ensureWebBuilt } from './web-build.ts';

const PASSWORD = 'heron walks north at nine';
const USERNAME = 'lena';
const IN = 'the list of studies';

/** A browser's own WebAuthn, cookies and redirects: what no request without a browser shows. */
describe.skipIf(!hasChromium)('the ways in, in a browser (needs chromium)', { timeout: 120_000 }, () => {
  let server: ServerProcess;
  let browser: Browser;
  let context: BrowserContext;
  let page: Page;
  let idp: RealProvider;
  /** Passkeys are tied to a name, and `localhost` is another site than the provider's 127.0.0.1. */
  let origin: string;

  beforeAll(async () => {
    await ensureWebBuilt();
    idp = await openRealProvider();
    [server, browser] = await Promise.all([startServer({ ISOCENTER_EGRESS_ALLOW: idp.issuer }), openBrowser()]);
    origin = `http://localhost:${new URL(server.url).port}`;
    context = await browser.newContext();
    page = await context.newPage();
    const token = new URL(server.setupUrl ?? '').hash.replace('#token=', '');
    const account = { token, username: USERNAME, full_name: 'Lena Hansen', password: PASSWORD };
    const made = await context.request.post(`${origin}/api/v1/auth/setup`, { data: account });
    expect(made.status()).toBe(201);
  }, 120_000);
  afterAll(async () => {
    await browser?.close();
    await server?.stop();
    await idp?.close();
  });

  const post = (path: string, body: object): Promise<Record<string, unknown>> =>
    page.evaluate(
      async ([address, data]) => {
        const init = { method: 'POST', headers: { 'content-type': 'application/json' }, body: data };
        return (await (await fetch(address, init)).json()) as Record<string, unknown>;
      },
      [`/api/v1/${path}`, JSON.stringify(body)] as const,
    );
  const signInWithPassword = async (): Promise<void> => {
    await page.goto(`${origin}/sign-in`);
    await page.getByLabel('User name').fill(USERNAME);
    await page.getByLabel('Password').fill(PASSWORD);
    await page.getByRole('button', { name: 'Sign in', exact: true }).click();
  };
  /** Waits until the page has left the sign-in: who is in. */
  const whoIsIn = async (): Promise<string> => {
    await page.waitForURL((url) => url.origin === origin && url.pathname === '/', { timeout: 30_000 });
    const profile = await page.evaluate(async () => (await (await fetch('/api/v1/auth/profile')).json()) as { username: string });
    return profile.username;
  };

  it('a passkey of the browser is made and signs in, and the password then needs a code', async () => {
    const devtools = await context.newCDPSession(page);
    await devtools.send('WebAuthn.enable');
    await devtools.send('WebAuthn.addVirtualAuthenticator', {
      options: {
        protocol: 'ctap2',
        transport: 'internal',
        hasResidentKey: true,
        hasUserVerification: true,
        isUserVerified: true,
        automaticPresenceSimulation: true,
      },
    });
    await signInWithPassword();
    expect(await whoIsIn(), IN).toBe(USERNAME);
    const options = JSON.stringify(await post('auth/passkeys/options', { password: PASSWORD }));
    // As text: these names are the browser's, and the types of tests are those of Node.
    const credential = await page.evaluate(`(async () => {
      const publicKey = PublicKeyCredential.parseCreationOptionsFromJSON(${options});
      return (await navigator.credentials.create({ publicKey })).toJSON();
    })()`);
    const added = await post('auth/passkeys', { name: 'This browser', credential });
    expect(added['recovery_codes']).toHaveLength(10);
    await post('auth/logout', {});

    await page.goto(`${origin}/sign-in`);
    await page.getByRole('button', { name: 'Sign in with a passkey' }).click();
    expect(await whoIsIn(), IN).toBe(USERNAME);

    const { secret } = await post('auth/totp', {});
    const code = (steps = 0) => TOTP.generate({ secret: Secret.fromBase32(String(secret)), timestamp: Date.now() + steps * 30_000 });
    await post('auth/totp/confirm', { code: code() });
    await post('auth/logout', {});
    await signInWithPassword();
    // The code of the present step is used up; that of the next one counts already.
    await page.getByLabel('Code').fill(code(1));
    await page.getByRole('button', { name: 'Sign in', exact: true }).click();
    expect(await whoIsIn(), IN).toBe(USERNAME);
  });

  it('a provider on another site is added in the administration, and leads back into a session, whose cookie no other site is sent', async () => {
    await page.goto(`${origin}/admin/providers`);
    await page.getByRole('button', { name: 'Add provider' }).click();
    const dialog = page.getByRole('dialog', { name: 'Add provider' });
    await dialog.getByLabel('Name').fill('the hospital');
    await dialog.getByLabel('Issuer').fill(idp.issuer);
    await dialog.getByLabel('Client id').fill('isocenter');
    await dialog.getByLabel('Client secret').fill('s');
    await dialog.getByLabel('Role for others').selectOption('Doctor');
    await dialog.getByRole('switch', { name: 'Whoever has no account gets one' }).click();
    await dialog.getByRole('button', { name: 'Save' }).click();
    const redirect_uri = await page.getByTitle('Address to enter at the provider', { exact: true }).textContent();
    await idp.serve([{ client_id: 'isocenter', client_secret: 's', redirect_uris: [String(redirect_uri)] }]);
    idp.people.set('nora', { claims: { preferred_username: 'nora' } });
    idp.nextIs('nora');
    await post('auth/logout', {});
    await page.goto(`${origin}/sign-in`);
    await page.getByRole('button', { name: 'Sign in with the hospital' }).click();
    expect(await whoIsIn(), IN).toBe('nora');
    const cookies = await context.cookies(origin);
    expect(cookies.map(({ name, httpOnly, sameSite }) => [name, httpOnly, sameSite])).toEqual([['isocenter_session', true, 'Strict']]);
  });
});
