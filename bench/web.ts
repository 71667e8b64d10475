import { gzipSync } from 'node:zlib';
import type { Browser, BrowserContextOptions, Page } from 'playwright-core';
import { openDesk } from '../test/e2e/administrator.ts';
import { fillWorld } from '../test/e2e/world.ts';
import type { BenchRow } from './row.ts';
import { percentile } from './statistics.ts';

const ROUNDS = 7;
/** A main thread that had no task above 50 ms for this long is free for whoever types (https://web.dev/articles/tti, with a shorter window). */
const QUIET_MS = 500;

/** Runs in the page before anything of it. */
const WATCH = `(() => {
  const busy = [];
  new PerformanceObserver((list) => {
    for (const { startTime, duration } of list.getEntries()) busy.push(startTime + duration);
  }).observe({ type: 'longtask', buffered: true });
  globalThis.busyUntil = () => Math.max(0, ...busy);
})()`;
const READ = `(async () => {
  const next = () => new Promise((resolve) => requestAnimationFrame(resolve));
  let shownMs = await next();
  while (!document.querySelector('main [role="row"], main tbody tr')) shownMs = await next();
  let now = shownMs;
  while (now - Math.max(shownMs, busyUntil()) < ${QUIET_MS}) now = await next();
  const entries = performance.getEntriesByType('resource');
  return {
    interactiveMs: Math.max(shownMs, busyUntil()),
    shownMs,
    bytes: entries.reduce((sum, { transferSize }) => sum + transferSize, 0),
    files: entries.map(({ name }) => name).filter((name) => /\\.(js|css)$/.test(name)),
  };
})()`;

type Load = { interactiveMs: number; shownMs: number; bytes: number; gzippedBytes: number };

/** How soon the home screen can be used after its address was entered, with nothing kept on the device and with the app kept. */
export async function benchWeb(): Promise<BenchRow[]> {
  const desk = await openDesk({ env: { ISOCENTER_RATE_LIMITS: 'off' } });
  try {
    await fillWorld(desk.server, { isAnalyzed: false });
    const state = await desk.context.storageState();
    const first: Load[] = [];
    const again: Load[] = [];
    for (let round = 0; round < ROUNDS; round += 1) {
      const page = await openVisit(desk.browser, state);
      first.push(await loadHome(page, desk.server.url));
      await page.evaluate('navigator.serviceWorker.ready.then(() => true)');
      again.push(await loadHome(page, desk.server.url));
      await page.context().close();
    }
    return [...rowsOf('first visit', first), ...rowsOf('next visit, the app kept by the service worker', again).slice(0, 2)];
  } finally {
    await desk.close();
  }
}

async function openVisit(browser: Browser, storageState: NonNullable<BrowserContextOptions['storageState']>): Promise<Page> {
  const context = await browser.newContext({ viewport: { width: 1440, height: 900 }, storageState });
  await context.addInitScript({ content: WATCH });
  return context.newPage();
}

/** Milliseconds count from the start of the navigation: until a row is shown, and until the last long task after that is over. */
async function loadHome(page: Page, url: string): Promise<Load> {
  await page.goto(url, { waitUntil: 'commit' });
  const { files, ...load } = await page.evaluate<Omit<Load, 'gzippedBytes'> & { files: string[] }>(READ);
  const bodies = await Promise.all(files.map(async (file) => Buffer.from(await (await fetch(file)).arrayBuffer())));
  return { ...load, gzippedBytes: bodies.reduce((sum, body) => sum + gzipSync(body).length, 0) };
}

function rowsOf(visit: string, loads: readonly Load[]): BenchRow[] {
  const middle = (figure: keyof Load): number =>
    percentile(
      loads.map((load) => load[figure]),
      0.5,
    );
  const how = `${visit}; median of ${loads.length}, Chromium, desk window, the server on the same machine`;
  return [
    {
      name: `home can be used, ${visit}`,
      value: middle('interactiveMs'),
      unit: 'ms',
      target: '< 2000',
      note: `the last long task is over; ${how}`,
    },
    { name: `home is shown, ${visit}`, value: middle('shownMs'), unit: 'ms', note: `a row of the list is there; ${how}` },
    {
      name: 'home with frame, code and style',
      value: middle('gzippedBytes') / 1000,
      unit: 'kB',
      note: 'gzipped at the default level; the shell alone, which every screen needs, is held under 150 kB by test/e2e/app-shell.test.ts',
    },
    {
      name: 'home with frame, on the wire',
      value: middle('bytes') / 1000,
      unit: 'kB',
      note: 'brotli, fonts and answers of the API with it',
    },
  ];
}
