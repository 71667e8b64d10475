import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { buildPhantom } from '../../src/imaging/phantom.ts';
import { phantomDicom } from '../../src/imaging/phantom-dicom.ts';
import { violationsOf } from './axe.ts';
import { hasChromium } from './browser.ts';
import { blockIn } from './segmentation-object.ts';
import { drag, expectSlice, openReadingRoom, openStudy, type ReadingRoom, store } from './viewer-parts.ts';

/** Software draws a volume in seconds, and other work on the machine makes it longer. */
const VOLUME_TIMEOUT_MS = 90_000;

describe.skipIf(!hasChromium)('the viewer in a browser (needs chromium)', { timeout: VOLUME_TIMEOUT_MS + 60_000 }, () => {
  let room: ReadingRoom;
  let study: string;

  beforeAll(async () => {
    room = await openReadingRoom({ webGl: true });
    await room.context.addInitScript({ content: KEEP_CONTEXTS });
    const files = phantomDicom(buildPhantom({ spacingMm: [5, 2, 2] }));
    const slices = files.filter(({ name }) => name.startsWith('ct-')).map(({ part10 }) => part10);
    [study = ''] = await store(room, [...files.map(({ part10 }) => part10), blockIn(slices)]);
    await openStudy(room, study);
  }, 180_000);
  afterAll(async () => room?.close());

  it('is scrolled through a series by keys, the wheel and the slider', async () => {
    const { page } = room;
    await page.keyboard.press('Home');
    await expectSlice(page, 1);
    for (let press = 0; press < 3; press += 1) await page.keyboard.press('ArrowDown');
    await page.keyboard.press('PageDown');
    await expectSlice(page, 14);
    await page.keyboard.press('End');
    const last = Number((await page.getByLabel('Slice', { exact: true }).getAttribute('max')) ?? 0) + 1;
    await expectSlice(page, last);
    await page.locator('[data-cell]').hover();
    await page.mouse.wheel(0, -240);
    await expectSlice(page, last - 4);
    await page.getByLabel('Slice', { exact: true }).fill('19');
    await expectSlice(page, 20);
  });

  it('takes windows by keys and by a drag, and the frame its own again', async () => {
    const { page } = room;
    const window = page.locator('[data-cell]').getByText(/^C -?\d+ W \d+$/);
    const own = await meanGray(room);
    await page.keyboard.press('3');
    await page.getByText('C 40 W 400', { exact: true }).waitFor();
    await expect.poll(async () => meanGray(room)).toBeLessThan(own - 5);
    await page.keyboard.press('2');
    await page.getByText('C -600 W 1500', { exact: true }).waitFor();
    await expect.poll(async () => Math.abs((await meanGray(room)) - own)).toBeLessThan(1);
    await page.keyboard.press('w');
    await drag(page, [500, 400], [560, 430]);
    await expect.poll(async () => window.textContent()).not.toBe('C -600 W 1500');
    await page.keyboard.press('1');
    await page.getByText('C -600 W 1500', { exact: true }).waitFor();
  });

  it('turns, mirrors and inverts the picture, and its letters say so', async () => {
    const { page } = room;
    const letters = async () => (await page.locator('[data-cell] [aria-hidden] > span').allTextContents()).join('');
    await expect.poll(letters).toBe('RLAP');
    await page.keyboard.press('x');
    await expect.poll(letters).toBe('LRAP');
    await page.keyboard.press('x');
    await page.keyboard.press('t');
    await expect.poll(letters).toBe('PARL');
    for (let press = 0; press < 3; press += 1) await page.keyboard.press('t');
    const before = await meanGray(room);
    await page.keyboard.press('i');
    await expect.poll(async () => Math.abs((await meanGray(room)) + before - 255)).toBeLessThan(40);
    await page.keyboard.press('i');
  });

  it('measures in millimeters and Hounsfield units, by pointer and by keys', async () => {
    const { page } = room;
    await page.keyboard.press('l');
    await drag(page, [400, 400], [500, 400]);
    const length = page.locator('[data-annotation=length]');
    const scale = await page
      .locator('[data-cell]')
      .getByText(/^\d+ %$/)
      .textContent();
    // Pixels of 2 mm, drawn at so many percent.
    const expected = (100 / (Number.parseFloat(scale ?? '') / 100)) * 2;
    const measured = Number(/([\d.]+) mm/.exec((await length.getAttribute('aria-label')) ?? '')?.[1]);
    expect(Math.abs(measured - expected)).toBeLessThan(2);
    await page.keyboard.press('q');
    await page.locator('[data-draw=rectangle]').focus();
    await page.keyboard.press('Enter');
    const region = page.locator('[data-annotation=rectangle]').and(page.getByRole('button', { name: /Area .* mm² Mean .* HU/ }));
    await region.waitFor();
    const before = await region.getAttribute('aria-label');
    await region.focus();
    await page.keyboard.press('Shift+ArrowRight');
    await expect.poll(async () => page.locator('[data-annotation=rectangle]').getAttribute('aria-label')).not.toBe(before);
    await page.keyboard.press('Delete');
    await length.focus();
    await page.keyboard.press('Delete');
    await expect.poll(() => page.locator('[data-annotation=length], [data-annotation=rectangle]').count()).toBe(0);
    await page.keyboard.press('w');
  });

  it('shows two series side by side, and is accessible in both themes', async () => {
    const { page } = room;
    await page.getByRole('button', { name: 'Layout' }).click();
    await page.getByRole('menuitemradio', { name: 'Two pictures' }).click();
    await page.locator('[data-cell="2"] [data-shown]').waitFor();
    for (const theme of ['dark', 'light']) {
      await page.locator('html').evaluate((html, value) => html.setAttribute('data-theme', value), theme);
      expect(await violationsOf(page)).toEqual([]);
    }
    await page.getByRole('button', { name: 'Layout' }).click();
    await page.getByRole('menuitemradio', { name: 'One picture' }).click();
  });

  it('is moved and zoomed by two fingers, and scrolled by one', async () => {
    const { page } = room;
    const touch = await room.context.newCDPSession(page);
    const fingers = async (type: 'touchStart' | 'touchMove' | 'touchEnd', ...points: [number, number][]): Promise<void> => {
      await touch.send('Input.dispatchTouchEvent', { type, touchPoints: points.map(([x, y], id) => ({ x, y, id })) });
    };
    const zoomed = page.locator('[data-cell="1"]').getByText(/^\d+ %$/);
    const window = page.locator('[data-cell="1"]').getByText(/^C -?\d+ W \d+$/);
    const [zoom, asked] = [Number.parseInt((await zoomed.textContent()) ?? '', 10), await window.textContent()];
    await fingers('touchStart', [500, 400]);
    await fingers('touchMove', [510, 404]);
    await fingers('touchStart', [510, 404], [600, 404]);
    await fingers('touchMove', [440, 404], [680, 404]);
    await fingers('touchEnd');
    await expect.poll(async () => Number.parseInt((await zoomed.textContent()) ?? '', 10)).toBeGreaterThan(zoom * 1.5);
    // What the first finger began is taken back.
    expect(await window.textContent()).toBe(asked);
    await page.keyboard.press('f');
    await page.keyboard.press('s');
    await expectSlice(page, 20);
    await fingers('touchStart', [500, 400]);
    await fingers('touchMove', [500, 420]);
    await fingers('touchMove', [500, 441]);
    await fingers('touchEnd');
    await expectSlice(page, 25);
    await page.keyboard.press('w');
  });

  it('says in the cell that a frame cannot be loaded, and tries again', async () => {
    const { page } = room;
    const problem = {
      type: 'urn:isocenter:problem:storage-unavailable',
      title: 'The storage does not answer',
      status: 503,
      request_id: 'r-4711',
    };
    await room.context.route('**/frames/*', async (route) =>
      route.fulfill({ status: 503, contentType: 'application/problem+json', body: JSON.stringify({ ...problem, detail: 'Try again.' }) }),
    );
    // Nobody was near it before, so it is not in the memory.
    await page.getByLabel('Slice', { exact: true }).fill('45');
    const note = page.locator('[data-cell="1"]').getByRole('alert');
    await note.getByText('r-4711').waitFor();
    await room.context.unroute('**/frames/*');
    await note.getByRole('button', { name: 'Try again' }).click();
    await expectSlice(page, 46);
    // The browser tells of each answer that it was given.
    expect(room.trouble.splice(0).every((line) => line.includes('503'))).toBe(true);
  });

  it('goes on where it was after the graphics context was lost', async () => {
    const { page } = room;
    await page.getByLabel('Slice', { exact: true }).fill('19');
    await expectSlice(page, 20);
    await page.keyboard.press('3');
    const before = await meanGray(room);
    expect(await page.evaluate('loseContexts()')).toBeGreaterThan(0);
    await page.getByText('C 40 W 400', { exact: true }).waitFor();
    await expectSlice(page, 20);
    await expect.poll(async () => Math.abs((await meanGray(room)) - before)).toBeLessThan(1);
    await page.keyboard.press('ArrowDown');
    await expectSlice(page, 21);
    // It is drawn, and not only said to be.
    await page.keyboard.press('2');
    await expect.poll(async () => meanGray(room)).toBeGreaterThan(before + 5);
    await page.keyboard.press('1');
  });

  it('shows three planes through one point, which keys move', async () => {
    const { page } = room;
    await showPlanes(room);
    const point = page.locator('[data-point]');
    const before = await point.textContent();
    await page.locator('[data-plane=axial]').focus();
    await page.keyboard.press('ArrowRight');
    await page.keyboard.press('PageDown');
    await expect.poll(async () => point.textContent()).not.toBe(before);
    expect(await violationsOf(page)).toEqual([]);
  });

  it('paints segments where the planes cut through them, turned ones too', async () => {
    const { page } = room;
    for (const plane of ['axial', 'sagittal', 'coronal']) await expect.poll(() => paintedShare(room, plane)).toBeGreaterThan(0.02);
    const straight = await paintedShare(room, 'coronal');
    await page.locator('[data-plane=axial]').focus();
    for (let press = 0; press < 6; press += 1) await page.keyboard.press('Shift+ArrowRight');
    // A block is cut longer by a plane that is turned by 30 degrees.
    await expect.poll(() => paintedShare(room, 'coronal')).toBeGreaterThan(straight * 1.05);
    await page.getByRole('button', { name: 'Block' }).click();
    await expect.poll(async () => page.locator('[data-plane] [data-segments]').count()).toBe(0);
  });

  it('measures on a turned plane, and finds it again on one when the page is loaded anew', async () => {
    const { page } = room;
    await page.keyboard.press('l');
    const box = await page.locator('[data-plane=coronal]').boundingBox();
    if (!box) throw new Error('no plane');
    await drag(page, [box.x + 100, box.y + 100], [box.x + 200, box.y + 140]);
    const drawn = page.locator('[data-plane=coronal] [data-annotation=length]');
    await drawn.waitFor();
    await expect.poll(async () => drawn.getAttribute('aria-label')).toMatch(/^Length Length 1 [\d.]+ mm$/);
    const name = await drawn.getAttribute('aria-label');
    expect(await page.locator('[data-plane=axial] [data-annotation=length]').count()).toBe(0);
    await page.getByRole('tab', { name: 'Measurements' }).click();
    await page.locator('[data-save="saved"]').getByText('Saved').waitFor();
    await page.reload();
    await page.locator('[data-shown]').first().waitFor();
    await showPlanes(room);
    expect(await page.locator('[data-plane] [data-annotation=length]').count()).toBe(0);
    await page.getByRole('tab', { name: 'Measurements' }).click();
    await page.getByRole('list', { name: 'Measurements' }).locator('button[aria-expanded]').click();
    await page.locator(`[data-plane] [data-annotation=length][aria-label="${name}"]`).first().waitFor();
  });

  it('draws the volume as a whole', async () => {
    const { page } = room;
    await page.setViewportSize({ width: 900, height: 500 });
    await page.getByRole('button', { name: 'Layout' }).click();
    await page.getByRole('menuitemradio', { name: '3-D' }).click();
    await page.locator('[data-whole][data-ready=true]').waitFor({ timeout: VOLUME_TIMEOUT_MS });
    await expect.poll(async () => meanGray(room, '[data-whole] canvas'), { timeout: VOLUME_TIMEOUT_MS }).toBeGreaterThan(2);
  });

  it('raised no error on the console, broke no Content-Security-Policy and asked no other host', () => {
    expect(room.trouble).toEqual([]);
  });
});

