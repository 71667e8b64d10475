import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { zstdDecompressSync } from 'node:zlib';
import { afterAll, describe, expect, it } from 'vitest';
import { DicomError, type Part10 } from '../../src/dicom/data-set.ts';
import { pixelFrames } from '../../src/dicom/frames.ts';
import { parsePart10 } from '../../src/dicom/parse.ts';
import { describePixels } from '../../src/dicom/pixel-description.ts';
import { Tag } from '../../src/dicom/tags.ts';
import { canDecode, decodeFrame, decodeStoredFrame } from '../../src/imaging/decode.ts';
import { ImagingError } from '../../src/imaging/imaging-error.ts';
import { transcodeInstance } from '../../src/imaging/transcode.ts';
import { hasSamples, inflateRaw, parseOrRefuse, samples, samplesFolder } from './dicom-files.ts';
import { ctObject } from './dicom-objects.ts';

const uid = (tail: string): string => `1.2.840.10008.1.2${tail}`;
const LOSSLESS = ['', '.1', '.1.99', '.2', '.1.98', '.5', '.4.57', '.4.70', '.4.80', '.4.81', '.4.90', '.4.91', '.4.201', '.4.202', '.8.1'];

const scratch = mkdtempSync(join(tmpdir(), 'isocenter-transcode-'));
afterAll(() => rmSync(scratch, { recursive: true, force: true }));

const read = (bytes: Uint8Array): Part10 => parsePart10(bytes, { inflateRaw });
const sample = (...parts: string[]): Part10 => {
  const path = join(samplesFolder, ...parts);
  const bytes = readFileSync(path);
  return read(path.endsWith('.zst') ? zstdDecompressSync(bytes) : bytes);
};

/** Values as they are stored, frame after frame. */
async function storedPixels(part10: Part10): Promise<Buffer> {
  const description = describePixels(part10);
  if (!description) throw new Error('no pixels');
  const frames: Uint8Array[] = [];
  for (const frame of pixelFrames(part10)) {
    const { pixels } = await decodeStoredFrame(description, frame);
    frames.push(new Uint8Array(pixels.buffer, pixels.byteOffset, pixels.byteLength));
  }
  return Buffer.concat(frames);
}

