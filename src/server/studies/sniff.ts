/** What a file is by its first bytes; the name is never trusted. */
export type FileKind = 'dicom' | 'png' | 'jpeg' | 'tiff' | 'zip' | 'unknown';

/** Bytes that `sniff` needs to see. */
export const SNIFF_BYTES = 132;

/** DICM at byte 128 wins over any picture signature in the preamble (a dual-personality TIFF is DICOM, PS3.10 7.1). */
export function sniff(head: Uint8Array): FileKind {
  const ascii = Buffer.from(head.subarray(0, SNIFF_BYTES)).toString('latin1');
  if (ascii.slice(128, 132) === 'DICM') return 'dicom';
  if (ascii.startsWith('\x89PNG\r\n\x1a\n')) return 'png';
  if (ascii.startsWith('\xff\xd8\xff')) return 'jpeg';
  if (ascii.startsWith('II*\0') || ascii.startsWith('MM\0*')) return 'tiff';
  if (ascii.startsWith('PK\x03\x04') || ascii.startsWith('PK\x05\x06')) return 'zip';
  return 'unknown';
}
