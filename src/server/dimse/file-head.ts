import type { DataSet } from '../../dicom/data-set.ts';
import { Tag } from '../../dicom/tags.ts';
import { ExplicitVrLittleEndian } from '../../dicom/uids.ts';
import { IMPLEMENTATION_CLASS_UID, IMPLEMENTATION_VERSION_NAME, writeDataSet } from '../../dicom/write.ts';

const PREAMBLE_BYTES = 128;
const MAGIC = 'DICM';
const META_GROUP = 0x0002;
/** VRs whose length takes 32 bits after two reserved bytes (PS3.5 7.1.2); of these a file meta group holds OB and perhaps UN. */
const LONG_VRS = new Set(['OB', 'OD', 'OF', 'OL', 'OV', 'OW', 'SQ', 'UC', 'UN', 'UR', 'UT', 'SV', 'UV']);

/** Preamble, "DICM" and file meta group (PS3.10 7.1) of an object that comes as a bare data set. */
export function fileHead(object: { sopClassUid: string; sopInstanceUid: string; transferSyntaxUid: string }): Uint8Array {
  const group: DataSet = {
    [Tag.FileMetaInformationVersion]: { vr: 'OB', bytes: Uint8Array.of(0, 1) },
    [Tag.MediaStorageSOPClassUID]: { vr: 'UI', Value: [object.sopClassUid] },
    [Tag.MediaStorageSOPInstanceUID]: { vr: 'UI', Value: [object.sopInstanceUid] },
    [Tag.TransferSyntaxUID]: { vr: 'UI', Value: [object.transferSyntaxUid] },
    [Tag.ImplementationClassUID]: { vr: 'UI', Value: [IMPLEMENTATION_CLASS_UID] },
    [Tag.ImplementationVersionName]: { vr: 'SH', Value: [IMPLEMENTATION_VERSION_NAME] },
  };
  const rest = writeDataSet(group, ExplicitVrLittleEndian);
  const length = writeDataSet({ [Tag.FileMetaInformationGroupLength]: { vr: 'UL', Value: [rest.length] } }, ExplicitVrLittleEndian);
  return Buffer.concat([Buffer.alloc(PREAMBLE_BYTES), Buffer.from(MAGIC, 'latin1'), length, rest]);
}

/** Where the data set begins in a file of PS3.10, from the file's first bytes: found by walking the group, whose own length may lie. */
export function dataSetOffset(head: Uint8Array): number {
  const bytes = Buffer.from(head.buffer, head.byteOffset, head.byteLength);
  let position = bytes.toString('latin1', PREAMBLE_BYTES, PREAMBLE_BYTES + MAGIC.length) === MAGIC ? PREAMBLE_BYTES + MAGIC.length : 0;
  while (position + 12 <= bytes.length && bytes.readUInt16LE(position) === META_GROUP) {
    const isLong = LONG_VRS.has(bytes.toString('latin1', position + 4, position + 6));
    position += isLong ? 12 + bytes.readUInt32LE(position + 8) : 8 + bytes.readUInt16LE(position + 6);
  }
  return position;
}
