import { deflateRawSync, inflateRawSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { numberOf, textOf } from '../../src/dicom/data-set.ts';
import { parsePart10 } from '../../src/dicom/parse.ts';
import { Tag } from '../../src/dicom/tags.ts';
import { writePart10 } from '../../src/dicom/write.ts';
import { dataFile, dataFiles, hasSharedData } from '../data.ts';
import { hasChromium } from './browser.ts';
import { openReadingRoom, openStudy, type ReadingRoom, store } from './viewer-parts.ts';

/**
 * Of 255 gray levels. Drawn so that a pixel of the frame is a pixel of the screen: nothing is interpolated, but the screen's window is a
 * table of the graphics library and rounds otherwise than the server.
 */
const TOLERANCE = 2;
/** No pixels, or a size that no screen holds. */
const LEFT_OUT = ['LICENSE', 'wadors', 'no-pixel-data.dcm'];
const FILES = hasSharedData ? dataFiles('dicom', 'cornerstone').filter((name) => !LEFT_OUT.includes(name)) : [];

type Sample = { name: string; uid: string; study: string; rows: number; columns: number };

/** One object in many transfer syntaxes, which are the server's: drawn without WebGL, one of them is enough. */
const OF_MANY_SYNTAXES = /^CTImage\.dcm_/;
const DRAWN_ALIKE = FILES.filter((name) => !OF_MANY_SYNTAXES.test(name));

describe.skipIf(!hasChromium || !hasSharedData).each([
  ['with WebGL', true, FILES],
  ['without WebGL', false, DRAWN_ALIKE],
] as const)('pixels of the viewer %s (needs chromium, ../shared/data)', (_, webGl, files) => {
  let room: ReadingRoom;
  const samples = new Map<string, Sample>();

  beforeAll(async () => {
    room = await openReadingRoom({ webGl });
    for (const [index, name] of files.entries()) samples.set(name, await storeAlone(room, name, index));
  }, 120_000);
  afterAll(async () => room?.close());

  it.each(files)('are those of the server: %s', { timeout: 60_000 }, async (name) => {
    const sample = samples.get(name);
    if (!sample) throw new Error('not stored');
    await openStudy(room, sample.study);
    await fitExactly(room, sample);
    // A protocol has hung CT in a window of its own: the object's is compared.
    await room.page.keyboard.press('1');
    const { largest, differing } = await compare(room, sample);
    expect({ largest: largest <= TOLERANCE, differing }).toEqual({ largest: true, differing: 0 });
  });

  it('raise no error on the console', () => {
    expect(room.trouble).toEqual([]);
  });
});

/** Under UIDs of its own: many of the samples are one object in several transfer syntaxes. */
async function storeAlone(room: ReadingRoom, name: string, index: number): Promise<Sample> {
  const part10 = parsePart10(dataFile('dicom', 'cornerstone', name), {
    inflateRaw: (bytes, maxOutputLength) => inflateRawSync(bytes, { maxOutputLength }),
  });
  const uid = `2.25.7${index}`;
  const dataSet = {
    ...part10.dataSet,
    [Tag.SOPInstanceUID]: { vr: 'UI' as const, Value: [uid] },
    [Tag.SeriesInstanceUID]: { vr: 'UI' as const, Value: [`2.25.8${index}`] },
    [Tag.StudyInstanceUID]: { vr: 'UI' as const, Value: [`2.25.9${index}`] },
  };
  const file = writePart10({ dataSet, transferSyntaxUid: part10.transferSyntaxUid }, { deflateRaw: (bytes) => deflateRawSync(bytes) });
  const [study = ''] = await store(room, [file]);
  expect(textOf(dataSet, Tag.SOPInstanceUID)).toBe(uid);
  return { name, uid, study, rows: numberOf(dataSet, Tag.Rows) ?? 0, columns: numberOf(dataSet, Tag.Columns) ?? 0 };
}

/** Sizes the window so that the cell is as high as the frame, and wider by an even number of pixels. */
async function fitExactly({ page }: ReadingRoom, { rows, columns }: Sample): Promise<void> {
  const cell = page.locator('[data-cell]');
  const wide = columns + (columns % 2) + 400;
  for (let round = 0; round < 2; round += 1) {
    const [box, viewport] = [await cell.boundingBox(), page.viewportSize()];
    if (!box || !viewport) throw new Error('no cell');
    const width = Math.max(viewport.width - box.width + wide - (columns % 2), 1100);
    await page.setViewportSize({ width, height: viewport.height - box.height + rows });
  }
  const box = await cell.boundingBox();
  expect(box?.height).toBe(rows);
}

/** Largest difference of any channel, and how many are above the tolerance. */
async function compare({ page, server }: ReadingRoom, { uid, rows, columns }: Sample): Promise<{ largest: number; differing: number }> {
  const code = `(async () => {
    await new Promise((resolve) => setTimeout(resolve, 100));
    await new Promise(requestAnimationFrame);
    const canvas = document.querySelector('[data-cell] canvas');
    const shown = canvas.getContext('2d');
    const answer = await fetch('${server.url}/api/v1/instances/${uid}/rendered');
    const bitmap = await createImageBitmap(await answer.blob());
    const context = new OffscreenCanvas(bitmap.width, bitmap.height).getContext('2d');
    context.drawImage(bitmap, 0, 0);
    const left = (canvas.width - ${columns}) / 2;
    const [a, b] = [shown.getImageData(left, 0, ${columns}, ${rows}).data, context.getImageData(0, 0, ${columns}, ${rows}).data];
    let [largest, differing] = [0, 0];
    for (let at = 0; at < a.length; at += 1) {
      if (at % 4 === 3) continue;
      const difference = Math.abs(a[at] - b[at]);
      largest = Math.max(largest, difference);
      if (difference > ${TOLERANCE}) differing += 1;
    }
    return { largest, differing, sizes: [canvas.width, canvas.height, bitmap.width, bitmap.height] };
  })()`;
  return page.evaluate(code);
}
