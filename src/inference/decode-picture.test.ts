import sharp, { type Sharp } from 'sharp';
import { describe, expect, test } from 'vitest';
import { decodeCommonJpeg } from './decode-common-jpeg.ts';
import { decodePicture } from './decode-picture.ts';

/** 256 columns of one row: every 8-bit gray once. */
const RAMP = Uint8Array.from({ length: 256 }, (_, index) => index);

function rawOf(pixels: Uint8Array | Uint16Array, width: number, channels: 1 | 2 | 3 | 4 = 1): Sharp {
  return sharp(pixels, { raw: { width, height: pixels.length / width / channels, channels } });
}

async function decode(picture: Sharp) {
  const { image, width, height } = await decodePicture(await picture.toBuffer());
  return { values: Array.from(image.pixels, (value) => value * 255), image, width, height };
}

function expectClose(values: number[], expected: number[], digits = 4): void {
  expect(values.length).toBe(expected.length);
  for (const [index, value] of expected.entries()) expect(values[index]).toBeCloseTo(value, digits);
}

describe('decoding a picture', () => {
  test('keeps every 8-bit gray exactly, from gray and from colour files', async () => {
    expectClose((await decode(rawOf(RAMP, 256).toColourspace('b-w').png())).values, [...RAMP]);
    const rgb = Uint8Array.from({ length: 768 }, (_, index) => Math.floor(index / 3));
    expectClose((await decode(rawOf(rgb, 256, 3).png())).values, [...RAMP]);
    expectClose((await decode(rawOf(RAMP, 256).toColourspace('b-w').tiff({ compression: 'lzw' }))).values, [...RAMP]);
  });

  test('reads gray, color and CMYK JPEG alike', async () => {
    const steps = Uint8Array.from({ length: 64 * 64 }, (_, index) => 16 * Math.floor((index % 64) / 8) + 60);
    const gray = rawOf(steps, 64).toColourspace('b-w').jpeg({ quality: 100 });
    const color = rawOf(steps, 64).jpeg({ quality: 100 });
    const expected = [60, 92, 172];
    for (const picture of [gray, color]) {
      const { values } = await decode(picture);
      expectClose(
        [0, 20, 4095].map((index) => values[index] ?? 0),
        expected,
        0,
      );
    }
    // Through inks and back the grays change, but not their order.
    const cmyk = await decode(rawOf(steps, 64).toColourspace('cmyk').jpeg({ quality: 100 }));
    const ramp = [4, 12, 20, 28, 36, 44, 52, 60].map((column) => cmyk.values[64 * 32 + column] ?? 0);
    expect(ramp).toEqual(ramp.toSorted((a, b) => a - b));
    expect((ramp[7] ?? 0) - (ramp[0] ?? 0)).toBeGreaterThan(60);
  });

  test('reads a JPEG to the same pixels with either decoder', async () => {
    // An EXIF segment sends the file to the library; without one it stays with the codec of the studies.
    const noise = Uint8Array.from({ length: 96 * 80 }, (_, index) => 90 + ((index * 7919) % 97) + (index % 96) / 3);
    for (const picture of [rawOf(noise, 96).toColourspace('b-w'), rawOf(noise, 96)]) {
      const common = await picture.clone().jpeg({ quality: 90 }).toBuffer();
      const withExif = await picture
        .clone()
        .jpeg({ quality: 90 })
        .withExif({ IFD0: { Copyright: 'nobody' } })
        .toBuffer();
      expect(await decodeCommonJpeg(common)).toBeDefined();
      expect(await decodeCommonJpeg(withExif)).toBeUndefined();
      expect(await decodePicture(common)).toEqual(await decodePicture(withExif));
    }
  });

  test.each([
    ['progressive', (picture: Sharp) => picture.jpeg({ progressive: true })],
    ['CMYK', (picture: Sharp) => picture.toColourspace('cmyk').jpeg()],
  ])('leaves a %s JPEG to the library, and reads it', async (_, encode) => {
    const bytes = await encode(rawOf(new Uint8Array(64).fill(128), 8)).toBuffer();
    expect(await decodeCommonJpeg(bytes)).toBeUndefined();
    expect((await decodePicture(bytes)).image.pixels[0]).toBeCloseTo(0.5, 1);
  });

  test("weighs colors as the luma of BT.601, like a study's frames", async () => {
    const rgb = Uint8Array.of(255, 0, 0, 0, 255, 0, 0, 0, 255);
    expectClose((await decode(rawOf(rgb, 3, 3).png())).values, [76.245, 149.685, 29.07]);
  });

  test('keeps all 16 bits of a 16-bit picture', async () => {
    const deep = Uint16Array.from({ length: 300 }, (_, index) => index * 200 + 7);
    const { image } = await decode(rawOf(deep, 300).toColourspace('grey16').png());
    expect(Array.from(image.pixels, (value) => Math.round(value * 65535))).toEqual([...deep]);
  });

  test('turns the picture upright by its EXIF orientation', async () => {
    // Orientation 6: the stored picture has to be turned a quarter to the right.
    const stored = rawOf(Uint8Array.of(0, 80, 160, 240, 120, 40), 3).toColourspace('b-w');
    const { width, height, values } = await decode(stored.withMetadata({ orientation: 6 }).tiff({ compression: 'none' }));
    expect([width, height]).toEqual([2, 3]);
    expectClose(values, [240, 0, 120, 80, 40, 160]);
  });

  test('shows transparent parts as black', async () => {
    const rgba = Uint8Array.of(200, 200, 200, 255, 200, 200, 200, 0);
    expectClose((await decode(rawOf(rgba, 2, 4).png())).values, [200, 0]);
  });

  test('averages blocks of the largest pictures, and still says their size', async () => {
    const wide = sharp({ create: { width: 6002, height: 4001, channels: 3, background: '#646464' } });
    const { image, width, height } = await decode(wide.toColourspace('b-w').png({ compressionLevel: 1 }));
    expect([width, height, image.width, image.height]).toEqual([6002, 4001, 3001, 2000]);
    expect(image.pixels.length).toBe(3001 * 2000);
    expectClose(
      [0, 1, 3_000_000, 6_001_999].map((index) => (image.pixels[index] ?? 0) * 255),
      [100, 100, 100, 100],
    );
  });

  test('leaves the bytes with the caller', async () => {
    const bytes = await rawOf(RAMP, 256).png().toBuffer();
    const copy = Uint8Array.from(bytes);
    await decodePicture(bytes);
    expect(new Uint8Array(bytes)).toEqual(copy);
  });
});

