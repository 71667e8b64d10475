import type { Page } from 'playwright-core';

/**
 * Runs in the page of any viewer before its own scripts. A picture is there once a large canvas has bright pixels in it; it is another one
 * once a small copy of it has other values. Looked at in each frame of the screen, so that all viewers are measured by the same eye.
 */
export const PROBE = `(() => {
  const SIDE = 64;
  const small = Object.assign(document.createElement('canvas'), { width: SIDE, height: SIDE }).getContext('2d', { willReadFrequently: true });
  const frame = () => new Promise((resolve) => requestAnimationFrame(resolve));
  let from = 0;
  for (const type of ['keydown', 'pointerdown']) addEventListener(type, ({ timeStamp }) => { from = timeStamp; }, { capture: true });
  const looks = () => [...document.querySelectorAll('canvas')].flatMap((canvas) => {
    if (canvas.clientWidth < 200 || canvas.clientHeight < 200 || canvas.width === 0 || canvas.height === 0) return [];
    small.fillRect(0, 0, SIDE, SIDE);
    small.drawImage(canvas, 0, 0, SIDE, SIDE);
    const { data } = small.getImageData(0, 0, SIDE, SIDE);
    let [digest, bright] = [0, 0];
    for (let at = 0; at < data.length; at += 4) {
      digest = (Math.imul(digest, 31) + data[at]) | 0;
      if (data[at] > 40) bright += 1;
    }
    return bright > (SIDE * SIDE) / 20 ? [digest] : [];
  });
  globalThis.probe = {
    /** Milliseconds since the navigation, or since the last click or key, until a picture is there. */
    async first(since) {
      while (looks().length === 0) await frame();
      return performance.now() - (since === 'input' ? from : 0);
    },
    now: () => looks().join(),
    /** Since the last key until the picture is another than \`before\`. */
    async next(before) {
      let now = looks().join();
      while (now === before || now === '') { await frame(); now = looks().join(); }
      return performance.now() - from;
    },
    /** Since the last click until \`count\` pictures were there and changed no more. */
    async settled(count, quietMs) {
      let [last, at] = ['', performance.now()];
      for (;;) {
        await frame();
        const seen = looks();
        const now = performance.now();
        if (seen.join() !== last) [last, at] = [seen.join(), now];
        if (seen.length >= count && now - at >= quietMs) return at - from;
      }
    },
  };
})()`;

/** Milliseconds until a picture is on the screen. @param since where the clock starts: the navigation, or the last click or key */
export function firstPicture(page: Page, since: 'navigation' | 'input'): Promise<number> {
  return page.evaluate<number>(`probe.first('${since}')`);
}

/** From the key, pressed by the browser as by a hand, to the next picture. */
export async function nextPicture(page: Page, key: string): Promise<number> {
  const before = await page.evaluate<string>('probe.now()');
  const waiting = page.evaluate<number>(`probe.next(${JSON.stringify(before)})`);
  await page.keyboard.press(key);
  return waiting;
}

/**
 * From the last click until so many pictures are there and have not changed for four seconds: while a volume is loaded, a picture may stand for
 * long before the next.
 */
export function settledPictures(page: Page, count: number): Promise<number> {
  return page.evaluate<number>(`probe.settled(${count}, 4000)`);
}
