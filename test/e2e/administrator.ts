import type { Browser, BrowserContext, BrowserContextOptions, Page } from 'playwright-core';
import { type ServerProcess, startServer } from '../server.ts';
import { openBrowser, watchTrouble } from './browser.ts';
import { ensureWebBuilt } from './web-build.ts';

export const ADMINISTRATOR = { username: 'lhansen', fullName: 'Dr. Lena Hansen', password: 'heron walks north at nine' };

/** A browser before the real server, signed in as the administrator that was made through the screens. */
export type Desk = {
  server: ServerProcess & { dataDir: string };
  browser: Browser;
  context: BrowserContext;
  page: Page;
  /** Fills up with what goes wrong in the pages; a test at the end expects it to be empty. */
  trouble: string[];
  close(): Promise<void>;
};

export type DeskOptions = {
  /** Of the server: `ISOCENTER_…`. */
  env?: Record<string, string>;
  context?: BrowserContextOptions;
};

/** Builds the web app if it is not built, starts server and browser, and makes the administrator; ends at the empty list of studies. */
export async function openDesk({ env = {}, context: options = {} }: DeskOptions = {}): Promise<Desk> {
  await ensureWebBuilt();
  const [server, browser] = await Promise.all([startServer(env), openBrowser()]);
  const close = async (): Promise<void> => {
    await browser.close();
    await server.stop();
  };
  try {
    const context = await browser.newContext({
      viewport: { width: 1440, height: 900 },
      locale: 'en-GB',
      colorScheme: 'dark',
      // The app is the same without, and requests can be watched; `app-shell.test.ts` is about it.
      serviceWorkers: 'block',
      ...options,
    });
    const trouble = watchTrouble(context, server.url);
    const page = await context.newPage();
    await createAdministrator(page, server);
    return { server, browser, context, page, trouble, close };
  } catch (error) {
    await close();
    throw error;
  }
}

/** Signs in on the sign-in screen, in English. */
export async function signInAs(page: Page, username: string, password: string): Promise<void> {
  await page.getByLabel('User name').fill(username);
  await page.getByLabel('Password').fill(password);
  await page.getByRole('button', { name: 'Sign in', exact: true }).click();
}

/** Opens the menu of the account in the head of the page and gives it. */
export async function openAccountMenu(page: Page): Promise<ReturnType<Page['getByRole']>> {
  await page.getByRole('button', { name: ADMINISTRATOR.fullName }).click();
  return page.getByRole('group', { name: ADMINISTRATOR.fullName });
}

async function createAdministrator(page: Page, server: ServerProcess): Promise<void> {
  await page.goto(server.setupUrl ?? '');
  await page.getByLabel('User name').fill(ADMINISTRATOR.username);
  await page.getByLabel('Full name').fill(ADMINISTRATOR.fullName);
  await page.getByLabel('Password').fill(ADMINISTRATOR.password);
  await page.getByRole('button', { name: 'Create administrator' }).click();
  await page.getByRole('navigation', { name: 'Main' }).waitFor();
  await page.getByRole('link', { name: 'Go to the studies' }).click();
  await page.waitForURL((url) => url.pathname === '/');
  // What is done next must not cut off what the first screen still asks for.
  await page.getByText('No studies yet').waitFor();
  await page.getByText('Live', { exact: true }).waitFor();
}
