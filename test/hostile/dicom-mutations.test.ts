import { describe, expect, it } from 'vitest';
import { DicomError, type Part10 } from '../../src/dicom/data-set.ts';
import { fromDicomJson, stringifyDicomJson, toDicomJson } from '../../src/dicom/dicom-json.ts';
import { pixelFrames } from '../../src/dicom/frames.ts';
import { readIdentity } from '../../src/dicom/identity.ts';
import { parsePart10, readHeader } from '../../src/dicom/parse.ts';
import { describePixels } from '../../src/dicom/pixel-description.ts';
import { ExplicitVrBigEndian, ExplicitVrLittleEndian, ImplicitVrLittleEndian } from '../../src/dicom/uids.ts';
import { writePart10 } from '../../src/dicom/write.ts';
import { hasSamples, inflateRaw, samples } from '../conformance/dicom-files.ts';
import { ctObject, encapsulatedObject } from '../conformance/dicom-objects.ts';

/** How many damaged files to try; a million takes some minutes. */
const COUNT = Number(process.env['DICOM_MUTATIONS'] ?? 20_000);
const SEED = 20_240_229;
/** Small samples damage more often where it matters. */
const LONGEST_SAMPLE = 4096;

/** Pseudo-random integers below a bound (mulberry32): the same files in every run. */
function randomFrom(seed: number): (bound: number) => number {
  let state = seed;
  return (bound) => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) % bound;
  };
}

function sourceFiles(): Uint8Array[] {
  const own = [
    writePart10(ctObject(ExplicitVrLittleEndian)),
    writePart10(ctObject(ExplicitVrBigEndian)),
    writePart10(ctObject(ImplicitVrLittleEndian)),
    writePart10(encapsulatedObject([Uint8Array.of(0xff, 0xd8, 0xff, 1), Uint8Array.of(2, 3)], 2)),
  ];
  const small = hasSamples ? [...samples()].map(({ bytes }) => bytes).filter(({ length }) => length > 200 && length <= LONGEST_SAMPLE) : [];
  return [...own, ...small];
}

const lyingLengths = [0xffffffff, 0xfffffffe, 0x7fffffff, 0x80000000, 0xffff, 0xfffe, 1, 0];
const telling = [
  'feff00e0',
  'feff0de0',
  'feffdde0',
  'ffffffff',
  '53510000ffffffff',
  '554e0000ffffffff',
  'e07f10004f420000ffffffff',
  '08000500435300',
];

/** One to four wounds: flipped bytes, lying lengths, delimiters in odd places, cuts, repeated and removed stretches. */
function damaged(source: Uint8Array, random: (bound: number) => number): Uint8Array {
  let bytes = Buffer.from(source);
  for (let wounds = 1 + random(4); wounds > 0 && bytes.length > 0; wounds -= 1) {
    const at = random(bytes.length);
    const kind = random(7);
    if (kind <= 1) bytes[at] = random(256);
    else if (kind === 2 && at + 4 <= bytes.length) bytes.writeUInt32LE(lyingLengths[random(lyingLengths.length)] ?? 0, at);
    else if (kind === 3) bytes.set(Buffer.from(telling[random(telling.length)] ?? '', 'hex').subarray(0, bytes.length - at), at);
    else if (kind === 4) bytes = bytes.subarray(0, at);
    else if (kind === 5) bytes = Buffer.concat([bytes.subarray(0, at), bytes.subarray(random(at + 1), at), bytes.subarray(at)]);
    else bytes = Buffer.concat([bytes.subarray(0, at), bytes.subarray(Math.min(bytes.length, at + random(16)))]);
  }
  return bytes;
}

/** What `act` returns; undefined if it refused with a DicomError. Any other error passes through. */
function attempt<T>(act: () => T): T | undefined {
  try {
    return act();
  } catch (error) {
    if (error instanceof DicomError) return undefined;
    throw error;
  }
}

/** Everything that the product does with a file that came in. */
function serve(part10: Part10): void {
  attempt(() => readIdentity(part10));
  attempt(() => describePixels(part10));
  attempt(() => pixelFrames(part10));
  const text = stringifyDicomJson(toDicomJson(part10.dataSet));
  fromDicomJson(JSON.parse(text));
  const file = attempt(() => writePart10(part10));
  if (file !== undefined) parsePart10(file, { inflateRaw });
}

describe('damaged files', () => {
  it(`are read or refused with a DicomError, never otherwise (${COUNT} of them)`, { timeout: 3_600_000 }, () => {
    const sources = sourceFiles();
    const random = randomFrom(SEED);
    let read = 0;
    let refused = 0;
    for (let index = 0; index < COUNT; index += 1) {
      const bytes = damaged(sources[random(sources.length)] ?? new Uint8Array(), random);
      try {
        const part10 = attempt(() => parsePart10(bytes, { inflateRaw }));
        attempt(() => readHeader(bytes.subarray(0, random(bytes.length + 1)), { complete: false }));
        if (part10 === undefined) refused += 1;
        else serve(part10);
        if (part10 !== undefined) read += 1;
      } catch (error) {
        throw new Error(`file ${index} of seed ${SEED}: ${Buffer.from(bytes).toString('base64')}`, { cause: error });
      }
    }
    expect(read).toBeGreaterThan(COUNT / 20);
    expect(refused).toBeGreaterThan(COUNT / 20);
  });
});
