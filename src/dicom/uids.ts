import { sopClassRows } from './uid-data.ts';

export type TransferSyntax = {
  name: string;
  explicit: boolean;
  bigEndian: boolean;
  deflated: boolean;
  /** Pixel Data in fragments; each frame is compressed (or wrapped) on its own. */
  encapsulated: boolean;
  /** Whether an encoder may have lost information; true where the syntax allows both. */
  lossy: boolean;
};

export const ImplicitVrLittleEndian = '1.2.840.10008.1.2';
export const ExplicitVrLittleEndian = '1.2.840.10008.1.2.1';
export const DeflatedExplicitVrLittleEndian = '1.2.840.10008.1.2.1.99';
export const ExplicitVrBigEndian = '1.2.840.10008.1.2.2';
export const RleLossless = '1.2.840.10008.1.2.5';
export const JpegBaseline = '1.2.840.10008.1.2.4.50';

/** Root of every UID that the standard itself assigns. */
const DICOM_ROOT = '1.2.840.10008.';
const STORAGE_ROOT = '1.2.840.10008.5.1.4.1.1.';

const lossless = (name: string): TransferSyntax => ({
  name,
  explicit: true,
  bigEndian: false,
  deflated: false,
  encapsulated: true,
  lossy: false,
});
const lossy = (name: string): TransferSyntax => ({ ...lossless(name), lossy: true });
const native = (name: string): TransferSyntax => ({ ...lossless(name), encapsulated: false });

/** Transfer syntaxes of PS3.6 table A-1 that files are written in. */
export const transferSyntaxes: Readonly<Record<string, TransferSyntax>> = {
  [ImplicitVrLittleEndian]: { ...native('Implicit VR Little Endian'), explicit: false },
  [ExplicitVrLittleEndian]: native('Explicit VR Little Endian'),
  '1.2.840.10008.1.2.1.98': lossless('Encapsulated Uncompressed Explicit VR Little Endian'),
  [DeflatedExplicitVrLittleEndian]: { ...native('Deflated Explicit VR Little Endian'), deflated: true },
  [ExplicitVrBigEndian]: { ...native('Explicit VR Big Endian'), bigEndian: true },
  [JpegBaseline]: lossy('JPEG Baseline (Process 1)'),
  '1.2.840.10008.1.2.4.51': lossy('JPEG Extended (Process 2 and 4)'),
  '1.2.840.10008.1.2.4.53': lossy('JPEG Spectral Selection, Non-Hierarchical (Process 6 and 8)'),
  '1.2.840.10008.1.2.4.55': lossy('JPEG Full Progression, Non-Hierarchical (Process 10 and 12)'),
  '1.2.840.10008.1.2.4.57': lossless('JPEG Lossless, Non-Hierarchical (Process 14)'),
  '1.2.840.10008.1.2.4.70': lossless('JPEG Lossless, Non-Hierarchical, First-Order Prediction (Process 14, Selection Value 1)'),
  '1.2.840.10008.1.2.4.80': lossless('JPEG-LS Lossless'),
  '1.2.840.10008.1.2.4.81': lossy('JPEG-LS Near-Lossless'),
  '1.2.840.10008.1.2.4.90': lossless('JPEG 2000 (Lossless Only)'),
  '1.2.840.10008.1.2.4.91': lossy('JPEG 2000'),
  '1.2.840.10008.1.2.4.92': lossless('JPEG 2000 Part 2 Multi-component (Lossless Only)'),
  '1.2.840.10008.1.2.4.93': lossy('JPEG 2000 Part 2 Multi-component'),
  '1.2.840.10008.1.2.4.100': lossy('MPEG2 Main Profile / Main Level'),
  '1.2.840.10008.1.2.4.101': lossy('MPEG2 Main Profile / High Level'),
  '1.2.840.10008.1.2.4.102': lossy('MPEG-4 AVC/H.264 High Profile / Level 4.1'),
  '1.2.840.10008.1.2.4.103': lossy('MPEG-4 AVC/H.264 BD-compatible High Profile / Level 4.1'),
  '1.2.840.10008.1.2.4.104': lossy('MPEG-4 AVC/H.264 High Profile / Level 4.2 For 2D Video'),
  '1.2.840.10008.1.2.4.105': lossy('MPEG-4 AVC/H.264 High Profile / Level 4.2 For 3D Video'),
  '1.2.840.10008.1.2.4.106': lossy('MPEG-4 AVC/H.264 Stereo High Profile / Level 4.2'),
  '1.2.840.10008.1.2.4.107': lossy('HEVC/H.265 Main Profile / Level 5.1'),
  '1.2.840.10008.1.2.4.108': lossy('HEVC/H.265 Main 10 Profile / Level 5.1'),
  '1.2.840.10008.1.2.4.110': lossless('JPEG XL Lossless'),
  '1.2.840.10008.1.2.4.111': lossy('JPEG XL JPEG Recompression'),
  '1.2.840.10008.1.2.4.112': lossy('JPEG XL'),
  '1.2.840.10008.1.2.4.201': lossless('High-Throughput JPEG 2000 (Lossless Only)'),
  '1.2.840.10008.1.2.4.202': lossless('High-Throughput JPEG 2000 with RPCL Options (Lossless Only)'),
  '1.2.840.10008.1.2.4.203': lossy('High-Throughput JPEG 2000'),
  [RleLossless]: lossless('RLE Lossless'),
  '1.2.840.10008.1.2.8.1': lossless('Deflated Image Frame Compression'),
};

