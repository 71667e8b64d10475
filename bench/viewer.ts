import type { Page } from 'playwright-core';
import { buildPhantom } from '../src/imaging/phantom.ts';
import { phantomDicom } from '../src/imaging/phantom-dicom.ts';
import { openReadingRoom, openStudy, type ReadingRoom, store } from '../test/e2e/viewer-parts.ts';
import type { BenchRow } from './row.ts';
import { percentile } from './statistics.ts';

const VISITS = 5;
const SLICES = 60;
const NOTE = 'Chromium without a graphics processor (WebGL in software), server on loopback, 159 slices of 320 x 256';

/** What a reader waits for: the first picture, the next slice, three planes. A peer's figures for the same study go beside them as `peer`. */
export async function benchViewer(): Promise<BenchRow[]> {
  const room = await openReadingRoom({ webGl: true });
  try {
    const [study = ''] = await store(
      room,
      phantomDicom(buildPhantom()).map(({ part10 }) => part10),
    );
    await openStudy(room, study);
    const visits: number[] = [];
    for (let visit = 0; visit < VISITS; visit += 1) visits.push(await firstPicture(room, study));
    const slices = await scroll(room.page);
    const planes = await threePlanes(room.page);
    return [
      { name: 'first picture after navigation, median', value: percentile(visits, 50), unit: 'ms', target: '< 500', note: NOTE },
      { name: 'next slice by key, median', value: percentile(slices, 50), unit: 'ms', target: '< 100', note: NOTE },
      { name: 'next slice by key, 95th percentile', value: percentile(slices, 95), unit: 'ms', note: NOTE },
      { name: 'three planes ready', value: planes, unit: 'ms', note: NOTE },
    ];
  } finally {
    await room.close();
  }
}

/** From the list of studies, whose page has loaded the app, to the picture on the screen. */
async function firstPicture({ page, server }: ReadingRoom, study: string): Promise<number> {
  await page.goto(server.url);
  await page.locator(`a[href*="${study}"]`).first().waitFor();
  const from = performance.now();
  await page.locator(`a[href*="${study}"]`).first().click();
  await page.locator('[data-shown]').first().waitFor();
  return performance.now() - from;
}

/** From each key to the frame that shows its slice. */
async function scroll(page: Page): Promise<number[]> {
  await page.keyboard.press('Home');
  await page.locator('[data-shown="1"]').waitFor();
  const measured: unknown = await page.evaluate(`(async () => {
    const shown = document.querySelector('[data-shown]');
    const times = [];
    for (let slice = 2; slice <= ${SLICES}; slice += 1) {
      const from = performance.now();
      window.dispatchEvent(new KeyboardEvent('keydown', { key: 'ArrowDown', bubbles: true }));
      while (Number(shown.dataset.shown) !== slice) await new Promise(requestAnimationFrame);
      times.push(performance.now() - from);
    }
    return times;
  })()`);
  // What the script above gives.
  return measured as number[];
}

async function threePlanes(page: Page): Promise<number> {
  await page.getByRole('button', { name: 'Layout' }).click();
  const from = performance.now();
  await page.getByRole('menuitemradio', { name: 'Three planes' }).click();
  for (const plane of ['axial', 'coronal', 'sagittal']) await page.locator(`[data-plane=${plane}][data-ready=true]`).waitFor();
  return performance.now() - from;
}
