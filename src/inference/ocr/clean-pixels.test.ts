import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { BURNED_IN, cornerLines, imageObject, type Picture, scene, withText } from '../../../test/burned-in.ts';
import { type Part10, textOf } from '../../dicom/data-set.ts';
import { pixelFrames } from '../../dicom/frames.ts';
import { parsePart10 } from '../../dicom/parse.ts';
import { describePixels } from '../../dicom/pixel-description.ts';
import { decodeFrame } from '../../imaging/decode.ts';
import { transcodeInstance } from '../../imaging/transcode.ts';
import { type CleanedPixels, cleanPixels, overlayHasText } from './clean-pixels.ts';
import { findText } from './find-text.ts';
import { openTextNetworks, type TextNetworks } from './text-networks.ts';

let networks: TextNetworks;
beforeAll(async () => {
  networks = await openTextNetworks(1);
});
afterAll(() => networks.close());

async function samplesOf(part10: Part10): Promise<Int32Array[]> {
  const description = describePixels(part10);
  if (description === undefined) throw new Error('no pixels');
  return Promise.all(pixelFrames(part10).map(async (frame) => Int32Array.from((await decodeFrame(description, frame)).pixels)));
}

/** Pixels outside of every painted box that are not what they were. */
async function changedOutside(before: Part10, after: CleanedPixels): Promise<number> {
  const [old, now] = [await samplesOf(before), await samplesOf(after.part10)];
  const { columns = 1, samplesPerPixel = 1 } = describePixels(before) ?? {};
  let changed = 0;
  for (const [frame, samples] of old.entries()) {
    const boxes = after.boxes.filter((box) => box.frame === frame + 1);
    for (const [index, value] of samples.entries()) {
      if (value === now[frame]?.[index]) continue;
      const pixel = Math.floor(index / samplesPerPixel);
      const [x, y] = [pixel % columns, Math.floor(pixel / columns)];
      if (!boxes.some((box) => x >= box.x0 && x < box.x1 && y >= box.y0 && y < box.y1)) changed += 1;
    }
  }
  return changed;
}

/** The share of what was drawn that a box covers. */
function covered(plain: Picture, drawn: Picture, boxes: CleanedPixels['boxes']): number {
  let [ink, hidden] = [0, 0];
  for (const [index, value] of drawn.pixels.entries()) {
    if (Math.abs(value - (plain.pixels[index] ?? 0)) < 40) continue;
    const [x, y] = [index % drawn.width, Math.floor(index / drawn.width)];
    ink += 1;
    if (boxes.some((box) => x >= box.x0 && x < box.x1 && y >= box.y0 && y < box.y1)) hidden += 1;
  }
  return hidden / ink;
}

test('text is read, light on dark and dark on light', async () => {
  const plain = scene('slice');
  for (const [picture, gray] of [
    [plain, 255],
    [{ ...plain, pixels: plain.pixels.map((value) => 255 - value) }, 0],
  ] as const) {
    const { pixels, ...size } = await withText(picture, cornerLines(plain, 16, gray));
    const found = await findText(networks, { ...size, pixels: Float32Array.from(pixels, (value) => value / 255) });
    const read = found.map(({ text }) => text.replace(/\W/g, '').toLowerCase()).join(' ');
    const wanted = BURNED_IN.map((text) => text.replace(/\W/g, '').toLowerCase());
    expect(wanted.filter((text) => !read.includes(text))).toEqual([]);
  }
});

test('text that stands upright on its side is found and read', async () => {
  const plain = scene('slice');
  const drawn = await withText(plain, [{ text: 'MUSTERMANN ERIKA', x: 60, y: 30, size: 18, gray: 255 }]);
  const turned = new Float32Array(drawn.pixels.length);
  for (let y = 0; y < 512; y += 1) for (let x = 0; x < 512; x += 1) turned[(511 - x) * 512 + y] = (drawn.pixels[y * 512 + x] ?? 0) / 255;
  const found = await findText(networks, { width: 512, height: 512, pixels: turned });
  expect(found.map(({ text }) => text.replace(/\W/g, ''))).toContain('MUSTERMANNERIKA');
});

