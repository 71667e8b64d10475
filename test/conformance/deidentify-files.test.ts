import { execFileSync, spawnSync } from 'node:child_process';
import { createHash, createHmac } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { BASIC_PROFILE, type DeidentificationOptions } from '../../src/contract/deidentification.ts';
import { type DataSet, DicomError, itemsOf, type Part10, type PersonName, textOf } from '../../src/dicom/data-set.ts';
import { deidentify } from '../../src/dicom/deidentify/deidentify.ts';
import { searchOutput } from '../../src/dicom/deidentify/search-output.ts';
import { isPrivate } from '../../src/dicom/dictionary.ts';
import { pixelFrames } from '../../src/dicom/frames.ts';
import { parsePart10 } from '../../src/dicom/parse.ts';
import { describePixels } from '../../src/dicom/pixel-description.ts';
import { isValidUid } from '../../src/dicom/uids.ts';
import { writePart10 } from '../../src/dicom/write.ts';
import { canDecode, decodeFrame } from '../../src/imaging/decode.ts';
import { ImagingError } from '../../src/imaging/imaging-error.ts';
import { deflateRaw, hasSamples, inflateRaw, parseOrRefuse, samples } from './dicom-files.ts';

const mac = (text: string): Uint8Array => new Uint8Array(createHmac('sha256', 'a key of this test').update(text).digest());

const VARIANTS: Readonly<Record<string, Partial<DeidentificationOptions>>> = {
  'the Basic Profile': {},
  'modified dates and every cleaning option': {
    dates: 'modify',
    clean_descriptors: true,
    clean_structured_content: true,
    retain_patient_characteristics: true,
    retain_safe_private: true,
  },
  'full dates, UIDs, device and institution': {
    dates: 'keep',
    retain_uids: true,
    retain_device_identity: true,
    retain_institution_identity: true,
  },
};

type Object10 = { name: string; bytes: Uint8Array; part10: Part10 };
const objects: Object10[] = [];
if (hasSamples) {
  for (const { name, bytes } of samples()) {
    const part10 = parseOrRefuse(bytes);
    if (part10 instanceof DicomError || part10.dataSet['00041220'] !== undefined) continue;
    // What does not say which object it is cannot be written by anybody.
    if (isValidUid(textOf(part10.dataSet, '00080018') ?? '') && isValidUid(textOf(part10.dataSet, '00080016') ?? ''))
      objects.push({ name, bytes, part10 });
  }
}

function output({ part10 }: Object10, options: Partial<DeidentificationOptions>): { file: Uint8Array; part10: Part10; leaks: string[] } {
  const done = deidentify(part10, { options: { ...BASIC_PROFILE, ...options }, mac, patientId: 'P7', patientName: 'P7' });
  const file = writePart10(done.part10, { deflateRaw });
  const leaks = searchOutput(file, done.identifiers, inflateRaw).map(({ where }) => where);
  return { file, part10: parsePart10(file, { inflateRaw }), leaks };
}

/** Every value of an attribute anywhere in the object, as text. */
function valuesOf(dataSet: DataSet, wanted: (tag: string, vr: string) => boolean): string[] {
  return Object.entries(dataSet).flatMap(([tag, { vr, Value = [] }]) => {
    const inside = itemsOf(dataSet, tag).flatMap((item) => valuesOf(item, wanted));
    if (vr === 'SQ' || !wanted(tag, vr)) return inside;
    return Value.flatMap((value) => {
      if (typeof value === 'string') return [value.trim()];
      return vr === 'PN' && value !== null ? Object.values(value as PersonName) : [];
    });
  });
}

/** All text of a file as a plain search sees it: its bytes as Latin-1, and inflated where it is deflated. */
function plainText(file: Uint8Array, { dataSet }: Part10): string {
  const inflated = JSON.stringify(dataSet, (_, value) => (value instanceof Uint8Array || typeof value === 'bigint' ? '' : value));
  const withoutPixels = parsePart10(file, { inflateRaw, until: '7FE00008' });
  return `${inflated}\n${new TextDecoder('latin1').decode(writePart10(withoutPixels, { deflateRaw }))}`;
}