/** Storage SOP classes newer than the generated table (PS3.6 2024e). */
const newerClasses: Readonly<Record<string, string>> = {
  '1.2.840.10008.5.1.4.1.1.66.7': 'Label Map Segmentation Storage',
  '1.2.840.10008.5.1.4.1.1.66.8': 'Height Map Segmentation Storage',
  '1.2.840.10008.5.1.4.1.1.201.1': 'Inventory Storage',
};

let classNames: Map<string, string> | undefined;

/** How the data set of a file is encoded. A syntax that we do not know is explicit little endian and encapsulated (PS3.5 A.4). */
export function transferSyntaxOf(uid: string): TransferSyntax {
  return (Object.hasOwn(transferSyntaxes, uid) ? transferSyntaxes[uid] : undefined) ?? lossy('unknown');
}

/** Name of a SOP class; undefined if PS3.6 has none. */
export function sopClassName(uid: string): string | undefined {
  classNames ??= openClassNames();
  return classNames.get(uid);
}

/** Every SOP class that the standard names, by UID. */
export function listSopClasses(): { uid: string; name: string }[] {
  classNames ??= openClassNames();
  return [...classNames].map(([uid, name]) => ({ uid, name }));
}

/** Whether instances of the class are objects to store, as far as the standard says. Private classes are not known to be. */
export function isStorageSopClass(uid: string): boolean {
  if (!uid.startsWith(DICOM_ROOT) || !isValidUid(uid)) return false;
  const name = sopClassName(uid);
  if (name === undefined) return uid.startsWith(STORAGE_ROOT);
  return / Storage\b/.test(name) && !name.startsWith('Storage Commitment') && name !== 'Media Storage Directory Storage';
}

/** Every storage SOP class of PS3.6, with its name. */
export function storageSopClasses(): { uid: string; name: string }[] {
  classNames ??= openClassNames();
  return [...classNames].map(([uid, name]) => ({ uid, name })).filter(({ uid }) => isStorageSopClass(uid));
}

/**
 * Digits and dots, at most 64 characters (PS3.5 9.1). Components with a leading zero, which 9.1 forbids, are let through:
 * archives hold such objects and their UIDs are as unique as others.
 */
export function isValidUid(uid: string): boolean {
  return uid.length <= 64 && /^[0-9]+(?:\.[0-9]+)*$/.test(uid);
}

function openClassNames(): Map<string, string> {
  const names = new Map(Object.entries(newerClasses));
  for (const row of sopClassRows.trim().split('\n')) {
    const space = row.indexOf(' ');
    names.set(row.slice(0, space), row.slice(space + 1));
  }
  return names;
}
