import { expect, it } from 'vitest';
import { nameForeign, sniff } from './sniff.ts';

const bytes = (text: string) => Buffer.from(text, 'latin1');
const preamble = (text = '') => Buffer.concat([bytes(text.padEnd(128, '\0')), bytes('DICM')]);

it('a file is what its first bytes say', () => {
  expect(sniff(preamble())).toBe('dicom');
  for (const [text, kind] of [
    ['\x89PNG\r\n\x1a\n…', 'png'],
    ['\xff\xd8\xff\xe0', 'jpeg'],
    ['II*\0', 'tiff'],
    ['MM\0*', 'tiff'],
    ['PK\x03\x04', 'zip'],
    ['', 'unknown'],
    ['\x89PNG', 'unknown'],
  ] as const)
    expect(sniff(bytes(text)), text).toBe(kind);
});

it('DICM counts whatever stands in the preamble before it: a file that is two things is taken as DICOM', () => {
  for (const other of ['II*\0', 'MZ', '%PDF-1.7', '<html>', '\x7fELF']) expect(sniff(preamble(other)), other).toBe('dicom');
});

it('what is not taken is named', () => {
  for (const [text, name] of [
    ['MZ\x90\0', 'Windows program'],
    ['#!/bin/sh\n', 'script'],
    ['%PDF-1.7', 'PDF'],
    ['  <?XML version', 'XML'],
    ['<svg onload=x>', 'SVG'],
    ['\x1f\x8b\x08', 'gzip'],
    ['GIF89a', 'GIF'],
    ['RIFF\0\0\0\0WEBPVP8 ', 'WebP'],
    ['\0\0\0\x18ftypheic', 'HEIC'],
    ['\0\0\0\x18ftypisom', 'video'],
  ] as const)
    expect(nameForeign(bytes(text)), text).toContain(name);
});

it('a data set without a preamble is not taken for anything else, in either byte order', () => {
  for (const start of ['\x02\0\0\0UL\x04\0', '\x08\0\x05\0CS\x0a\0', '\x08\0\x16\0UI\x1a\0', '\0\x08\0\x05', ''])
    expect(nameForeign(bytes(start))).toBeUndefined();
});