describe.skipIf(!hasSamples)('de-identified real files (needs ../shared/data)', () => {
  test('are more than 350 objects of many kinds', () => {
    expect(objects.length).toBeGreaterThan(350);
    expect(new Set(objects.map(({ part10 }) => textOf(part10.dataSet, '00080016'))).size).toBeGreaterThanOrEqual(20);
  });

  test.each(Object.entries(VARIANTS))('hold no identifier of the input with %s, as the second pass sees it', (_, options) => {
    expect(objects.flatMap((object) => output(object, options).leaks.map((where) => `${object.name}: ${where}`))).toEqual([]);
  });

  test('say nothing of the input to a plain search, have no private attribute and no date, and say what was done', () => {
    for (const object of objects) {
      const { file, part10 } = output(object, {});
      const text = plainText(file, part10);
      expect(secretsOf(object.part10.dataSet).filter((secret) => text.includes(secret)).length, object.name).toBe(0);
      expect(
        valuesOf(part10.dataSet, (tag) => isPrivate(tag)),
        object.name,
      ).toEqual([]);
      const dates = valuesOf(part10.dataSet, (_, vr) => vr === 'DA');
      expect(
        dates.filter((date) => date !== '' && date !== '19000101'),
        object.name,
      ).toEqual([]);
      expect(textOf(part10.dataSet, '00120062'), object.name).toBe('YES');
      expect(textOf(itemsOf(part10.dataSet, '00120064')[0] ?? {}, '00080100'), object.name).toBe('113100');
    }
  });

  test('keep every pixel that they had', async () => {
    let compared = 0;
    for (const object of objects.filter(({ part10, bytes }) => canDecode(part10.transferSyntaxUid) && bytes.length < 600_000)) {
      const before = await pixelHash(object.part10);
      if (before === undefined) continue;
      expect(await pixelHash(output(object, {}).part10), object.name).toBe(before);
      compared += 1;
    }
    expect(compared).toBeGreaterThan(150);
  });
});

/** Names, IDs and UIDs that the file says outright, unless what they say is that there is none. */
function secretsOf(dataSet: DataSet): string[] {
  const names = valuesOf(dataSet, (tag, vr) => vr === 'PN' && !isPrivate(tag)).filter((name) => name.length >= 5);
  const ids = valuesOf(dataSet, (tag) => ['00100020', '00080050', '00101000'].includes(tag)).filter((id) => id.length >= 5);
  const uids = valuesOf(dataSet, (tag) => ['00080018', '0020000D', '0020000E', '00200052', '00081155'].includes(tag));
  const own = uids.filter((uid) => uid.length >= 8 && !uid.startsWith('1.2.840.10008.'));
  return [...names, ...ids, ...own].filter((secret) => !/^anonym|^removed$/i.test(secret));
}

/** Hash of all decoded frames; undefined where there are none, or they cannot be decoded. */
async function pixelHash(part10: Part10): Promise<string | undefined> {
  try {
    const description = describePixels(part10);
    if (description === undefined) return undefined;
    const hash = createHash('sha256');
    for (const frame of pixelFrames(part10)) {
      const { pixels } = await decodeFrame(description, frame);
      hash.update(new Uint8Array(pixels.buffer, pixels.byteOffset, pixels.byteLength));
    }
    return hash.digest('hex');
  } catch (error) {
    if (error instanceof DicomError || error instanceof ImagingError) return undefined;
    throw error;
  }
}

const hasValidator = spawnSync('dciodvfy', ['-version']).error === undefined;

describe.skipIf(!hasSamples || !hasValidator)('dciodvfy (needs ../shared/data and dicom3tools)', () => {
  const folder = mkdtempSync(join(tmpdir(), 'isocenter-deidentified-'));
  afterAll(() => rmSync(folder, { recursive: true }));

  /** Errors that the validator finds, without the places of pixels and lengths. */
  const errorsOf = (bytes: Uint8Array): string[] => {
    const path = join(folder, 'object.dcm');
    writeFileSync(path, bytes);
    const { stderr } = spawnSync('dciodvfy', [path], { encoding: 'utf8', timeout: 20_000, maxBuffer: 64 * 1024 * 1024 });
    return stderr.split('\n').filter((line) => line.startsWith('Error'));
  };

  test('finds no more errors after de-identification than before', () => {
    expect(execFileSync('which', ['dciodvfy'], { encoding: 'utf8' })).toContain('dciodvfy');
    // What our own writer makes of the object without de-identification is what de-identification starts from.
    const written = ({ part10 }: Object10) => writePart10(part10, { deflateRaw });
    const small = objects.filter(({ bytes }) => bytes.length < 1_500_000);
    const worse = small.flatMap((object) => {
      const before = errorsOf(written(object)).length;
      return Object.entries(VARIANTS).flatMap(([name, options]) => {
        const after = errorsOf(output(object, options).file);
        return after.length > before ? [`${object.name} with ${name}: ${before} before, ${after.length} after`] : [];
      });
    });
    expect(small.length).toBeGreaterThan(300);
    expect(worse).toEqual([]);
  }, 600_000);
});
