import { expect, test } from 'vitest';
import { choose, parseAccept, partType, takes } from './accept.ts';

test('ranges come by quality, those of quality 0 not at all, parameters without quotes and in lower case', () => {
  expect(parseAccept('image/png;q=0.5, Multipart/Related; TYPE="application/dicom"; transfer-syntax=*, text/html;q=0')).toEqual([
    { type: 'multipart/related', parameters: { type: 'application/dicom', 'transfer-syntax': '*' } },
    { type: 'image/png', parameters: { q: '0.5' } },
  ]);
});

test('commas and semicolons inside quotes do not separate, and no header accepts everything', () => {
  expect(parseAccept('multipart/related; type="a/b; c=d, e/f"')).toEqual([
    { type: 'multipart/related', parameters: { type: 'a/b; c=d, e/f' } },
  ]);
  for (const header of [undefined, '', ' , ;']) expect(parseAccept(header)).toEqual([{ type: '*/*', parameters: {} }]);
});

test('the first range that something is offered for is taken, and none of them is told', () => {
  const ranges = parseAccept('text/html, image/*');
  expect(choose(ranges, ({ type }) => (takes(type, 'image/jpeg') ? 'picture' : undefined))).toBe('picture');
  expect(() => choose(ranges, () => undefined)).toThrow(expect.objectContaining({ kind: 'not-acceptable' }));
});

test('parts are asked for by a multipart range, of any type where it names none', () => {
  const [named, open, single] = parseAccept('multipart/related;type=image/png, multipart/*, image/png');
  expect([named, open, single].map((range) => range && partType(range))).toEqual(['image/png', '*/*', undefined]);
});
