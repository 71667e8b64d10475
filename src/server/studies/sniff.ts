/** What a file is by its first bytes; the name is never trusted. */
export type FileKind = 'dicom' | 'png' | 'jpeg' | 'tiff' | 'zip' | 'unknown';

/** Bytes that `sniff` needs to see. */
export const SNIFF_BYTES = 132;

/** DICM at byte 128 wins over any picture signature in the preamble (a dual-personality TIFF is DICOM, PS3.10 7.1). */
export function sniff(head: Uint8Array): FileKind {
  const ascii = asciiOf(head);
  if (ascii.slice(128, 132) === 'DICM') return 'dicom';
  if (ascii.startsWith('\x89PNG\r\n\x1a\n')) return 'png';
  if (ascii.startsWith('\xff\xd8\xff')) return 'jpeg';
  if (ascii.startsWith('II*\0') || ascii.startsWith('MM\0*')) return 'tiff';
  if (ascii.startsWith('PK\x03\x04') || ascii.startsWith('PK\x05\x06')) return 'zip';
  return 'unknown';
}

/**
 * What a file is that is not taken, in words; undefined if nothing is known of it (a data set may come without preamble). None of these
 * can begin a data set: its first four bytes are a tag of the groups 0002 or 0008, in either byte order.
 */
export function nameForeign(head: Uint8Array): string | undefined {
  const ascii = asciiOf(head);
  if (/^\s*<(!doctype|html|\?xml|svg)/i.test(ascii)) return 'an HTML, XML or SVG document';
  return FOREIGN.find(([signature, , at = 0]) => ascii.startsWith(signature, at))?.[1];
}

/** What stands at the beginning, or at the byte that is told. */
const FOREIGN: readonly (readonly [signature: string, name: string, at?: number])[] = [
  ['MZ', 'a Windows program'],
  ['\x7fELF', 'a Linux program'],
  ['\xcf\xfa\xed\xfe', 'a macOS program'],
  ['\xca\xfe\xba\xbe', 'a macOS or Java program'],
  ['#!', 'a script'],
  ['%PDF-', 'a PDF document'],
  ['\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1', 'an Office document'],
  ['{\\rtf', 'an RTF document'],
  ['\x1f\x8b', 'a gzip archive'],
  ['7z\xbc\xaf\x27\x1c', 'a 7z archive'],
  ['Rar!\x1a\x07', 'a RAR archive'],
  ['BZh', 'a bzip2 archive'],
  ['\xfd7zXZ\0', 'an xz archive'],
  ['GIF87a', 'a GIF picture'],
  ['GIF89a', 'a GIF picture'],
  ['WEBP', 'a WebP picture', 8],
  ['ftypheic', 'a HEIC picture', 4],
  ['ftypmif1', 'a HEIC picture', 4],
  ['ftypavif', 'an AVIF picture', 4],
  ['ftyp', 'a video', 4],
  ['jP  \r\n', 'a bare JPEG 2000 picture', 4],
];

function asciiOf(head: Uint8Array): string {
  return Buffer.from(head.subarray(0, SNIFF_BYTES)).toString('latin1');
}