describe('what is not a picture is refused with the reason', () => {
  const png = () =>
    rawOf(
      Uint8Array.from({ length: 40_000 }, (_, index) => (index * 7919) % 251),
      200,
    )
      .png()
      .toBuffer();

  test.each([
    ['an empty file', Buffer.alloc(0)],
    ['text', Buffer.from('not a picture at all')],
    ['an SVG, which would be drawn', Buffer.from('<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"/>')],
    ['a GIF', Buffer.from('GIF89a\u0001\u0000\u0001\u0000')],
  ])('%s', async (_, bytes) => {
    await expect(decodePicture(bytes)).rejects.toMatchObject({ kind: 'invalid-picture', message: /not a JPEG, PNG or TIFF/ });
  });

  test('a truncated file', async () => {
    const whole = await png();
    await expect(decodePicture(whole.subarray(0, whole.length / 2))).rejects.toMatchObject({ kind: 'invalid-picture' });
    const jpeg = await sharp(whole).jpeg().toBuffer();
    const half = jpeg.subarray(0, jpeg.length / 2);
    await expect(decodePicture(half)).rejects.toMatchObject({ kind: 'invalid-picture' });
    const endMarker = Buffer.from('ffd9', 'hex');
    await expect(decodePicture(Buffer.concat([half, endMarker]))).rejects.toMatchObject({ kind: 'invalid-picture' });
  });

  test('a signature with nothing behind it', async () => {
    await expect(decodePicture(Buffer.from('89504e470d0a1a0a', 'hex'))).rejects.toMatchObject({ kind: 'invalid-picture' });
  });

  test('a small file that claims 100 megapixels', async () => {
    const bomb = await sharp({ create: { width: 10_000, height: 10_000, channels: 3, background: '#000000' } })
      .png()
      .toBuffer();
    await expect(decodePicture(bomb)).rejects.toMatchObject({ kind: 'invalid-picture', message: /pixel/i });
  });

  test('pixels of floating point, whose range nobody states', async () => {
    const floats = await sharp(await png())
      .toColourspace('scrgb')
      .tiff({ compression: 'none' })
      .toBuffer();
    const { depth } = await sharp(floats).metadata();
    expect(depth).toBe('float');
    await expect(decodePicture(floats)).rejects.toMatchObject({ kind: 'invalid-picture', message: /type float/ });
  });
});