describe('text in the pixels is painted over and nothing else changes', () => {
  const plain = scene('slice');
  const encodings = [
    ['8 bits', {}],
    ['MONOCHROME1', { photometric: 'MONOCHROME1' }],
    ['12 of 16 bits', { bits: 12 }],
    ['signed Hounsfield units', { bits: 12, isSigned: true }],
    ['RGB', { photometric: 'RGB' }],
    ['RGB in planes', { photometric: 'RGB', planar: true }],
    ['a palette', { photometric: 'PALETTE COLOR' }],
  ] as const;

  test.each(encodings)('%s', async (_, encoding) => {
    const drawn = await withText(plain, cornerLines(plain, 14, 255));
    const before = imageObject([drawn], encoding);
    const after = await cleanPixels(networks, before);
    expect(after.isClean).toBe(true);
    expect(covered(plain, drawn, after.boxes)).toBeGreaterThan(0.99);
    expect(await changedOutside(before, after)).toBe(0);
    // The picture is read again from what was written, not from what was meant.
    expect((await cleanPixels(networks, after.part10)).boxes).toEqual([]);
  });

  test.each([
    ['RLE', '1.2.840.10008.1.2.5', '1.2.840.10008.1.2.5'],
    ['JPEG-LS', '1.2.840.10008.1.2.4.80', '1.2.840.10008.1.2.4.80'],
    ['JPEG 2000 lossless', '1.2.840.10008.1.2.4.90', '1.2.840.10008.1.2.4.90'],
    ['JPEG baseline, which stays uncompressed', '1.2.840.10008.1.2.4.50', '1.2.840.10008.1.2.1'],
  ])('%s', async (_, syntax, stored) => {
    const drawn = await withText(plain, cornerLines(plain, 14, 255));
    const before = parsePart10(await transcodeInstance(imageObject([drawn]), syntax, { derivedUid: '1.2.3.4.5.6.7' }));
    const after = await cleanPixels(networks, before);
    expect(after.isClean).toBe(true);
    expect(after.part10.transferSyntaxUid).toBe(stored);
    expect(covered(plain, drawn, after.boxes)).toBeGreaterThan(0.99);
    expect(await changedOutside(before, after)).toBe(0);
  });

  test('in the frames that have it', async () => {
    const drawn = await withText(plain, cornerLines(plain, 14, 255));
    const before = imageObject([plain, drawn, plain]);
    const after = await cleanPixels(networks, before);
    expect(new Set(after.boxes.map(({ frame }) => frame))).toEqual(new Set([2]));
    expect(await changedOutside(before, after)).toBe(0);
  });
});

test('an object without text keeps its bytes', async () => {
  const before = imageObject([scene('slice'), scene('slice', 2)]);
  const { part10, boxes, isClean } = await cleanPixels(networks, before);
  expect(part10).toBe(before);
  expect(boxes).toEqual([]);
  expect(isClean).toBe(true);
});

test('text that may stay does, and is told', async () => {
  const plain = scene('slice');
  const drawn = await withText(plain, [
    { text: 'LEFT', x: 20, y: 40, size: 24, gray: 255 },
    { text: 'MUSTERMANN', x: 20, y: 490, size: 24, gray: 255 },
  ]);
  const { boxes, texts, isClean } = await cleanPixels(networks, imageObject([drawn]), { maySay: (text) => text === 'LEFT' });
  expect(isClean).toBe(true);
  expect(new Set(texts)).toEqual(new Set(['LEFT']));
  expect(boxes.every(({ y0 }) => y0 > 400)).toBe(true);
});

test('an overlay is seen to hold text or none', async () => {
  const size = { rows: 512, columns: 512 };
  const bitsOf = ({ pixels }: Picture) => {
    const bits = new Uint8Array(pixels.length / 8);
    for (const [index, value] of pixels.entries()) if (value > 127) bits[index >> 3] = (bits[index >> 3] ?? 0) | (1 << (index & 7));
    return bits;
  };
  const empty: Picture = { width: 512, height: 512, pixels: new Uint8Array(512 * 512) };
  const circle = {
    ...empty,
    pixels: empty.pixels.map((_, index) => (Math.abs(Math.hypot((index % 512) - 256, index / 512 - 256) - 100) < 2 ? 255 : 0)),
  };
  expect(await overlayHasText(networks, bitsOf(circle), size)).toBe(false);
  const text = await withText(empty, [{ text: 'MUSTERMANN', x: 100, y: 100, size: 20, gray: 255 }]);
  expect(await overlayHasText(networks, bitsOf(text), size)).toBe(true);
});

test('a compressed object keeps what its header says but its syntax', async () => {
  const plain = scene('slice');
  const drawn = await withText(plain, cornerLines(plain, 14, 255));
  const before = parsePart10(await transcodeInstance(imageObject([drawn]), '1.2.840.10008.1.2.5'));
  const after = (await cleanPixels(networks, before)).part10;
  expect(textOf(after.dataSet, '00080018')).toBe('1.2.3.4.5.6');
  expect(after.dataSet['00100010']).toEqual(before.dataSet['00100010']);
});
