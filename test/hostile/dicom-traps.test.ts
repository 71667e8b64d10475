import { describe, expect, it } from 'vitest';
import { DicomError } from '../../src/dicom/data-set.ts';
import { parseDataSet, parsePart10, readHeader } from '../../src/dicom/parse.ts';
import { Tag } from '../../src/dicom/tags.ts';
import { ExplicitVrBigEndian, ExplicitVrLittleEndian, ImplicitVrLittleEndian } from '../../src/dicom/uids.ts';
import { writePart10 } from '../../src/dicom/write.ts';
import { ctObject } from '../conformance/dicom-objects.ts';

const hex = (text: string): Buffer => Buffer.from(text.replaceAll(' ', ''), 'hex');

/** `unit` so many times between a beginning and an end. */
function repeated(unit: string, times: number, around: { before?: string; after?: string } = {}): Uint8Array {
  return Buffer.concat([hex(around.before ?? ''), Buffer.alloc(hex(unit).length * times, hex(unit)), hex(around.after ?? '')]);
}

describe('bytes that are hardly any', () => {
  it.each([0, 1, 4, 127, 128, 131])('%i of them are no file, and as a head ask for more', (length) => {
    for (const fill of [0x00, 0x08, 0xff]) {
      const bytes = new Uint8Array(length).fill(fill);
      expect(() => parsePart10(bytes)).toThrow(DicomError);
      expect(readHeader(bytes, { complete: false })).toMatchObject({ kind: 'need-more' });
      expect(() => readHeader(bytes, { complete: true })).toThrow(DicomError);
    }
  });

  it('132 of them, preamble and magic alone, are none either', () => {
    const bytes = writePart10(ctObject()).subarray(0, 132);
    expect(() => parsePart10(bytes)).toThrow(DicomError);
    expect(readHeader(bytes, { complete: false })).toMatchObject({ kind: 'need-more' });
  });
});

describe('lengths that lie', () => {
  it('in any place of a file are refused or harmless', () => {
    for (const syntax of [ExplicitVrLittleEndian, ExplicitVrBigEndian, ImplicitVrLittleEndian]) {
      const file = writePart10(ctObject(syntax));
      for (const lie of [0xff, 0xfe, 0x7f]) {
        for (let at = 132; at + 4 <= file.length; at += 1) {
          const bytes = file.slice();
          bytes.fill(lie, at, at + 4);
          for (const read of [() => parsePart10(bytes), () => readHeader(bytes, { complete: false })]) {
            try {
              read();
            } catch (error) {
              expect(error).toBeInstanceOf(DicomError);
            }
          }
        }
      }
    }
  });

  it('take no memory for what is not there', () => {
    const before = process.memoryUsage().arrayBuffers;
    for (let round = 0; round < 100; round += 1) {
      expect(() => parseDataSet(hex('e07f 1000 4f57 0000 feffffff 0000'), ExplicitVrLittleEndian)).toThrow(DicomError);
    }
    expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(64 * 1024 * 1024);
  });
});

describe('nesting 100,000 deep', () => {
  it.each([
    ['sequences of undefined length', ExplicitVrLittleEndian, '0800 4011 5351 0000 ffffffff feff 00e0 ffffffff'],
    ['private attributes of undefined length', ImplicitVrLittleEndian, '0900 0110 ffffffff feff 00e0 ffffffff'],
    ['implicit VR', ImplicitVrLittleEndian, '0800 4011 ffffffff feff 00e0 ffffffff'],
    ['big endian', ExplicitVrBigEndian, '0008 1140 5351 0000 ffffffff fffe e000 ffffffff'],
  ])('of %s is refused', (_what, syntax, unit) => {
    const error = (() => {
      try {
        return parseDataSet(repeated(unit, 100_000), syntax);
      } catch (thrown) {
        return thrown;
      }
    })();
    expect(error).toBeInstanceOf(DicomError);
    expect(String(error)).toContain('deeper than 64');
  });

  it('of true lengths is refused', () => {
    const levels = 100_000;
    const bytes = Buffer.alloc(levels * 20);
    for (let level = 0; level < levels; level += 1) {
      const rest = (levels - level) * 20;
      hex('0800 4011 5351 0000').copy(bytes, level * 20);
      bytes.writeUInt32LE(rest - 12, level * 20 + 8);
      hex('feff 00e0').copy(bytes, level * 20 + 12);
      bytes.writeUInt32LE(rest - 20, level * 20 + 16);
    }
    expect(() => parseDataSet(bytes, ExplicitVrLittleEndian)).toThrow(/deeper than 64/);
  });
});

// A reader that looks twice at each would not come to an end within the test's time.
describe('very many small things', () => {
  const delimiter = 'feff dde0 00000000';

  it('empty items are read in one pass', () => {
    const sequence = repeated('feff 00e0 00000000', 500_000, { before: '0800 4011 5351 0000 ffffffff', after: delimiter });
    expect(parseDataSet(sequence, ExplicitVrLittleEndian)[Tag.ReferencedImageSequence]?.Value).toHaveLength(500_000);
  });

  it('empty fragments are read in one pass', () => {
    const fragments = repeated('feff 00e0 00000000', 500_000, { before: 'e07f 1000 4f42 0000 ffffffff', after: delimiter });
    expect(parseDataSet(fragments, ExplicitVrLittleEndian)[Tag.PixelData]?.fragments).toHaveLength(499_999);
  });

  it('values, backslashes and escapes are read in one pass', () => {
    const length = (count: number) => {
      const bytes = Buffer.alloc(4);
      bytes.writeUInt32LE(count);
      return bytes.toString('hex');
    };
    const values = repeated('5c', 2_000_000, { before: `0900 0110 5543 0000 ${length(2_000_000)}` });
    expect(parseDataSet(values, ExplicitVrLittleEndian)['00091001']?.Value).toHaveLength(2_000_001);
    const escapes = repeated('1b2442 1b2842', 300_000, { before: `0900 0110 5543 0000 ${length(1_800_000)}` });
    expect(parseDataSet(escapes, ExplicitVrLittleEndian)).toEqual({ '00091001': { vr: 'UC' } });
    const spaces = repeated('20', 2_000_000, { before: `0900 0110 5543 0000 ${length(2_000_000)}` });
    expect(parseDataSet(spaces, ExplicitVrLittleEndian)).toEqual({ '00091001': { vr: 'UC' } });
  });

  it('attributes that are none, with zeros between, are refused at the first', () => {
    const zeros = repeated('00000000 00000000', 200_000, { after: '01' });
    expect(() => parseDataSet(zeros, ExplicitVrLittleEndian)).toThrow(DicomError);
  });

  it('attributes beyond any real object are refused', () => {
    expect(() => parseDataSet(repeated('0800 0000 00000000', 4_000_001), ImplicitVrLittleEndian)).toThrow(/more attributes/);
  });

  it('small steps of a growing head at least double it', () => {
    const head = repeated('feff 00e0 00000000', 10_000, { before: '0800 4011 5351 0000 ffffffff' });
    const bare = Buffer.concat([hex('0800 0500 4353 0000'), head]);
    const result = readHeader(bare, { complete: false });
    expect(result.kind === 'need-more' && result.atLeast).toBeGreaterThanOrEqual(2 * bare.length);
  });
});
