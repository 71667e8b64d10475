import type { Browser, BrowserContext, Page } from 'playwright-core';
import type { UploadResult } from '../../src/contract/studies.ts';
import { type ServerProcess, startServer } from '../server.ts';
import { openBrowser, watchTrouble } from './browser.ts';
import { ensureWebBuilt } from './web-build.ts';

const PASSWORD = 'heron walks north at nine';
/** Files of one request. */
const BATCH = 40;

export type ReadingRoom = {
  server: ServerProcess;
  browser: Browser;
  context: BrowserContext;
  page: Page;
  trouble: string[];
  close(): Promise<void>;
};

/** A server with an administrator whose session a browser has. */
export async function openReadingRoom(options: { webGl: boolean; locale?: string }): Promise<ReadingRoom> {
  await ensureWebBuilt();
  const [server, browser] = await Promise.all([startServer({ ISOCENTER_RATE_LIMITS: 'off' }), openBrowser(options)]);
  const viewport = { width: 1440, height: 900 };
  const context = await browser.newContext({ viewport, locale: options.locale ?? 'en-GB', reducedMotion: 'reduce' });
  const trouble = watchTrouble(context, server.url);
  const token = server.setupUrl?.split('#token=')[1];
  const account = { token, username: 'lhansen', full_name: 'Dr. Lena Hansen', password: PASSWORD };
  const made = await context.request.post(`${server.url}/api/v1/auth/setup`, { data: account });
  const signedIn = await context.request.post(`${server.url}/api/v1/auth/login`, { data: { username: 'lhansen', password: PASSWORD } });
  if (!made.ok() || !signedIn.ok()) throw new Error(`${await made.text()} ${await signedIn.text()}`);
  const page = await context.newPage();
  const close = async (): Promise<void> => {
    await browser.close();
    await server.stop();
  };
  return { server, browser, context, page, trouble, close };
}

/** Stores DICOM files; gives the studies that they are in. */
export async function store({ context, server }: ReadingRoom, files: readonly Uint8Array[]): Promise<string[]> {
  const cookies = await context.cookies(server.url);
  const headers = { cookie: cookies.map(({ name, value }) => `${name}=${value}`).join('; '), origin: server.url };
  const studies = new Set<string>();
  for (let start = 0; start < files.length; start += BATCH) {
    const body = new FormData();
    for (const [index, bytes] of files.slice(start, start + BATCH).entries())
      body.append('files', new Blob([new Uint8Array(bytes)]), `${start + index}.dcm`);
    const answer = await fetch(`${server.url}/api/v1/studies`, { method: 'POST', headers, body });
    // The server reduces every answer to the endpoint's schema.
    const result = (await answer.json()) as UploadResult;
    if (!answer.ok || result.refused > 0) throw new Error(JSON.stringify(result));
    for (const { study_instance_uid } of result.items) if (study_instance_uid) studies.add(study_instance_uid);
  }
  return [...studies];
}

/** Opens a study and waits for its first picture. */
export async function openStudy({ page, server }: ReadingRoom, studyInstanceUid: string): Promise<void> {
  await page.goto(`${server.url}/studies/${studyInstanceUid}`);
  await page.locator('[data-shown]').first().waitFor();
}

/** Waits until a slice, from 1, is on the screen. */
export async function expectSlice(page: Page, slice: number): Promise<void> {
  await page.locator(`[data-cell="1"] [data-shown="${slice}"]`).waitFor();
}

type Point = readonly [x: number, y: number];

export async function drag(page: Page, [fromX, fromY]: Point, [toX, toY]: Point): Promise<void> {
  await page.mouse.move(fromX, fromY);
  await page.mouse.down();
  await page.mouse.move((fromX + toX) / 2, (fromY + toY) / 2);
  await page.mouse.move(toX, toY);
  await page.mouse.up();
}
