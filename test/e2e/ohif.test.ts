import type { Browser, Page } from 'playwright-core';
import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { textOf } from '../../src/dicom/data-set.ts';
import { parsePart10 } from '../../src/dicom/parse.ts';
import { Tag } from '../../src/dicom/tags.ts';
import { buildPhantom } from '../../src/imaging/phantom.ts';
import { phantomDicom } from '../../src/imaging/phantom-dicom.ts';
import { hasOhif, startOhif } from '../ohif-host.ts';
import { signInTo, startServer } from '../server.ts';
import { hasChromium, openBrowser } from './browser.ts';

describe.skipIf(!hasChromium || !hasOhif)(
  'OHIF reads a study from this server (needs chromium and @ohif/app)',
  { timeout: 180_000 },
  () => {
    let server: Awaited<ReturnType<typeof startServer>>;
    let ohif: Awaited<ReturnType<typeof startOhif>>;
    let browser: Browser;
    let page: Page;
    let study: string;
    const answers: { path: string; status: number }[] = [];

    beforeAll(async () => {
      server = await startServer({ ISOCENTER_STUDY_QUIET_MS: '3600000' });
      const headers = await signInTo(server);
      const slices = phantomDicom(buildPhantom({ spacingMm: [8, 0.6875, 0.6875] })).filter(({ name }) => name.startsWith('ct-'));
      for (const { part10 } of slices) {
        const sent = await fetch(`${server.url}/dicom-web/studies`, {
          method: 'POST',
          headers: { ...headers, 'content-type': 'multipart/related; type="application/dicom"; boundary=b' },
          body: Buffer.concat([Buffer.from('--b\r\nContent-Type: application/dicom\r\n\r\n'), part10, Buffer.from('\r\n--b--\r\n')]),
        });
        expect(sent.status).toBe(200);
      }
      study = textOf(parsePart10(slices[0]?.part10 ?? new Uint8Array()).dataSet, Tag.StudyInstanceUID) ?? '';
      ohif = await startOhif(server.url, headers);
      browser = await openBrowser({ webGl: true });
      page = await browser.newPage({ viewport: { width: 1280, height: 800 } });
      page.on('response', (response) => {
        const { pathname } = new URL(response.url());
        if (pathname.startsWith('/dicom-web/')) answers.push({ path: pathname, status: response.status() });
      });
    });
    afterAll(async () => {
      await browser?.close();
      await ohif?.stop();
      await server?.stop();
    });

    it('its list finds the study', async () => {
      await page.goto(`${ohif.url}/`);
      await page.getByText('SYNTHETIC-PHANTOM').first().waitFor({ timeout: 60_000 });
    });

    it('its viewer shows the first image, and goes through the series', async () => {
      await page.goto(`${ohif.url}/viewer?StudyInstanceUIDs=${study}`);
      await expect.poll(() => brightPixels(page), { timeout: 90_000, interval: 500 }).toBeGreaterThan(10_000);
      // Its guided tour lies over the image.
      await page.keyboard.press('Escape');
      const first = await picture(page);
      for (let step = 0; step < 5; step += 1) await page.keyboard.press('ArrowDown');
      await expect.poll(async () => (await picture(page)).equals(first), { timeout: 30_000 }).toBe(false);
      expect(await brightPixels(page)).toBeGreaterThan(10_000);
    });

    it('was refused nothing', () => {
      expect(answers.filter(({ status }) => status >= 400)).toEqual([]);
      expect(answers.some(({ path }) => /\/frames\/1$/.test(path))).toBe(true);
    });
  },
);

async function picture(page: Page): Promise<Buffer> {
  return await sharp(await page.locator('canvas').first().screenshot())
    .grayscale()
    .raw()
    .toBuffer();
}

/** Pixels of the first canvas that are not black. */
async function brightPixels(page: Page): Promise<number> {
  if ((await page.locator('canvas').count()) === 0) return 0;
  return (await picture(page)).reduce((count, value) => count + (value > 40 ? 1 : 0), 0);
}
