import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import type { Part10 } from '../../src/dicom/data-set.ts';
import {
  DeflatedExplicitVrLittleEndian,
  ExplicitVrBigEndian,
  ExplicitVrLittleEndian,
  ImplicitVrLittleEndian,
} from '../../src/dicom/uids.ts';
import { writePart10 } from '../../src/dicom/write.ts';
import { deflateRaw } from './dicom-files.ts';
import { ctObject, encapsulatedObject } from './dicom-objects.ts';

const hasDcmtk = spawnSync('dcmdump', ['--version']).status === 0;
const folder = mkdtempSync(join(tmpdir(), 'isocenter-dcmtk-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** Attribute lines of dcmdump, from the data set on; fails if it warns. */
function dump(part10: Part10): string[] {
  const path = join(folder, 'written.dcm');
  writeFileSync(path, writePart10(part10, { deflateRaw }));
  const { status, stdout, stderr } = spawnSync('dcmdump', ['+U8', path], { encoding: 'utf8' });
  expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
  return stdout.split('\n').filter((line) => /^ *\((?!0002)/.test(line));
}

describe.skipIf(!hasDcmtk)('dcmtk as the reader of what we write (needs dcmdump)', () => {
  it.each([ExplicitVrLittleEndian, ExplicitVrBigEndian, DeflatedExplicitVrLittleEndian])('finds the same attributes in %s', (syntax) => {
    const lines = dump(ctObject(syntax));
    expect(lines).toEqual(dump(ctObject()));
    expect(lines.join('\n')).toContain('PN [Doe^Zoë=山田^太郎]');
    expect(lines.join('\n')).toContain('OW 0100\\0302\\0504\\0706\\0908\\0b0a\\0d0c\\0f0e');
  });

  it('finds them in implicit VR too, private ones aside, whose VR is lost there', () => {
    const isStandard = (line: string) => !line.startsWith('(0019');
    expect(dump(ctObject(ImplicitVrLittleEndian)).filter(isStandard)).toEqual(dump(ctObject()).filter(isStandard));
  });

  it('finds the fragments', () => {
    const lines = dump(encapsulatedObject([Uint8Array.of(0xff, 0xd8, 1), Uint8Array.of(1, 2)], 2)).join('\n');
    expect(lines).toContain('pi ff\\d8\\01\\00');
    expect(lines).toContain('pi 01\\02');
  });
});
