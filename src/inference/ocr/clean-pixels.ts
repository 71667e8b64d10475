import { type DataSet, type Part10, textOf } from '../../dicom/data-set.ts';
import { pixelFrames } from '../../dicom/frames.ts';
import type { InflateRaw } from '../../dicom/parse.ts';
import { parsePart10 } from '../../dicom/parse.ts';
import { describePixels, type PixelDescription } from '../../dicom/pixel-description.ts';
import { Tag } from '../../dicom/tags.ts';
import { ExplicitVrBigEndian, ExplicitVrLittleEndian, transferSyntaxOf } from '../../dicom/uids.ts';
import { decodeFrame } from '../../imaging/decode.ts';
import { type GrayImage, grayOf } from '../../imaging/gray-image.ts';
import { toModalityValues } from '../../imaging/modality-lut.ts';
import { type PixelBox, paintBoxes } from '../../imaging/paint-boxes.ts';
import { renderFrame } from '../../imaging/render.ts';
import { canTranscodeTo, transcodeInstance } from '../../imaging/transcode.ts';
import { rangeWindow, statedWindow } from '../../imaging/window.ts';
import { type FoundText, findText } from './find-text.ts';
import type { TextNetworks } from './text-networks.ts';

/** What the cleaning did. */
export type CleanedPixels = {
  part10: Part10;
  /** What was painted over: frame from 1, and where, in pixels. */
  boxes: (PixelBox & { frame: number })[];
  /** Text that was read after painting: what was allowed to stay, and what could not be removed. */
  texts: string[];
  /** Whether nothing readable is left but what may stay. */
  isClean: boolean;
};

export type CleanPixelsOptions = {
  /** Text that may stay; undefined: none. */
  maySay?: ((text: string) => boolean) | undefined;
  inflateRaw?: InflateRaw | undefined;
};

/** Letters around a painted box that it did not cover are seen in the next round. */
const MAX_ROUNDS = 3;
/** Beyond the box, for the soft edges of letters. */
const MARGIN = 2;
/** What may stay must have been read without doubt. */
const SURE_READING = 0.85;
/** A display window that cuts off no more than this share of the range at either end shows all text. */
const SEEN = 0.05;
/** One character that the detector sees in noise is no identity. */
const SHORTEST_LEFT = 2;

/**
 * Finds text in the pixels of every frame and paints it over in the stored values, with the color around it. The frames are looked at
 * as they would be displayed and, where the display window leaves something out, over their whole range too. Afterwards they are read
 * again. Lossless compressed objects are compressed again in the same syntax, lossy ones stay uncompressed (explicit VR little endian),
 * so that no other pixel changes. Objects without text keep their bytes.
 *
 * @throws {ImagingError} if the pixels cannot be decoded (video, unknown syntaxes, floating point)
 */
export async function cleanPixels(networks: TextNetworks, part10: Part10, options: CleanPixelsOptions = {}): Promise<CleanedPixels> {
  const description = describePixels(part10);
  if (description === undefined) return { part10, boxes: [], texts: [], isClean: true };
  const painted: (PixelBox & { frame: number })[] = [];
  const texts: string[] = [];
  let current = part10;
  let wanted = Array.from({ length: description.numberOfFrames }, (_, index) => index);
  let left: FoundText[] = [];
  for (let round = 0; round < MAX_ROUNDS && wanted.length > 0; round += 1) {
    const found = await findInFrames(networks, current, wanted);
    left = [];
    const boxes: PixelBox[][] = Array.from({ length: description.numberOfFrames }, () => []);
    for (const [frame, all] of found) {
      const bad = all.filter((text) => !mayStay(text, options.maySay));
      texts.push(...all.filter((text) => mayStay(text, options.maySay)).map(({ text }) => text));
      boxes[frame] = bad.map(widened);
      left.push(...bad);
    }
    wanted = wanted.filter((frame) => (boxes[frame]?.length ?? 0) > 0);
    if (wanted.length === 0) break;
    if (round === 0) current = await inNativeSyntax(part10, options.inflateRaw);
    current = { ...current, dataSet: paintBoxes(current, boxes) };
    for (const frame of wanted) painted.push(...(boxes[frame] ?? []).map((box) => ({ frame: frame + 1, ...box })));
  }
  if (painted.length === 0) return { part10, boxes: [], texts, isClean: true };
  const after = await findInFrames(networks, current, wanted);
  const remaining = [...after.values()].flat().filter((text) => !mayStay(text, options.maySay) && isReadable(text));
  texts.push(...remaining.map(({ text }) => text));
  const compressed = await asStored(current, part10.transferSyntaxUid, options.inflateRaw);
  return { part10: compressed, boxes: painted, texts, isClean: remaining.length === 0 };
}

