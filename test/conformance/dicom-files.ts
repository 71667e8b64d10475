import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { deflateRawSync, inflateRawSync, zstdDecompressSync } from 'node:zlib';
import { type DataSet, DicomError, type Part10 } from '../../src/dicom/data-set.ts';
import { parsePart10 } from '../../src/dicom/parse.ts';

/** Folder of sample files that stands beside the repository; not part of it. */
export const samplesFolder = join(import.meta.dirname, '../../../shared/data/dicom');
export const hasSamples = existsSync(samplesFolder);

export const inflateRaw = (bytes: Uint8Array, maxOutputLength: number): Uint8Array => inflateRawSync(bytes, { maxOutputLength });
export const deflateRaw = (bytes: Uint8Array): Uint8Array => deflateRawSync(bytes);

export type Sample = { name: string; bytes: Uint8Array };

/** Every sample file, DICOM or not; those compressed with Zstandard decompressed. */
export function* samples(): Generator<Sample> {
  for (const entry of readdirSync(samplesFolder, { recursive: true, withFileTypes: true })) {
    if (!entry.isFile()) continue;
    const path = join(entry.parentPath, entry.name);
    const bytes = readFileSync(path);
    yield { name: path.slice(samplesFolder.length + 1), bytes: path.endsWith('.zst') ? zstdDecompressSync(bytes) : bytes };
  }
}

/** The parsed file, or the DicomError that it gives; any other error passes through and fails the test. */
export function parseOrRefuse(bytes: Uint8Array): Part10 | DicomError {
  try {
    return parsePart10(bytes, { inflateRaw });
  } catch (error) {
    if (error instanceof DicomError) return error;
    throw error;
  }
}

/**
 * Data set as plain JSON that compares quickly: bytes by length and hash, one key order, no Specific Character Set (writing in UTF-8
 * changes it), and bytes of an odd length filled up as writing does.
 */
export function comparable(dataSet: DataSet): Record<string, string> {
  const entries = Object.entries(dataSet).filter(([tag]) => tag !== '00080005');
  return Object.fromEntries(entries.map(([tag, attribute]) => [tag, JSON.stringify(sorted(attribute))]));
}

function sorted(value: unknown): unknown {
  if (value instanceof Uint8Array && value.length % 2 === 1) return sorted(Uint8Array.from([...value, 0]));
  if (value instanceof Uint8Array) return { length: value.length, sha1: createHash('sha1').update(value).digest('hex') };
  if (typeof value === 'bigint' || (typeof value === 'number' && !Number.isFinite(value))) return { special: String(value) };
  if (Array.isArray(value)) return value.map(sorted);
  if (typeof value !== 'object' || value === null) return value;
  const entries = Object.entries(value)
    .filter(([key]) => key !== '00080005')
    .sort(([a], [b]) => (a < b ? -1 : 1));
  return entries.map(([key, inner]) => [key, sorted(inner)]);
}
