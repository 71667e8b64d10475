import { execFileSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { zstdDecompressSync } from 'node:zlib';
import { afterAll, describe, expect, it } from 'vitest';
import type { DataSet } from '../../src/dicom/data-set.ts';
import { pixelFrames } from '../../src/dicom/frames.ts';
import { parsePart10 } from '../../src/dicom/parse.ts';
import { describePixels } from '../../src/dicom/pixel-description.ts';
import { decodeFrame } from '../../src/imaging/decode.ts';
import type { DecodedFrame } from '../../src/imaging/decoded-frame.ts';
import { ImagingError } from '../../src/imaging/imaging-error.ts';
import { toModalityValues } from '../../src/imaging/modality-lut.ts';
import { analyzeCtLung } from '../../src/imaging/quantify/ct-lung.ts';
import { renderFrame } from '../../src/imaging/render.ts';
import { buildVolume, type Slice } from '../../src/imaging/volume.ts';
import { hasSamples, inflateRaw, samplesFolder } from './dicom-files.ts';

type Picture = { dataSet: DataSet; frames: DecodedFrame[] };

const hasDcmtk = hasTool('dcmdjpeg');
const scratch = mkdtempSync(join(tmpdir(), 'isocenter-pixels-'));
afterAll(() => rmSync(scratch, { recursive: true, force: true }));

async function decodeFile(path: string): Promise<Picture> {
  const bytes = readFileSync(path);
  const part10 = parsePart10(path.endsWith('.zst') ? zstdDecompressSync(bytes) : bytes, { inflateRaw });
  const description = describePixels(part10);
  if (!description) throw new Error(`${path} has no pixels`);
  const frames: DecodedFrame[] = [];
  for (const frame of pixelFrames(part10)) frames.push(await decodeFrame(description, frame));
  return { dataSet: part10.dataSet, frames };
}
const sample = (...parts: string[]): Promise<Picture> => decodeFile(join(samplesFolder, ...parts));

/** Largest and mean absolute difference of all frames, and the range of the second. */
function difference(a: Picture, b: Picture): { largest: number; mean: number; range: number } {
  expect(a.frames.length).toBe(b.frames.length);
  let [largest, sum, count, low, high] = [0, 0, 0, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
  for (const [index, frame] of a.frames.entries()) {
    const other = b.frames[index]?.pixels ?? new Uint8Array();
    expect(frame.pixels.length).toBe(other.length);
    for (let at = 0; at < other.length; at += 1) {
      const value = other[at] ?? 0;
      const apart = Math.abs((frame.pixels[at] ?? 0) - value);
      largest = Math.max(largest, apart);
      sum += apart;
      low = Math.min(low, value);
      high = Math.max(high, value);
      count += 1;
    }
  }
  return { largest, mean: sum / count, range: high - low };
}

function hasTool(name: string): boolean {
  try {
    execFileSync(name, ['--version'], { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
}

const wg04 = (kind: string): string[] => readdirSync(join(samplesFolder, 'wg04', kind)).filter((name) => !name.startsWith('RG1'));
const reference = (name: string): Promise<Picture> => sample('wg04', 'REF', `${name.split('_')[0]}_UNC.zst`);

describe.skipIf(!hasSamples)('NEMA WG04 compression samples (needs ../shared/data)', () => {
  it.each(['RLE', 'JPLL', 'JLSL', 'J2KR'])('gives the reference bit for bit in the lossless %s files', async (kind) => {
    const names = wg04(kind);
    expect(names.length).toBeGreaterThanOrEqual(9);
    for (const name of names)
      expect([name, difference(await sample('wg04', kind, name), await reference(name)).largest]).toEqual([name, 0]);
  });

  it('stays within the 4 steps that the JPEG-LS near-lossless files were made with', async () => {
    for (const name of wg04('JLSN'))
      expect(difference(await sample('wg04', 'JLSN', name), await reference(name)).largest).toBeLessThanOrEqual(4);
  });

  it.each(['J2KI', 'JPLY'])('differs from the reference by less than 2 %% of its range on average in the lossy %s files', async (kind) => {
    for (const name of wg04(kind)) {
      const { mean, range } = difference(await sample('wg04', kind, name), await reference(name));
      expect([name, mean / range < 0.02]).toEqual([name, true]);
    }
  });
});

describe.skipIf(!hasSamples)('one CT in 15 transfer syntaxes (needs ../shared/data)', () => {
  const files = hasSamples ? readdirSync(join(samplesFolder, 'cornerstone')).filter((name) => name.startsWith('CTImage.dcm_')) : [];
  const withUid = (...tails: string[]): string[] =>
    files.filter((name) => tails.some((tail) => name.endsWith(`_1.2.840.10008.1.2${tail}.dcm`)));

  it('has them all', () => expect(files).toHaveLength(15));

  it('is the same pixel by pixel in the nine lossless ones', async () => {
    const original = await sample('cornerstone', 'CTImage.dcm');
    const lossless = withUid('', '.1', '.1.99', '.2', '.5', '.4.57', '.4.70', '.4.80', '.4.90');
    expect(lossless).toHaveLength(9);
    for (const name of lossless) expect([name, difference(await sample('cornerstone', name), original).largest]).toEqual([name, 0]);
  });

  it('is within 1 in near-lossless JPEG-LS and within 5 in lossy JPEG 2000', async () => {
    const original = await sample('cornerstone', 'CTImage.dcm');
    for (const [tail, bound] of [
      ['.4.81', 1],
      ['.4.91', 5],
    ] as const) {
      const [name = ''] = withUid(tail);
      expect(difference(await sample('cornerstone', name), original).largest).toBeLessThanOrEqual(bound);
    }
  });

  it('has densities within 5 HU on average in 12-bit JPEG, and exactly the same in its sequential, spectral and progressive forms', async () => {
    const original = await sample('cornerstone', 'CTImage.dcm');
    const [sequential, spectral, progressive] = await Promise.all(
      ['.4.51', '.4.53', '.4.55'].map((tail) => sample('cornerstone', withUid(tail)[0] ?? '')),
    );
    if (!sequential || !spectral || !progressive) throw new Error('a file is missing');
    expect(difference(spectral, sequential).largest).toBe(0);
    expect(difference(progressive, sequential).largest).toBe(0);
    const values = ({ frames, dataSet }: Picture): Float32Array => toModalityValues(frames[0] as DecodedFrame, dataSet);
    const expected = values(original);
    const apart = values(sequential).map((value, index) => Math.abs(value - (expected[index] ?? 0)));
    expect(apart.reduce((sum, value) => sum + value, 0) / apart.length).toBeLessThan(5);
  });
});

/** Files that hold the same picture, and how far apart they may be: 0 for lossless. */
const TWINS: [file: string, twin: string, bound: number][] = [
  ['pydicom/test_files/SC_rgb_rle.dcm', 'pydicom-data/SC_rgb.dcm', 0],
  ['pydicom/test_files/SC_rgb_jpeg_gdcm.dcm', 'pydicom-data/SC_rgb.dcm', 0],
  ['pydicom/test_files/SC_rgb_gdcm_KY.dcm', 'pydicom-data/SC_rgb.dcm', 0],
  ['pydicom-data/SC_rgb_expb.dcm', 'pydicom-data/SC_rgb.dcm', 0],
  ['pydicom-data/SC_rgb_expb_16bit.dcm', 'pydicom-data/SC_rgb_16bit.dcm', 0],
  ['pydicom-data/SC_rgb_expb_32bit_2frame.dcm', 'pydicom-data/SC_rgb_32bit_2frame.dcm', 0],
  ['pydicom/test_files/SC_rgb_rle_16bit_2frame.dcm', 'pydicom-data/SC_rgb_16bit_2frame.dcm', 0],
  ['pydicom/test_files/SC_rgb_rle_32bit_2frame.dcm', 'pydicom-data/SC_rgb_32bit_2frame.dcm', 0],
  ['pydicom/test_files/SC_rgb_jls_lossy_sample.dcm', 'pydicom-data/SC_rgb.dcm', 2],
  ['pydicom/test_files/SC_rgb_jls_lossy_line.dcm', 'pydicom-data/SC_rgb.dcm', 2],
  ['pydicom-data/SC_ybr_full_uncompressed.dcm', 'pydicom-data/SC_rgb.dcm', 6],
  ['pydicom/test_files/SC_ybr_full_422_uncompressed.dcm', 'pydicom-data/SC_rgb.dcm', 6],
  ['pydicom/test_files/SC_rgb_small_odd_big_endian.dcm', 'pydicom/test_files/SC_rgb_small_odd.dcm', 0],
  ['pydicom/test_files/rtdose_expb.dcm', 'pydicom/test_files/rtdose.dcm', 0],
  ['pydicom/test_files/rtdose_rle.dcm', 'pydicom/test_files/rtdose.dcm', 0],
  ['pydicom/test_files/MR_small_RLE.dcm', 'pydicom/test_files/MR_small.dcm', 0],
  ['pydicom/test_files/MR_small_jp2klossless.dcm', 'pydicom/test_files/MR_small.dcm', 0],
  ['pydicom/test_files/MR_small_jpeg_ls_lossless.dcm', 'pydicom/test_files/MR_small.dcm', 0],
  ['pydicom/test_files/MR_small_bigendian.dcm', 'pydicom/test_files/MR_small.dcm', 0],
  ['pydicom-data/emri_small_RLE.dcm', 'pydicom-data/emri_small.dcm', 0],
  ['pydicom-data/emri_small_big_endian.dcm', 'pydicom-data/emri_small.dcm', 0],
  ['pydicom-data/emri_small_jpeg_2k_lossless.dcm', 'pydicom-data/emri_small.dcm', 0],
  ['pydicom-data/emri_small_jpeg_ls_lossless.dcm', 'pydicom-data/emri_small.dcm', 0],
  ['pydicom-data/US1_J2KR.dcm', 'pydicom-data/US1_UNCR.dcm', 0],
  ['pydicom-data/US1_J2KI.dcm', 'pydicom-data/US1_UNCI.dcm', 0],
  ['pydicom-data/MR2_J2KR.dcm', 'pydicom-data/MR2_UNCR.dcm', 0],
  ['pydicom-data/693_J2KR.dcm', 'pydicom-data/693_UNCR.dcm', 0],
  ['pydicom-data/OBXXXX1A_rle_2frame.dcm', 'pydicom-data/OBXXXX1A_2frame.dcm', 0],
  ['pydicom-data/OBXXXX1A_expb_2frame.dcm', 'pydicom-data/OBXXXX1A_2frame.dcm', 0],
  ['pydicom-data/gdcm-US-ALOKA-16_big.dcm', 'pydicom-data/gdcm-US-ALOKA-16.dcm', 0],
  ['pydicom-data/liver_expb.dcm', 'pydicom-data/liver.dcm', 0],
  ['pydicom-data/liver_rle.dcm', 'pydicom-data/liver.dcm', 0],
  ['pydicom-data/liver_deflate.dcm', 'pydicom-data/liver.dcm', 0],
  ['pydicom-data/liver_j2k.dcm', 'pydicom-data/liver.dcm', 0],
  ['pydicom-data/liver_nonbyte_aligned_rle.dcm', 'pydicom-data/liver_nonbyte_aligned.dcm', 0],
  ['pydicom-data/liver_nonbyte_aligned_deflate.dcm', 'pydicom-data/liver_nonbyte_aligned.dcm', 0],
  ['pydicom-data/JLSL_RGB_ILV0.dcm', 'pydicom-data/JLSL_RGB_ILV2.dcm', 0],
  ['pydicom-data/JLSL_RGB_ILV1.dcm', 'pydicom-data/JLSL_RGB_ILV2.dcm', 0],
  ['pydicom-data/JLSN_RGB_ILV0.dcm', 'pydicom-data/JLSL_RGB_ILV2.dcm', 3],
  ['pydicom-data/HTJ2K_08_RGB.dcm', 'pydicom-data/HTJ2KLossless_08_RGB.dcm', 4],
  ['cornerstone/TestPattern_JPEG-LS-Lossless.dcm', 'cornerstone/TestPattern_RGB.dcm', 0],
  ['cornerstone/TestPattern_JPEG-LS-NearLossless.dcm', 'cornerstone/TestPattern_RGB.dcm', 2],
  ['cornerstone/TestPattern_JPEG-Lossless_RGB.dcm', 'cornerstone/TestPattern_RGB.dcm', 0],
  // Baseline JPEG against the same frame decoded by DCMTK: every subsampling, and RGB without or with Adobe's segment.
  ...['+eb+cy+n1', '+eb+cy+n2', '+eb+cy+np', '+eb+cy+s2', '+eb+cy+s4', '+eb+cr'].map((name): [string, string, number] => [
    `pydicom/test_files/SC_rgb_dcmtk_${name}.dcm`,
    `pydicom-data/SC_rgb_dcmtk_${name.replaceAll('+', '')}_dcmd.dcm`,
    0,
  ]),
  ['pydicom/test_files/SC_jpeg_no_color_transform.dcm', 'pydicom/test_files/SC_rgb_jpeg_dcmd.dcm', 0],
  ['pydicom/test_files/SC_rgb_jpeg.dcm', 'pydicom/test_files/SC_rgb_jpeg_dcmd.dcm', 0],
  ['pydicom/test_files/SC_jpeg_no_color_transform_2.dcm', 'pydicom/test_files/SC_rgb_jpeg_app14_dcmd.dcm', 0],
];

describe.skipIf(!hasSamples)('the same picture in different encodings (needs ../shared/data)', () => {
  it.each(TWINS)('%s is %s, to within %i', async (file, twin, bound) => {
    expect(difference(await sample(file), await sample(twin)).largest).toBeLessThanOrEqual(bound);
  });

  it('reads two’s complement from a JPEG 2000 stream that calls itself unsigned', async () => {
    const { frames } = await sample('pydicom/test_files/J2K_pixelrep_mismatch.dcm');
    const pixels = Array.from(frames[0]?.pixels ?? []);
    expect(pixels[0]).toBe(-2000);
    expect(Math.max(...pixels.slice(0, 50_000))).toBeLessThan(4096);
  });

  it('refuses a codestream whose length fields were overwritten', async () => {
    await expect(sample('pydicom/test_files/JPEG2000-embedded-sequence-delimiter.dcm')).rejects.toThrow(ImagingError);
  });

  it('shows a palette file as its RGB twin', async () => {
    const [palette, rgb] = await Promise.all([
      sample('cornerstone/TestPattern_Palette_16.dcm'),
      sample('cornerstone/TestPattern_Palette.dcm'),
    ]);
    const pictures = [palette, rgb].map(({ frames, dataSet }) => renderFrame(frames[0] as DecodedFrame, dataSet));
    const [wide, narrow] = pictures;
    expect(wide?.channels).toBe(3);
    const apart = (wide?.pixels ?? new Uint8Array()).map((value, index) => Math.abs(value - (narrow?.pixels[index] ?? 0)));
    expect(apart.reduce((sum, value) => sum + value, 0) / apart.length).toBeLessThan(2);
  });
});

describe.skipIf(!hasSamples || !hasDcmtk)('12-bit JPEG against dcmdjpeg (needs ../shared/data and dcmtk)', () => {
  const files = [
    'cornerstone/CT0012.fragmented_no_bot_jpeg_baseline.51.dcm',
    'pydicom/test_files/JPGExtended.dcm',
    'pydicom/test_files/JPEG-lossy.dcm',
    'wg04/JPLY/MR1_JPLY',
    'wg04/JPLY/XA1_JPLY',
    'cornerstone/CTImage.dcm_JPEGProcess6_8TransferSyntax_1.2.840.10008.1.2.4.53.dcm',
    'cornerstone/CTImage.dcm_JPEGProcess10_12TransferSyntax_1.2.840.10008.1.2.4.55.dcm',
  ];
  it.each(files)('%s is within the rounding of one step', async (file) => {
    const target = join(scratch, 'decoded.dcm');
    execFileSync('dcmdjpeg', [join(samplesFolder, file), target], { stdio: 'ignore' });
    expect(difference(await sample(file), await decodeFile(target)).largest).toBeLessThanOrEqual(1);
  });
});

describe.skipIf(!hasSamples)('a head CT with irregular slices (needs ../shared/data)', () => {
  const slices = async (): Promise<Slice[]> => {
    const names = readdirSync(join(samplesFolder, 'ge-head-ct')).filter((name) => name.endsWith('.dcm'));
    const pictures = await Promise.all(names.map((name) => sample('ge-head-ct', name)));
    return pictures.map(({ frames, dataSet }) => ({ dataSet, values: toModalityValues(frames[0] as DecodedFrame, dataSet) }));
  };

  it('is refused as a volume, with the distances found', async () => {
    const built = buildVolume(await slices());
    expect('refused' in built && built.refused).toMatch(/\d\.\d\d mm|degrees/);
  });

  it('has no lungs to measure, even where its slices are taken as even', () => {
    return slices().then((all) => {
      const even = all.flatMap((slice, index) => [
        {
          ...slice,
          dataSet: {
            ...slice.dataSet,
            '00200032': { vr: 'DS' as const, Value: [0, 0, index * 5] },
            '00200037': { vr: 'DS' as const, Value: [1, 0, 0, 0, 1, 0] },
          },
        },
      ]);
      const built = buildVolume(even);
      if ('refused' in built) throw new Error(built.refused);
      expect(analyzeCtLung(built.volume)).toHaveProperty('notEvaluable');
    });
  });
});