/** Whether an overlay's picture holds text. @param bits one bit a pixel, the first in the lowest bit (PS3.3 C.9.2) */
export async function overlayHasText(networks: TextNetworks, bits: Uint8Array, size: { rows: number; columns: number }): Promise<boolean> {
  const { rows: height, columns: width } = size;
  const pixels = Float32Array.from({ length: width * height }, (_, index) => ((bits[index >> 3] ?? 0) >> (index & 7)) & 1);
  return (await findText(networks, { width, height, pixels })).length > 0;
}

async function findInFrames(networks: TextNetworks, part10: Part10, frames: readonly number[]): Promise<Map<number, FoundText[]>> {
  const description = describePixels(part10);
  const found = new Map<number, FoundText[]>();
  if (description === undefined) return found;
  const all = pixelFrames(part10);
  for (const index of frames) {
    const texts: FoundText[] = [];
    const { displayed, wholeRange } = await picturesOf(description, all[index] ?? new Uint8Array(0), { dataSet: part10.dataSet, index });
    texts.push(...(await findText(networks, displayed)));
    if (wholeRange !== undefined) texts.push(...(await findText(networks, wholeRange, { bothPolarities: false })));
    found.set(index, texts);
  }
  return found;
}

/** The frame as it is displayed and, where a display window cuts more than a few values off, over its whole range. */
async function picturesOf(
  description: PixelDescription,
  frame: Uint8Array,
  { dataSet, index }: { dataSet: DataSet; index: number },
): Promise<{ displayed: GrayImage; wholeRange?: GrayImage }> {
  const decoded = await decodeFrame(description, frame);
  const displayed = grayOf(renderFrame(decoded, dataSet, { frame: index }));
  const stated = statedWindow(dataSet, index);
  if (!decoded.photometricInterpretation.startsWith('MONOCHROME') || stated === undefined) return { displayed };
  const range = rangeWindow(toModalityValues(decoded, dataSet, index), decoded, dataSet);
  const [low, high] = [stated.center - stated.width / 2, stated.center + stated.width / 2];
  const [least, most] = [range.center - range.width / 2, range.center + range.width / 2];
  const isSeen = stated.lut === undefined && low <= least + SEEN * range.width && high >= most - SEEN * range.width;
  if (isSeen) return { displayed };
  return { displayed, wholeRange: grayOf(renderFrame(decoded, dataSet, { frame: index, window: range })) };
}

async function inNativeSyntax(part10: Part10, inflateRaw: InflateRaw | undefined): Promise<Part10> {
  const { transferSyntaxUid } = part10;
  if (!transferSyntaxOf(transferSyntaxUid).encapsulated && transferSyntaxUid !== ExplicitVrBigEndian) return part10;
  return transcoded(part10, ExplicitVrLittleEndian, inflateRaw);
}

/** Back into the syntax that the object had, if that loses nothing. */
async function asStored(part10: Part10, transferSyntaxUid: string, inflateRaw: InflateRaw | undefined): Promise<Part10> {
  const { encapsulated, lossy } = transferSyntaxOf(transferSyntaxUid);
  if (!encapsulated || lossy || !canTranscodeTo(transferSyntaxUid)) return part10;
  return transcoded(part10, transferSyntaxUid, inflateRaw);
}

/** File meta needs an identity, which a data set on the way may lack: the pixels alone go through the transcoder. */
async function transcoded(part10: Part10, target: string, inflateRaw: InflateRaw | undefined): Promise<Part10> {
  const identity: DataSet = {
    [Tag.SOPClassUID]: { vr: 'UI', Value: [textOf(part10.dataSet, Tag.SOPClassUID) ?? '1.2.840.10008.5.1.4.1.1.7'] },
    [Tag.SOPInstanceUID]: { vr: 'UI', Value: [textOf(part10.dataSet, Tag.SOPInstanceUID) ?? '2.25.1'] },
  };
  const file = await transcodeInstance({ ...part10, dataSet: { ...part10.dataSet, ...identity } }, target);
  const { dataSet, transferSyntaxUid } = parsePart10(file, { inflateRaw });
  return { meta: part10.meta, dataSet, transferSyntaxUid };
}

function mayStay({ text, confidence }: FoundText, maySay: CleanPixelsOptions['maySay']): boolean {
  return maySay !== undefined && text !== '' && confidence >= SURE_READING && maySay(text);
}

function isReadable({ text }: FoundText): boolean {
  return text.replace(/[^\p{L}\p{N}]/gu, '').length >= SHORTEST_LEFT;
}

function widened({ x0, y0, x1, y1 }: PixelBox): PixelBox {
  return { x0: x0 - MARGIN, y0: y0 - MARGIN, x1: x1 + MARGIN, y1: y1 + MARGIN };
}
