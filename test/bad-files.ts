import { crc32, deflateRawSync } from 'node:zlib';
import { secondaryCapture, uid } from './builders.ts';

/** A valid file, from which the bad ones are made. */
export const good = secondaryCapture({ study: uid(90), series: uid(90, 1), instance: uid(90, 1, 1), rows: 64, columns: 64 });

/** A Part 10 file whose Rows and Columns say more than is there. */
function withRows(rows: number): Uint8Array {
  return secondaryCapture({
    instance: uid(91),
    more: { '00280010': { vr: 'US', Value: [rows] }, '00280011': { vr: 'US', Value: [rows] } },
  });
}

/** A data set whose sequences hold one another `depth` times; it ends before any of them does. */
export function nestedSequences(depth: number): Uint8Array {
  const item = Buffer.from([
    0x08, 0x00, 0x40, 0x11, 0x53, 0x51, 0, 0, 0xff, 0xff, 0xff, 0xff, 0xfe, 0xff, 0x00, 0xe0, 0xff, 0xff, 0xff, 0xff,
  ]);
  return Buffer.concat([good.subarray(0, good.byteLength - 64 * 64 - 12), ...Array.from({ length: depth }, () => item)]);
}

/** Files that must be refused: what is sent, and as which kind of error. */
export const badFiles: { name: string; bytes: () => Uint8Array; kind: string }[] = [
  { name: 'empty.dcm', bytes: () => new Uint8Array(), kind: 'invalid-dicom' },
  { name: 'one-byte.dcm', bytes: () => Uint8Array.of(0), kind: 'invalid-dicom' },
  { name: 'preamble-only.dcm', bytes: () => good.subarray(0, 132), kind: 'invalid-dicom' },
  { name: 'cut-in-header.dcm', bytes: () => good.subarray(0, 300), kind: 'invalid-dicom' },
  { name: 'cut-in-pixels.dcm', bytes: () => good.subarray(0, good.byteLength - 100), kind: 'invalid-dicom' },
  { name: 'text.dcm', bytes: () => Buffer.from('this is no image at all, only words\n'.repeat(200)), kind: 'invalid-dicom' },
  { name: 'program.dcm', bytes: () => Buffer.concat([Buffer.from('\x7fELF'), Buffer.alloc(4096, 7)]), kind: 'unsupported-media-type' },
  { name: 'page.png', bytes: () => Buffer.from('<!DOCTYPE html><script>alert(1)</script>'), kind: 'unsupported-media-type' },
  { name: 'drawing.jpg', bytes: () => Buffer.from('<svg onload="alert(1)"/>'), kind: 'unsupported-media-type' },
  { name: 'huge-dimensions.dcm', bytes: () => withRows(65_535), kind: 'invalid-dicom' },
  { name: 'nested-100000.dcm', bytes: () => nestedSequences(100_000), kind: 'invalid-dicom' },
  {
    name: 'half.png',
    bytes: () => Buffer.from('iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk', 'base64'),
    kind: 'invalid-image',
  },
  { name: 'half.jpeg', bytes: () => Buffer.from([0xff, 0xd8, 0xff, 0xe0, 0, 16, 74, 70, 73, 70]), kind: 'invalid-image' },
  { name: 'bomb.png', bytes: bombPng, kind: 'too-large' },
  { name: 'broken.zip', bytes: () => Buffer.concat([Buffer.from('PK\x03\x04'), Buffer.alloc(500, 1)]), kind: 'invalid-archive' },
];

/** A PNG header that promises 65,000 by 65,000 pixels. */
function bombPng(): Uint8Array {
  const chunk = (type: string, data: Uint8Array): Buffer => {
    const body = Buffer.concat([Buffer.from(type), data]);
    const out = Buffer.alloc(body.byteLength + 8);
    out.writeUInt32BE(data.byteLength, 0);
    body.copy(out, 4);
    out.writeUInt32BE(crc32(body), body.byteLength + 4);
    return out;
  };
  const header = Buffer.alloc(13);
  header.writeUInt32BE(65_000, 0);
  header.writeUInt32BE(65_000, 4);
  header.set([8, 0, 0, 0, 0], 8);
  return Buffer.concat([
    Buffer.from('\x89PNG\r\n\x1a\n', 'latin1'),
    chunk('IHDR', header),
    chunk('IDAT', deflateRawSync(Buffer.alloc(1000))),
    chunk('IEND', Buffer.alloc(0)),
  ]);
}
