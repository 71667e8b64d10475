import { expect, test } from 'vitest';
import type { ByteRange } from '../platform/ports.ts';
import { readEncapsulatedFrame } from './frame-regions.ts';

const item = (content: Uint8Array): Buffer => {
  const even = Buffer.alloc(8 + content.length + (content.length % 2));
  even.writeUInt16LE(0xfffe, 0);
  even.writeUInt16LE(0xe000, 2);
  even.writeUInt32LE(even.length - 8, 4);
  even.set(content, 8);
  return even;
};
const DELIMITER = Buffer.from([0xfe, 0xff, 0xdd, 0xe0, 0, 0, 0, 0]);
const OFFSET = 100;
let files = 0;

/** A stored file of these fragments behind this offset table, whose reads are counted. */
function fileOf(table: number[], fragments: Uint8Array[], frames: number) {
  const offsets = Buffer.from(new Uint32Array(table).buffer);
  const bytes = Buffer.concat([Buffer.alloc(OFFSET), item(offsets), ...fragments.map(item), DELIMITER]);
  const reads: ByteRange[] = [];
  files += 1;
  const instance = { blob_key: `file-${files}`, blob_size: bytes.length, pixel_offset: OFFSET, number_of_frames: frames };
  const readRange = async (_: string, range: ByteRange): Promise<Uint8Array> => {
    reads.push(range);
    return bytes.subarray(range.start, range.end + 1);
  };
  return { frame: (number: number) => readEncapsulatedFrame({ readRange }, instance, number), reads };
}

const fragments = [1, 2, 3, 4, 5].map((value) => new Uint8Array(1000 + 2 * value).fill(value));

test('a frame is one read where the offset table tells its place, however many fragments it has', async () => {
  // Two frames: of the first two fragments, and of the other three.
  const { frame, reads } = fileOf([0, 2 * 8 + 1002 + 1004], fragments, 2);
  expect(await frame(1)).toEqual(Buffer.concat(fragments.slice(0, 2)));
  expect(reads).toHaveLength(2);
  expect(await frame(2)).toEqual(Buffer.concat(fragments.slice(2)));
  expect(reads).toHaveLength(3);
});

test('without a table one fragment is one frame, found once by the lengths before it', async () => {
  const { frame, reads } = fileOf([], fragments, 5);
  expect(await frame(4)).toEqual(Buffer.from(fragments[3] ?? []));
  const walked = reads.length;
  expect(reads.slice(1, -1).every(({ start, end }) => end - start === 7)).toBe(true);
  expect(await frame(2)).toEqual(Buffer.from(fragments[1] ?? []));
  expect(reads).toHaveLength(walked + 1);
});

test('the only frame has all fragments', async () => {
  expect(await fileOf([], fragments, 1).frame(1)).toEqual(Buffer.concat(fragments));
  expect(await fileOf([0], fragments, 1).frame(1)).toEqual(Buffer.concat(fragments));
});

test('a table that does not fit is not believed, and fragments that nothing tells apart are left to who reads the whole file', async () => {
  expect(await fileOf([0, 0, 0, 0, 0], fragments, 5).frame(2)).toEqual(Buffer.from(fragments[1] ?? []));
  expect(await fileOf([0, 9, 1 << 30, 5, 6], fragments, 5).frame(3)).toEqual(Buffer.from(fragments[2] ?? []));
  expect(await fileOf([], fragments, 3).frame(1)).toBeUndefined();
  expect(await fileOf([0, 4], fragments, 2).frame(1)).toBeUndefined();
});
