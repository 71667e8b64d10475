import type { Browser, BrowserContext, Page } from 'playwright-core';
import { buildPhantom } from '../src/imaging/phantom.ts';
import { phantomDicom } from '../src/imaging/phantom-dicom.ts';
import { openReadingRoom, type ReadingRoom, store } from '../test/e2e/viewer-parts.ts';
import { hasOhif, startOhif } from '../test/ohif-host.ts';
import type { BenchRow } from './row.ts';
import { median, percentile } from './statistics.ts';
import { firstPicture, nextPicture, PROBE, settledPictures } from './viewer-probe.ts';

const ROUNDS = Number(process.env['VIEWER_ROUNDS'] ?? 5);
/** Slices that are gone through in a round, from the first. */
const SLICES = 30;
/** For so long a reader looks at the list of studies before the click, with either viewer. */
const LOOKED_AT_MS = 5_000;
const HOW = `median of ${ROUNDS} rounds, Chromium that draws WebGL on the processor, server on the same machine, CT of 159 slices of 512 x 410`;
const PEER_HOW = 'OHIF 3.12 in the same browser, its files and the same DICOMweb by way of a proxy of its own';

/** One viewer as the bench drives it. */
type Viewed = {
  address: string;
  storage: Awaited<ReturnType<BrowserContext['storageState']>>;
  /** From the list of studies by a click, which starts the clock. */
  openFromList(page: Page): Promise<void>;
  toFirstSlice(page: Page): Promise<void>;
  toThreePlanes(page: Page): Promise<void>;
};
type Figures = { cold: number[]; warm: number[]; fromList: number[]; slices: number[]; planes: number[] };

/** What a reader waits for: the first picture, the next slice, three planes; OHIF's figures for the same study beside ours, round by round. */
export async function benchViewer(): Promise<BenchRow[]> {
  const room = await openReadingRoom({ webGl: true });
  const cookies = await room.context.cookies(room.server.url);
  const headers = { cookie: cookies.map(({ name, value }) => `${name}=${value}`).join('; ') };
  const host = hasOhif ? await startOhif(room.server.url, headers) : undefined;
  try {
    const slices = phantomDicom(buildPhantom({ spacingMm: [2, 0.6875, 0.6875] })).filter(({ name }) => name.startsWith('ct-'));
    const [study = ''] = await store(
      room,
      slices.map(({ part10 }) => part10),
    );
    const viewers = [await ours(room, study), ...(host ? [ohif(host.url, study)] : [])];
    const measured = viewers.map((): Figures => ({ cold: [], warm: [], fromList: [], slices: [], planes: [] }));
    for (let round = 0; round < ROUNDS; round += 1)
      for (const [index, viewer] of viewers.entries()) await visit(room.browser, viewer, measured[index] as Figures);
    return rowsOf(measured[0] as Figures, measured[1]);
  } finally {
    await host?.stop();
    await room.close();
  }
}

/** One reader with a browser that knows nothing yet. */
async function visit(browser: Browser, viewer: Viewed, figures: Figures): Promise<void> {
  const context = await browser.newContext({ viewport: { width: 1440, height: 900 }, locale: 'en-GB', storageState: viewer.storage });
  try {
    await context.addInitScript({ content: PROBE });
    const page = await context.newPage();
    await page.goto(viewer.address, { waitUntil: 'commit' });
    figures.cold.push(await firstPicture(page, 'navigation'));
    await page.waitForLoadState('networkidle');
    await page.goto(viewer.address, { waitUntil: 'commit' });
    figures.warm.push(await firstPicture(page, 'navigation'));
    await viewer.openFromList(page);
    figures.fromList.push(await firstPicture(page, 'input'));
    await viewer.toFirstSlice(page);
    for (let slice = 1; slice < SLICES; slice += 1) figures.slices.push(await nextPicture(page, 'ArrowDown'));
    await page.goto(viewer.address, { waitUntil: 'commit' });
    await firstPicture(page, 'navigation');
    await viewer.toThreePlanes(page);
    figures.planes.push(await settledPictures(page, 3));
  } finally {
    await context.close();
  }
}

async function ours({ context, server }: ReadingRoom, study: string): Promise<Viewed> {
  return {
    address: `${server.url}/studies/${study}`,
    storage: await context.storageState(),
    openFromList: async (page) => {
      await page.goto(server.url);
      const link = page.locator(`a[href*="${study}"]`).first();
      await link.waitFor();
      await page.waitForTimeout(LOOKED_AT_MS);
      await link.click();
    },
    toFirstSlice: async (page) => {
      await page.keyboard.press('Home');
      await page.locator('[data-shown="1"]').waitFor();
    },
    toThreePlanes: async (page) => {
      await page.getByRole('button', { name: 'Layout' }).click();
      await page.getByRole('menuitemradio', { name: 'Three planes' }).click();
    },
  };
}

function ohif(url: string, study: string): Viewed {
  // Its guided tour, which lies over the picture, counts as seen.
  const localStorage = [{ name: 'shownTours', value: JSON.stringify(['basicViewerTour']) }];
  return {
    address: `${url}/viewer?StudyInstanceUIDs=${study}`,
    storage: { cookies: [], origins: [{ origin: url, localStorage }] },
    openFromList: async (page) => {
      await page.goto(url);
      await page.getByText('SYNTHETIC-PHANTOM').first().click();
      const open = page.locator(`a[href*="${study}"]`).first();
      await open.waitFor();
      await page.waitForTimeout(LOOKED_AT_MS);
      await open.click();
    },
    toFirstSlice: async (page) => {
      // It begins there, unless it was elsewhere.
      await page.keyboard.press('Home');
      await page.waitForLoadState('networkidle');
    },
    toThreePlanes: async (page) => {
      await page.locator('[data-cy="Layout"]').click();
      await page.locator('[data-cy="MPR"]').click();
    },
  };
}

function rowsOf(own: Figures, peer: Figures | undefined): BenchRow[] {
  const row = (
    name: string,
    of: keyof Figures,
    { share = 0.5, target, how }: { share?: number; target?: string; how: string },
  ): BenchRow => ({
    name,
    value: share === 0.5 ? median(own[of]) : percentile(own[of], share),
    unit: 'ms',
    ...(target ? { target } : {}),
    ...(peer ? { peer: { name: 'OHIF', value: share === 0.5 ? median(peer[of]) : percentile(peer[of], share) } } : {}),
    note: [how, HOW, peer ? PEER_HOW : 'no peer: OHIF_DIST names no OHIF'].join('; '),
  });
  return [
    row('first picture from the list of studies', 'fromList', {
      target: '< 500',
      how: `from the click, ${LOOKED_AT_MS / 1000} s after the list was there`,
    }),
    row('first picture of an address, app kept by the browser', 'warm', { target: '< 1500', how: 'from the start of the navigation' }),
    row('first picture of an address, nothing kept', 'cold', { target: '< 3000', how: 'from the start of the navigation' }),
    row('next slice, median', 'slices', { target: '< 100', how: `from the key to the changed picture, slices 2 to ${SLICES}` }),
    row('next slice, 95th percentile', 'slices', { share: 0.95, how: 'as above' }),
    row('three planes, complete', 'planes', { how: 'from the click to the last change of any of the three' }),
  ];
}
