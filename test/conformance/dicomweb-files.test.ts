import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { DataSet, Part10 } from '../../src/dicom/data-set.ts';
import { type DicomJson, toDicomJson } from '../../src/dicom/dicom-json.ts';
import { pixelFrames } from '../../src/dicom/frames.ts';
import { parsePart10 } from '../../src/dicom/parse.ts';
import { describePixels } from '../../src/dicom/pixel-description.ts';
import { transferSyntaxOf } from '../../src/dicom/uids.ts';
import { decodeFrame, decodeStoredFrame } from '../../src/imaging/decode.ts';
import { ImagingError } from '../../src/imaging/imaging-error.ts';
import { type RenderedFrame, renderFrame } from '../../src/imaging/render.ts';
import { openTestApp, type TestApp } from '../app.ts';
import { partsOf } from '../flows/dicomweb-parts.ts';
import { hasSamples, inflateRaw, samples } from './dicom-files.ts';

const EXPLICIT = '1.2.840.10008.1.2.1';
const PIXELS = ['7FE00008', '7FE00009', '7FE00010'];
/** Values beyond this size are linked, not repeated, in metadata. */
const MAX_INLINE_BYTES = 1024;

type Uids = { study_instance_uid: string; sop_instance_uid: string };

describe.skipIf(!hasSamples)('DICOMweb over the sample files (needs ../shared/data)', () => {
  let app: TestApp;
  beforeAll(async () => {
    app = await openTestApp();
  });
  afterAll(async () => app.close());

  it('gives back every file, its metadata, its frames, and its pixels uncompressed', { timeout: 600_000 }, async () => {
    const seen = { files: 0, frames: 0, decoded: 0, rendered: 0, syntaxes: new Set<string>() };
    for (const { name, bytes } of samples()) {
      const upload = await app.upload('/api/v1/studies', [{ name, bytes }]);
      const item: Uids | undefined = upload.json().items?.[0];
      if (upload.statusCode !== 200 || !item) continue;
      const { series_instance_uid } = await app.deps.db
        .selectFrom('instance')
        .select('series_instance_uid')
        .where('sop_instance_uid', '=', item.sop_instance_uid)
        .executeTakeFirstOrThrow();
      const url = `/dicom-web/studies/${item.study_instance_uid}/series/${series_instance_uid}/instances/${item.sop_instance_uid}`;
      const part10 = parsePart10(bytes, { inflateRaw });
      seen.files += 1;
      seen.syntaxes.add(part10.transferSyntaxUid);

      const stored = await app.inject({ url, headers: { accept: 'application/dicom; transfer-syntax=*' } });
      expect(stored.rawPayload.equals(bytes), name).toBe(true);
      const metadata = await app.inject({ url: `${url}/metadata` });
      expect(comparable(metadata.json()[0]), name).toEqual(comparable(expectedMetadata(part10.dataSet)));
      seen.frames += await checkFrames(url, name, part10);
      seen.decoded += await checkExplicit(url, name, part10);
      seen.rendered += await checkRendered(url, name, part10);
      await forget(item);
    }
    // The sample folders hold several hundred objects in sixteen transfer syntaxes.
    expect(seen.files).toBeGreaterThan(400);
    expect(seen.frames).toBeGreaterThan(300);
    expect(seen.decoded).toBeGreaterThan(100);
    expect(seen.rendered).toBeGreaterThan(300);
    expect(seen.syntaxes.size).toBeGreaterThan(15);
  });

  async function checkFrames(url: string, name: string, part10: Part10): Promise<number> {
    const frames = framesOf(part10);
    if (frames.length === 0) return 0;
    const last = frames.length;
    const headers = { accept: 'multipart/related; type="application/octet-stream"; transfer-syntax=*' };
    const response = await app.inject({ url: `${url}/frames/1,${last}`, headers });
    expect(response.statusCode, `${name}: ${response.body.slice(0, 200)}`).toBe(200);
    const parts = partsOf(response);
    for (const [index, frame] of [frames[0], frames[last - 1]].entries())
      expect(parts[index]?.body.equals(frame ?? new Uint8Array(0)), `${name}, frame ${index}`).toBe(true);
    return 1;
  }

  /** The file as explicit VR little endian holds what the decoder gives for each frame of the stored one. */
  async function checkExplicit(url: string, name: string, part10: Part10): Promise<number> {
    const response = await app.inject({ url, headers: { accept: `application/dicom; transfer-syntax=${EXPLICIT}` } });
    const { encapsulated } = transferSyntaxOf(part10.transferSyntaxUid);
    const native = part10.dataSet['7FE00010']?.bytes;
    const expected = encapsulated ? await decodedOf(part10) : native && inOrder(part10, native);
    if (response.statusCode === 406) {
      expect(expected, `${name}: ${response.body}`).toBeUndefined();
      return 0;
    }
    expect(response.statusCode, name).toBe(200);
    const written = parsePart10(response.rawPayload);
    expect(written.transferSyntaxUid).toBe(EXPLICIT);
    const pixels = written.dataSet['7FE00010']?.bytes;
    if (expected)
      expect(
        Buffer.from(pixels ?? [])
          .subarray(0, expected.length)
          .equals(expected),
        name,
      ).toBe(true);
    return encapsulated ? 1 : 0;
  }

  /** The picture of the first frame is that of the data set of the file, look-up tables and all. */
  async function checkRendered(url: string, name: string, part10: Part10): Promise<number> {
    const expected = await renderedOf(part10);
    const response = await app.inject({ url: `${url}/rendered`, headers: { accept: 'image/png' } });
    if (expected === undefined) {
      expect(response.statusCode, `${name}: ${response.body.slice(0, 200)}`).toBe(406);
      return 0;
    }
    expect(response.statusCode, `${name}: ${response.body.slice(0, 200)}`).toBe(200);
    const { data, info } = await sharp(response.rawPayload).raw().toBuffer({ resolveWithObject: true });
    expect([info.width, info.height], name).toEqual([expected.width, expected.height]);
    const shown = info.channels === expected.channels ? data : await sharp(response.rawPayload).extractChannel(0).raw().toBuffer();
    expect(shown.equals(expected.pixels), name).toBe(true);
    return 1;
  }

  async function forget({ study_instance_uid }: Uids): Promise<void> {
    const { db } = app.deps;
    for (const table of ['instance', 'series', 'study'] as const)
      await db.deleteFrom(table).where('study_instance_uid', '=', study_instance_uid).execute();
  }
});

