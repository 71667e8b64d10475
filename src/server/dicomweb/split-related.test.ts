import { describe, expect, test } from 'vitest';
import { MultipartError, openSplitter } from './split-related.ts';

type Part = { fields: Record<string, string>; content: string };

describe('openSplitter', () => {
  const body = [
    'what stands before is no part\r\n',
    '--edge\r\nContent-Type: application/dicom\r\nContent-Location: /a\r\n\r\nfirst\r\n--edg\r\n-\r\n\r\n--edg',
    '\r\n--edge \t\r\n\r\nno head',
    '\r\n--edge\r\nX-Long: one\r\n two\r\n\r\n\r\n--edge--\r\nwhat follows is none, either\r\n--edge\r\n\r\nnone',
  ].join('');
  const parts: Part[] = [
    { fields: { 'content-type': 'application/dicom', 'content-location': '/a' }, content: 'first\r\n--edg\r\n-\r\n\r\n--edg' },
    { fields: {}, content: 'no head' },
    { fields: { 'x-long': 'one two' }, content: '' },
  ];

  test('parts come out the same however the body is cut into pieces', () => {
    for (let size = 1; size <= body.length; size += 1) expect(split(body, size)).toEqual(parts);
  });

  test('the first delimiter may be the beginning of the body', () => {
    expect(split('--edge\r\na: b\r\n\r\nx\r\n--edge--', 3)).toEqual([{ fields: { a: 'b' }, content: 'x' }]);
  });

  test('binary content passes through unchanged', () => {
    const content = Array.from({ length: 2_000 }, (_, index) => String.fromCharCode((index * 7919) % 256)).join('');
    for (const size of [1, 7, 64, 5_000]) expect(split(`--edge\r\n\r\n${content}\r\n--edge--`, size)[0]?.content).toBe(content);
  });

  test.each([
    ['a body that is cut off', '--edge\r\n\r\nabc\r\n--edge'],
    ['a body without a delimiter', 'abc'],
    ['a delimiter that goes on', '--edge\r\n\r\nabc\r\n--edges\r\n'],
    ['a head without an end', `--edge\r\nx: ${'y'.repeat(20_000)}`],
    ['blanks without an end', `--edge${' '.repeat(1_000)}`],
  ])('%s is refused', (_, text) => {
    for (const size of [1, 10, 100_000]) expect(() => split(text, size)).toThrow(MultipartError);
  });
});

function split(text: string, size: number): Part[] {
  const found: { fields: Record<string, string>; pieces: Buffer[]; isOver: boolean }[] = [];
  const splitter = openSplitter('edge', {
    begin: (fields) => found.push({ fields: Object.fromEntries(fields), pieces: [], isOver: false }),
    content: (bytes) => {
      const last = found.at(-1);
      expect(last?.isOver).toBe(false);
      last?.pieces.push(Buffer.from(bytes));
    },
    end: () => {
      const last = found.at(-1);
      if (last) last.isOver = true;
    },
  });
  const bytes = Buffer.from(text, 'latin1');
  for (let at = 0; at < bytes.length; at += size) splitter.push(bytes.subarray(at, at + size));
  splitter.finish();
  return found.map(({ fields, pieces }) => ({ fields, content: Buffer.concat(pieces).toString('latin1') }));
}
