import { type DataSet, numberOf } from '../dicom/data-set.ts';
import type { PixelDescription } from '../dicom/pixel-description.ts';
import { transferSyntaxOf } from '../dicom/uids.ts';
import { packBits } from './frame-to-encode.ts';
import { readNativeCells } from './native.ts';

/** Overlay planes have the even groups from 6000 to 601E (PS3.3 C.9.2). */
const GROUPS = Array.from({ length: 16 }, (_, index) => (0x6000 + 2 * index).toString(16).toUpperCase());

/**
 * Overlays that old objects draw in unused bits of Pixel Data (PS3.5 8.1.2, retired) as Overlay Data of their own, because encoders keep
 * samples only. The data set itself if there are none, or if the pixels are not native.
 *
 * @param frames every frame, as the parser gives it
 */
export async function liftOverlays(
  dataSet: DataSet,
  description: PixelDescription,
  frames: () => AsyncIterable<Uint8Array> | Iterable<Uint8Array>,
): Promise<DataSet> {
  const { bitsAllocated, rows, columns, samplesPerPixel, transferSyntaxUid } = description;
  const found = GROUPS.flatMap((group) => {
    const position = numberOf(dataSet, `${group}0102`) ?? 0;
    return position > 0 && position < bitsAllocated && dataSet[`${group}3000`] === undefined ? [{ group, position }] : [];
  });
  if (found.length === 0 || samplesPerPixel !== 1 || transferSyntaxOf(transferSyntaxUid).encapsulated) return dataSet;

  const count = rows * columns;
  const planes = found.map((plane) => ({ ...plane, bits: new Uint8Array(count * description.numberOfFrames) }));
  let start = 0;
  for await (const frame of frames()) {
    const cells = readNativeCells(frame, bitsAllocated, count);
    for (const { position, bits } of planes)
      for (let index = 0; index < count; index += 1) bits[start + index] = ((cells[index] ?? 0) >>> position) & 1;
    start += count;
  }
  return { ...dataSet, ...Object.assign({}, ...planes.map(({ group, bits }) => overlayOf(group, bits, description))) };
}

function overlayOf(group: string, bits: Uint8Array, { numberOfFrames }: PixelDescription): DataSet {
  const frames: DataSet = numberOfFrames > 1 ? { [`${group}0015`]: { vr: 'IS', Value: [numberOfFrames] } } : {};
  return {
    ...frames,
    [`${group}0100`]: { vr: 'US', Value: [1] },
    [`${group}0102`]: { vr: 'US', Value: [0] },
    [`${group}3000`]: { vr: 'OW', bytes: packBits(bits) },
  };
}
