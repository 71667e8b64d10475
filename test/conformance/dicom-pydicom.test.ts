import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { type Attribute, type DataSet, DicomError, type PersonName, type Value, type Vr } from '../../src/dicom/data-set.ts';
import { ExplicitVrBigEndian } from '../../src/dicom/uids.ts';
import { hasSamples, parseOrRefuse, type Sample, samples, samplesFolder } from './dicom-files.ts';

const python = '/usr/bin/python3';
const hasPydicom = existsSync(python) && spawnSync(python, ['-c', 'import pydicom']).status === 0;

/** Attribute as dicom-pydicom.py prints it: VR and values. */
type Printed = { [tag: string]: [vr: string, values: unknown[]] };
type Answer = { path: string; attributes?: Printed; error?: string };

const folder = mkdtempSync(join(tmpdir(), 'isocenter-dicom-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** Files that pydicom reads in part, without saying that they end too early. */
const endsTooEarly = /MR_truncated|rtplan_truncated|no_meta|meta_missing_tsyntax|DICOMDIR-nooffset|too_short/;

function askPydicom(files: readonly Sample[]): Answer[] {
  const paths = files.map(({ name, bytes }, index) => {
    if (!name.endsWith('.zst')) return join(samplesFolder, name);
    const path = join(folder, `${index}.dcm`);
    writeFileSync(path, bytes);
    return path;
  });
  const script = join(import.meta.dirname, 'dicom-pydicom.py');
  const { stdout, status } = spawnSync(python, [script], { input: paths.join('\n'), encoding: 'utf8', maxBuffer: 2 ** 29 });
  expect(status).toBe(0);
  return stdout
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as Answer);
}

/** Our data set in the same form. Bytes in big endian are compared by length: pydicom leaves them as they are in the file. */
function printed(dataSet: DataSet, isBigEndian: boolean): Printed {
  const entries = Object.entries(dataSet).map(([tag, attribute]) => [tag, [attribute.vr, valuesOf(attribute, isBigEndian)]] as const);
  return Object.fromEntries(entries) as Printed;
}

function valuesOf({ vr, Value, bytes, fragments }: Attribute, isBigEndian: boolean): unknown[] {
  if (fragments !== undefined) return ['fragments'];
  if (bytes !== undefined) return [{ length: bytes.length, sha1: isBigEndian ? '' : createHash('sha1').update(bytes).digest('hex') }];
  return (Value ?? []).map((value) => printedValue(value, vr, isBigEndian));
}

function printedValue(value: Value, vr: Vr, isBigEndian: boolean): unknown {
  if (vr === 'SQ') return printed(value as DataSet, isBigEndian);
  if (vr === 'PN') {
    const { Alphabetic = '', Ideographic = '', Phonetic = '' } = (value ?? {}) as PersonName;
    return [Alphabetic, Ideographic, Phonetic];
  }
  if (vr === 'DS' || vr === 'IS') return value === null ? '' : Number(value);
  return value ?? '';
}

/** pydicom's answer without what its reading of the standard leaves to the caller. */
function comparableAnswer(attributes: Printed, isBigEndian: boolean): Printed {
  const entries = Object.entries(attributes).map(([tag, [vr, values]]) => {
    const plain = values.map((value) => {
      if (vr === 'SQ') return comparableAnswer(value as Printed, isBigEndian);
      if (typeof value !== 'object' || value === null || Array.isArray(value) || !isBigEndian) return value;
      return { ...value, sha1: '' };
    });
    return [tag, [vr, isEmpty(plain) ? [] : plain]] as const;
  });
  return Object.fromEntries(entries) as Printed;
}

function isEmpty(values: readonly unknown[]): boolean {
  return values.length === 1 && (values[0] === '' || JSON.stringify(values[0]) === '["","",""]');
}

/** Differences, as text without values; fragments are compared by `pixelFrames` elsewhere. */
function differences(ours: Printed, theirs: Printed, path = ''): string[] {
  return [...new Set([...Object.keys(ours), ...Object.keys(theirs)])].flatMap((tag) => {
    const [a, b] = [ours[tag], theirs[tag]];
    if (a === undefined || b === undefined) return [`${path}${tag} only in ${a === undefined ? 'theirs' : 'ours'}`];
    if (a[1][0] === 'fragments') return [];
    if (a[0] === 'SQ' && b[0] === 'SQ' && a[1].length === b[1].length) {
      return a[1].flatMap((item, index) => differences(item as Printed, b[1][index] as Printed, `${path}${tag}/${index + 1}/`));
    }
    return JSON.stringify(a) === JSON.stringify(b)
      ? []
      : [`${path}${tag} ${JSON.stringify(a).slice(0, 200)} ${JSON.stringify(b).slice(0, 200)}`];
  });
}

describe.skipIf(!hasSamples || !hasPydicom)('pydicom as the peer (needs ../shared/data and python3-pydicom)', () => {
  it('reads the same attributes, VRs and values out of every file that both read', () => {
    const files = [...samples()];
    const answers = askPydicom(files);
    let compared = 0;
    const found: string[] = [];
    for (const [index, { name, bytes }] of files.entries()) {
      const ours = parseOrRefuse(bytes);
      const theirs = answers[index]?.attributes;
      if (ours instanceof DicomError || theirs === undefined) continue;
      const isBigEndian = ours.transferSyntaxUid === ExplicitVrBigEndian;
      for (const difference of differences(printed(ours.dataSet, isBigEndian), comparableAnswer(theirs, isBigEndian))) {
        found.push(`${name}: ${difference}`);
      }
      compared += 1;
    }
    expect(found).toEqual([]);
    expect(compared).toBeGreaterThan(400);
  });

  it('refuses no file that pydicom reads whole', () => {
    const files = [...samples()].filter(({ bytes }) => parseOrRefuse(bytes) instanceof DicomError);
    const readByPeer = askPydicom(files).flatMap(({ attributes }, index) =>
      Object.keys(attributes ?? {}).length > 1 ? [files[index]?.name ?? ''] : [],
    );
    for (const name of readByPeer) expect(name).toMatch(endsTooEarly);
  });
});