/** The parser puts the words of big endian files right; of a 32-bit value, the lower one comes first in little endian. */
function inOrder({ dataSet, transferSyntaxUid }: Part10, bytes: Uint8Array): Uint8Array {
  const isWide = dataSet['7FE00010'] !== undefined && dataSet['00280100']?.Value?.[0] === 32;
  if (transferSyntaxUid !== '1.2.840.10008.1.2.2' || !isWide) return bytes;
  return Uint8Array.from(bytes, (_, index) => bytes[index ^ 2] ?? 0);
}

function framesOf(part10: Part10): Uint8Array[] {
  try {
    return part10.dataSet['7FE00009'] ? [] : pixelFrames(part10).map((frame) => inOrder(part10, frame));
  } catch {
    return [];
  }
}

async function decodedOf(part10: Part10): Promise<Buffer | undefined> {
  const description = describePixels(part10);
  if (!description) return undefined;
  try {
    const frames: Buffer[] = [];
    for (const frame of pixelFrames(part10)) {
      const { pixels } = await decodeStoredFrame(description, frame);
      frames.push(Buffer.from(pixels.buffer, pixels.byteOffset, pixels.byteLength));
    }
    const whole = Buffer.concat(frames);
    if (description.bitsAllocated > 1) return whole;
    // Eight pixels a byte, the first in the lowest bit.
    const byteAt = (index: number): number => whole.subarray(index * 8, index * 8 + 8).reduce((sum, bit, place) => sum + (bit << place), 0);
    return Buffer.from(Array.from({ length: Math.ceil(whole.length / 8) }, (_, index) => byteAt(index)));
  } catch (error) {
    if (error instanceof ImagingError || (error instanceof Error && error.name === 'DicomError')) return undefined;
    throw error;
  }
}

async function renderedOf(part10: Part10): Promise<RenderedFrame | undefined> {
  const [any] = framesOf(part10);
  const description = any && describePixels(part10);
  if (!description) return undefined;
  const [frame = any] = pixelFrames(part10);
  try {
    return renderFrame(await decodeFrame(description, frame), part10.dataSet, { square: true });
  } catch (error) {
    if (error instanceof ImagingError) return undefined;
    throw error;
  }
}

/** What the file says, by the converter that has tests of its own; pixels are always linked. */
function expectedMetadata(dataSet: DataSet): DicomJson {
  // What follows Pixel Data (padding, private groups) is not read at arrival.
  const read = Object.fromEntries(Object.entries(dataSet).filter(([tag]) => tag < '7FE00008' || PIXELS.includes(tag)));
  const linked = (path: string, length: number): string | undefined =>
    PIXELS.includes(path) || length > MAX_INLINE_BYTES ? '' : undefined;
  return toDicomJson(read, { bulkDataUri: linked });
}

/** Where the link leads is tested with the links; explicit VR leaves a choice of OB and OW for pixels. */
function comparable(json: DicomJson): string {
  const text = JSON.stringify(json, (key, value) => (key === 'BulkDataURI' ? '' : value));
  const copy: DicomJson = JSON.parse(text);
  const pixels = copy['7FE00010'];
  if (pixels?.vr === 'OB') pixels.vr = 'OW';
  return JSON.stringify(Object.entries(copy).sort(([a], [b]) => (a < b ? -1 : 1)));
}
