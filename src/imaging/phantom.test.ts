import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { textOf } from '../dicom/data-set.ts';
import { pixelFrames } from '../dicom/frames.ts';
import { parsePart10 } from '../dicom/parse.ts';
import { describePixels } from '../dicom/pixel-description.ts';
import { Tag } from '../dicom/tags.ts';
import { decodeFrame } from './decode.ts';
import { ImagingError } from './imaging-error.ts';
import { toModalityValues } from './modality-lut.ts';
import { buildPhantom, type Phantom } from './phantom.ts';
import { phantomDicom } from './phantom-dicom.ts';
import { type Grid, paint, sampledVolumeMl } from './phantom-raster.ts';
import { ellipsoid, sphere } from './phantom-shapes.ts';
import { renderFrame } from './render.ts';
import { buildVolume, type Slice } from './volume.ts';

let phantom: Phantom;
beforeAll(() => {
  phantom = buildPhantom({ seed: 11, spacingMm: [5, 3, 3] });
});

describe('paint', () => {
  const grid: Grid = { origin: [-20, -20, -20], spacing: [1.1, 0.9, 2], size: [38, 46, 21] };

  it('gives shapes the volume that their formula says, by partial volume', () => {
    for (const [shape, mm3] of [
      [sphere([0.3, -0.2, 0.7], 5), (4 / 3) * Math.PI * 125],
      [ellipsoid([1, 0, -1], [15, 6, 9]), (4 / 3) * Math.PI * 15 * 6 * 9],
    ] as const) {
      const values = new Float32Array(38 * 46 * 21);
      paint(values, grid, [{ shape, hu: 1, subsamples: 5 }]);
      const painted = values.reduce((sum, value) => sum + value, 0) * 1.1 * 0.9 * 2;
      expect(painted / mm3).toBeCloseTo(1, 2);
      expect((sampledVolumeMl(shape, 0.25) * 1000) / mm3).toBeCloseTo(1, 2);
    }
  });
});

describe('buildPhantom', () => {
  it('gives the same voxels for the same seed and others for another', () => {
    const again = buildPhantom({ seed: 11, spacingMm: [5, 3, 3] });
    expect(again.volume.values).toEqual(phantom.volume.values);
    expect(again.radiograph.pixels).toEqual(phantom.radiograph.pixels);
    expect(buildPhantom({ seed: 12, spacingMm: [5, 3, 3] }).volume.values).not.toEqual(phantom.volume.values);
  });

  it('has the lungs of an adult, and says that it is synthetic', () => {
    expect(phantom.truth.synthetic).toBe(true);
    expect(phantom.truth.lungVolumeMl.total).toBeGreaterThan(3500);
    expect(phantom.truth.lungVolumeMl.total).toBeLessThan(5500);
  });

  it('refuses a nodule outside of the lungs and options out of range', () => {
    expect(() => buildPhantom({ nodules: [{ centerLps: [0, 0, 0], diameterMm: 5, kind: 'solid', hu: 40 }] })).toThrow(ImagingError);
    expect(() => buildPhantom({ emphysemaFraction: 0.5 })).toThrow(ImagingError);
    expect(() => buildPhantom({ spacingMm: [0, 1, 1] })).toThrow(ImagingError);
  });
});

describe('phantomDicom', () => {
  it('is one study that calls itself synthetic wherever a name is shown', () => {
    const parts = phantomDicom(phantom).map(({ part10 }) => parsePart10(part10).dataSet);
    expect(new Set(parts.map((dataSet) => textOf(dataSet, Tag.StudyInstanceUID))).size).toBe(1);
    expect(new Set(parts.map((dataSet) => textOf(dataSet, Tag.SOPInstanceUID))).size).toBe(parts.length);
    for (const dataSet of parts) {
      expect(dataSet[Tag.PatientName]?.Value).toEqual([{ Alphabetic: 'SYNTHETIC^PHANTOM' }]);
      expect(textOf(dataSet, Tag.PatientID)).toBe('SYNTHETIC-PHANTOM');
      expect(textOf(dataSet, Tag.StudyDescription)).toBe('Synthetic phantom');
      expect(textOf(dataSet, Tag.SeriesDescription)).toContain('SYNTHETIC');
      expect(textOf(dataSet, Tag.ImageType)).toBe('DERIVED');
      expect(textOf(dataSet, Tag.BurnedInAnnotation)).toBe('NO');
    }
  });

  it('gives the volume back, voxel for voxel, through files, decoding and sorting', async () => {
    const slices: Slice[] = [];
    for (const { part10 } of phantomDicom(phantom).slice(0, -1)) {
      const file = parsePart10(part10);
      const description = describePixels(file);
      const [frame] = pixelFrames(file);
      if (!description || !frame) throw new Error('no pixels');
      slices.push({ dataSet: file.dataSet, values: toModalityValues(await decodeFrame(description, frame), file.dataSet) });
    }
    const built = buildVolume(slices.reverse());
    if ('refused' in built) throw new Error(built.refused);
    expect(built.volume.size).toEqual(phantom.volume.size);
    expect(built.volume.originLps).toEqual(phantom.volume.originLps);
    expect(built.volume.values).toEqual(phantom.volume.values);
  });

  it('gives the same bytes for the same seed', () => {
    const again = phantomDicom(phantom);
    expect(phantomDicom(phantom).every(({ part10 }, index) => Buffer.compare(part10, again[index]?.part10 ?? new Uint8Array()) === 0)).toBe(
      true,
    );
  });

  it('has a radiograph whose lungs are darker than its mediastinum', async () => {
    const file = parsePart10(phantomDicom(phantom).at(-1)?.part10 ?? new Uint8Array());
    const description = describePixels(file);
    const [frame] = pixelFrames(file);
    if (!description || !frame) throw new Error('no pixels');
    const { width, height, pixels } = renderFrame(await decodeFrame(description, frame), file.dataSet);
    const at = (x: number, y: number): number => pixels[Math.round(y * height) * width + Math.round(x * width)] ?? 0;
    expect(at(0.5, 0.5)).toBeGreaterThan(200);
    expect(at(0.28, 0.5)).toBeLessThan(130);
    expect(at(0.72, 0.4)).toBeLessThan(130);
  });
});

describe.skipIf(spawnSync('dciodvfy', ['-version']).error !== undefined)('the phantom under dciodvfy (needs dicom3tools)', () => {
  const folder = mkdtempSync(join(tmpdir(), 'isocenter-phantom-'));
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  it('has no error in a CT slice nor in the radiograph', () => {
    const files = phantomDicom(phantom);
    for (const file of [files[0], files.at(-1)]) {
      const path = join(folder, file?.name ?? '');
      writeFileSync(path, file?.part10 ?? '');
      const { stderr, stdout } = spawnSync('dciodvfy', [path], { encoding: 'utf8' });
      expect(`${stdout}${stderr}`.split('\n').filter((line) => line.startsWith('Error'))).toEqual([]);
    }
  });
});
