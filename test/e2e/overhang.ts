import type { Page } from 'playwright-core';

/**
 * How far a page is wider than there is room for, in CSS pixels, once pictures that follow the width of their place have been drawn
 * anew; 0 where all of it fits.
 */
export async function settledOverhang(page: Page): Promise<number> {
  let wide = await overhang(page);
  for (let frame = 0; wide > 0 && frame < 30; frame += 1) {
    await page.evaluate(() => new Promise((resolve) => requestAnimationFrame(resolve)));
    wide = await overhang(page);
  }
  return wide;
}

/** How far the page, or what scrolls in it from top to bottom, is wider than there is room for, in CSS pixels. */
async function overhang(page: Page): Promise<number> {
  const parts = await page
    .locator('html, main section')
    .evaluateAll((all) => all.map(({ scrollWidth, clientWidth }) => scrollWidth - clientWidth));
  return Math.max(...parts);
}