function hasTool(name: string): boolean {
  try {
    execFileSync('which', [name], { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
}

/** Has a tool of dcmtk decompress a file. */
function decompressed(tool: string, bytes: Uint8Array): Part10 {
  const [source, target] = [join(scratch, 'encoded.dcm'), join(scratch, 'decoded.dcm')];
  writeFileSync(source, bytes);
  execFileSync(tool, [source, target], { stdio: 'ignore' });
  return read(readFileSync(target));
}

describe.skipIf(!hasSamples)('NEMA WG04 reference pictures in every lossless syntax (needs ../shared/data)', () => {
  const names = hasSamples ? readdirSync(join(samplesFolder, 'wg04', 'REF')).filter((name) => !name.startsWith('RG')) : [];

  it('are there', () => expect(names.length).toBeGreaterThanOrEqual(9));

  it.each(names)('%s comes back bit for bit', async (name) => {
    const original = sample('wg04', 'REF', name);
    const pixels = await storedPixels(original);
    for (const tail of LOSSLESS) {
      const written = read(await transcodeInstance(original, uid(tail)));
      expect([tail, (await storedPixels(written)).equals(pixels)]).toEqual([tail, true]);
    }
  });
});

describe.skipIf(!hasSamples)('sample files of every kind (needs ../shared/data)', () => {
  it('keep their values in every lossless syntax that can hold them, and are refused by a reason in the others', async () => {
    const refusals = new Set<string>();
    let count = 0;
    for (const { name, bytes } of samples()) {
      if (bytes.length > 400_000 || name.startsWith('wg04')) continue;
      const original = parseOrRefuse(bytes);
      if (original instanceof Error || !canDecode(original.transferSyntaxUid) || original.dataSet[Tag.FloatPixelData]) continue;
      const pixels = await storedPixels(original).catch(() => undefined);
      if (!pixels) continue;
      for (const tail of ['.1', '.2', '.5', '.4.70', '.4.80', '.4.90', '.4.201']) {
        try {
          const written = read(await transcodeInstance(original, uid(tail)));
          expect([name, tail, (await storedPixels(written)).equals(pixels)]).toEqual([name, tail, true]);
          count += 1;
        } catch (error) {
          if (!(error instanceof ImagingError || error instanceof DicomError)) throw error;
          refusals.add(error.message);
        }
      }
    }
    expect(count).toBeGreaterThan(500);
    expect([...refusals].sort()).toEqual([
      'JPEG 2000 of more than 16 bits is not written here',
      'JPEG holds values of 8 or 16 bits allocated only',
      'a file must name its object with valid UIDs',
    ]);
  });
});

describe.skipIf(!hasTool('dcmdjpeg'))('what dcmtk makes of our files (needs dcmtk)', () => {
  const objects = (): [string, Part10][] => {
    const small = ctObject();
    return [['a small signed CT', small], ...(hasSamples ? realObjects() : [])];
  };
  const realObjects = (): [string, Part10][] => [
    ['a CT', sample('cornerstone', 'CTImage.dcm')],
    ['an MR of 16 bits', sample('pydicom', 'test_files', 'MR_small.dcm')],
    ['color', sample('pydicom-data', 'SC_rgb.dcm')],
    ['color of 16 bits, two frames', sample('pydicom-data', 'SC_rgb_16bit_2frame.dcm')],
    ['a palette', sample('pydicom-data', 'OBXXXX1A_2frame.dcm')],
    ['an angiogram', sample('wg04', 'REF', 'XA1_UNC.zst')],
  ];

  it.each([
    ['dcmdrle', '.5'],
    ['dcmdjpeg', '.4.70'],
    ['dcmdjpeg', '.4.57'],
    ['dcmdjpls', '.4.80'],
    ['dcmdjpls', '.4.81'],
  ])('%s reads 1.2.840.10008.1.2%s bit for bit', async (tool, tail) => {
    for (const [name, original] of objects()) {
      const decoded = decompressed(tool, await transcodeInstance(original, uid(tail)));
      expect([name, (await storedPixels(decoded)).equals(await storedPixels(original))]).toEqual([name, true]);
    }
  });

  it.runIf(hasSamples)(
    'dcmdjpeg reads our JPEG of 8 and 12 bits as we do, to within one step of rounding (needs ../shared/data)',
    async () => {
      for (const [file, tail] of [
        [['pydicom-data', 'SC_rgb.dcm'], '.4.50'],
        [['pydicom', 'test_files', 'SC_rgb_small_odd.dcm'], '.4.50'],
        [['wg04', 'REF', 'US1_UNC.zst'], '.4.50'],
        [['wg04', 'REF', 'MR2_UNC.zst'], '.4.51'],
        [['wg04', 'REF', 'XA1_UNC.zst'], '.4.51'],
      ] as const) {
        const bytes = await transcodeInstance(sample(...file), uid(tail), { derivedUid: '2.25.99' });
        const [ours, theirs] = [await shownPixels(read(bytes)), await shownPixels(decompressed('dcmdjpeg', bytes))];
        expect(ours.length).toBe(theirs.length);
        const apart = ours.reduce((most, value, index) => Math.max(most, Math.abs(value - (theirs[index] ?? 0))), 0);
        expect([file, apart <= 1]).toEqual([file, true]);
      }
    },
  );
});

describe.skipIf(!hasSamples || !hasTool('dciodvfy'))('what dciodvfy finds in our files (needs ../shared/data and dicom3tools)', () => {
  const errorsOf = (bytes: Uint8Array): string[] => {
    const path = join(scratch, 'verify.dcm');
    writeFileSync(path, bytes);
    const { stderr } = spawnSync('dciodvfy', [path], { encoding: 'utf8' });
    return stderr.split('\n').filter((line) => line.startsWith('Error'));
  };

  it.each([
    ['pydicom-data', 'SC_rgb.dcm'],
    ['cornerstone', 'CTImage.dcm'],
  ])('is nothing new in %s %s', async (...file) => {
    const original = sample(...file);
    const known = new Set(errorsOf(await transcodeInstance(original, uid('.1'))));
    // It knows no HTJ2K.
    for (const tail of ['.5', '.4.50', '.4.70', '.4.80', '.4.90']) {
      const isRefused = tail === '.4.50' && file[0] === 'cornerstone';
      if (isRefused) continue;
      const errors = errorsOf(await transcodeInstance(original, uid(tail), { derivedUid: '2.25.99' }));
      expect([tail, errors.filter((line) => !known.has(line))]).toEqual([tail, []]);
    }
  });
});

async function shownPixels(part10: Part10): Promise<number[]> {
  const description = describePixels(part10);
  if (!description) throw new Error('no pixels');
  const [frame = new Uint8Array()] = pixelFrames(part10);
  return [...(await decodeFrame(description, frame)).pixels];
}