/** Runs in the page before its scripts: the contexts of graphics are off the screen, where nobody else finds them. */
const KEEP_CONTEXTS = `(() => {
  const open = HTMLCanvasElement.prototype.getContext;
  const contexts = new Set();
  HTMLCanvasElement.prototype.getContext = function (type, ...rest) {
    const context = open.call(this, type, ...rest);
    if (type === 'webgl2' && context) contexts.add(context);
    return context;
  };
  globalThis.loseContexts = () => {
    const held = [...contexts].filter((context) => !context.isContextLost());
    for (const context of held) context.getExtension('WEBGL_lose_context').loseContext();
    return held.length;
  };
})()`;

async function showPlanes({ page }: ReadingRoom): Promise<void> {
  await page.locator('[data-cell="1"] [data-shown]').waitFor();
  await page.getByRole('button', { name: 'Layout' }).click();
  await page.getByRole('menuitemradio', { name: 'Three planes' }).click();
  for (const plane of ['axial', 'sagittal', 'coronal'])
    await page.locator(`[data-plane=${plane}][data-ready=true]`).waitFor({ timeout: VOLUME_TIMEOUT_MS });
}

/** Of a plane, by segments: 0 to 1. */
async function paintedShare({ page }: ReadingRoom, plane: string): Promise<number> {
  return page.evaluate(`(() => {
    const canvas = document.querySelector('[data-plane=${plane}] [data-segments]');
    if (!canvas || canvas.width === 0) return 0;
    const { data } = canvas.getContext('2d').getImageData(0, 0, canvas.width, canvas.height);
    return data.reduce((sum, value, at) => sum + (at % 4 === 3 && value > 0 ? 1 : 0), 0) / (data.length / 4);
  })()`);
}

/** Of what is drawn, 0 to 255. */
async function meanGray({ page }: ReadingRoom, selector = '[data-cell] canvas'): Promise<number> {
  // The engine draws at the next frame of the screen.
  return page.evaluate(`(async () => {
    for (let frame = 0; frame < 3; frame += 1) await new Promise(requestAnimationFrame);
    const canvas = document.querySelector('${selector}');
    const { data } = canvas.getContext('2d').getImageData(0, 0, canvas.width, canvas.height);
    let sum = 0;
    for (let at = 0; at < data.length; at += 4) sum += (data[at] + data[at + 1] + data[at + 2]) / 3;
    return sum / (data.length / 4);
  })()`);
}
