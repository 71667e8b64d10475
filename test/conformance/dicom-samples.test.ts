import { describe, expect, it } from 'vitest';
import { DicomError, type Part10, textOf } from '../../src/dicom/data-set.ts';
import { type DicomJson, fromDicomJson, stringifyDicomJson, toDicomJson } from '../../src/dicom/dicom-json.ts';
import { frameCount, pixelFrames } from '../../src/dicom/frames.ts';
import { parseDataSet, parsePart10, readHeader } from '../../src/dicom/parse.ts';
import { describePixels, frameBits } from '../../src/dicom/pixel-description.ts';
import { Tag } from '../../src/dicom/tags.ts';
import { ExplicitVrBigEndian, ExplicitVrLittleEndian, isValidUid, transferSyntaxOf } from '../../src/dicom/uids.ts';
import { writeDataSet, writePart10 } from '../../src/dicom/write.ts';
import { comparable, deflateRaw, hasSamples, inflateRaw, parseOrRefuse, samples } from './dicom-files.ts';

/** Files of the collection that are damaged on purpose, and where the damage is. */
const damaged: Record<string, string | undefined> = {
  'pydicom/test_files/MR_truncated.dcm': '7FE00010',
  'pydicom/test_files/rtplan_truncated.dcm': '300A00B0',
  'pydicom/test_files/no_meta.dcm': undefined,
  'pydicom/test_files/meta_missing_tsyntax.dcm': undefined,
  'pydicom/test_files/dicomdirtests/DICOMDIR-nooffset': undefined,
  'pydicom-data/emri_small_jpeg_2k_lossless_too_short.dcm': undefined,
};

const parsed: { name: string; bytes: Uint8Array; part10: Part10 }[] = [];
const refused = new Map<string, DicomError>();
if (hasSamples) {
  for (const { name, bytes } of samples()) {
    const result = parseOrRefuse(bytes);
    if (result instanceof DicomError) refused.set(name, result);
    else parsed.push({ name, bytes, part10: result });
  }
}

describe.skipIf(!hasSamples)('every sample file (needs ../shared/data)', () => {
  it('parses, or is refused with a DicomError that names a place', () => {
    expect(parsed.length).toBeGreaterThan(400);
    for (const error of refused.values()) expect(error.tag ?? error.offset).toBeDefined();
  });

  it('is refused if it is damaged or no DICOM, and only then', () => {
    const notDicom = /(LICENSE|README|FileInfo)(\.txt)?$|\.(json|icc|dump|gz|dat)$|wadors\/metadata$/;
    for (const name of refused.keys()) if (!notDicom.test(name)) expect(Object.keys(damaged)).toContain(name);
    for (const [name, tag] of Object.entries(damaged)) expect(refused.get(name)?.tag).toBe(tag);
  });

  it('is the same after writing and parsing again, in its own syntax', () => {
    for (const { name, part10 } of parsed) {
      const again = parseDataSet(writeDataSet(part10.dataSet, part10.transferSyntaxUid), own(part10));
      expect(comparable(again), name).toEqual(comparable(part10.dataSet));
    }
  });

  it('is the same as a whole file with file meta', () => {
    let written = 0;
    for (const { name, part10 } of parsed) {
      const { dataSet, meta } = part10;
      const instance = textOf(dataSet, Tag.SOPInstanceUID) ?? textOf(meta, Tag.MediaStorageSOPInstanceUID) ?? '';
      const sopClass = textOf(dataSet, Tag.SOPClassUID) ?? textOf(meta, Tag.MediaStorageSOPClassUID) ?? '';
      if (!isValidUid(instance) || !isValidUid(sopClass)) continue;
      const again = parsePart10(writePart10(part10, { deflateRaw }), { inflateRaw });
      expect(again.transferSyntaxUid).toBe(part10.transferSyntaxUid);
      expect(comparable(again.dataSet), name).toEqual(comparable(dataSet));
      written += 1;
    }
    expect(written).toBeGreaterThan(380);
  });

  it('is the same after a change of byte order', () => {
    for (const { name, part10 } of parsed) {
      if (transferSyntaxOf(part10.transferSyntaxUid).encapsulated) continue;
      const swapped = parseDataSet(writeDataSet(part10.dataSet, ExplicitVrBigEndian), ExplicitVrBigEndian);
      const again = parseDataSet(writeDataSet(swapped, ExplicitVrLittleEndian), ExplicitVrLittleEndian);
      expect(comparable(again), name).toEqual(comparable(part10.dataSet));
    }
  });

  it('is the same after a way through DICOM JSON text', () => {
    for (const { name, part10 } of parsed) {
      const native = Object.fromEntries(
        Object.entries(part10.dataSet).filter(([, { fragments, bytes }]) => fragments === undefined && (bytes?.length ?? 0) < 0x10000),
      );
      const text = stringifyDicomJson(toDicomJson(native));
      const again = fromDicomJson(JSON.parse(text) as DicomJson);
      expect(comparable(again), name).toEqual(comparable(native));
    }
  });

  it('has the same header whether its head or all of it is read', () => {
    for (const { name, bytes, part10 } of parsed) {
      if (transferSyntaxOf(part10.transferSyntaxUid).deflated) continue;
      let length = 132;
      let result = readHeader(bytes.subarray(0, length), { complete: false });
      while (result.kind === 'need-more') {
        expect(result.atLeast).toBeGreaterThan(length);
        length = Math.min(result.atLeast, bytes.length);
        result = readHeader(bytes.subarray(0, length), { complete: length === bytes.length });
      }
      const header = Object.entries(part10.dataSet).filter(([tag]) => tag < '7FE00008');
      expect(comparable(result.part10.dataSet), name).toEqual(comparable(Object.fromEntries(header)));
      const pixelData = part10.dataSet[Tag.PixelData] ?? part10.dataSet[Tag.FloatPixelData] ?? part10.dataSet[Tag.DoubleFloatPixelData];
      expect(result.pixelData === null, name).toBe(pixelData === undefined);
      if (pixelData?.bytes !== undefined) expect(result.pixelData?.length).toBe(pixelData.bytes.length);
    }
  });

  it('gives as many frames as it declares, native ones of the declared size', () => {
    let frames = 0;
    for (const { name, part10 } of parsed) {
      let found: Uint8Array[];
      try {
        found = pixelFrames(part10);
      } catch (error) {
        expect(error, name).toBeInstanceOf(DicomError);
        continue;
      }
      expect(found.length, name).toBe(frameCount(part10));
      frames += found.length;
      const description = describePixels(part10);
      if (description === undefined || part10.dataSet[Tag.PixelData]?.fragments !== undefined) continue;
      for (const frame of found) expect(frame.length).toBe(Math.ceil(frameBits(description) / 8));
    }
    expect(frames).toBeGreaterThan(400);
  });
});

/** The syntax that a data set alone is written in: deflation belongs to the file. */
function own({ transferSyntaxUid }: Part10): string {
  return transferSyntaxOf(transferSyntaxUid).deflated ? ExplicitVrLittleEndian : transferSyntaxUid;
}
