import type { PixelDescription } from '../dicom/pixel-description.ts';
import { decodeStoredFrame } from './decode.ts';
import { encodeFrame, type Loss } from './encode.ts';
import type { EncodedFrame } from './frame-to-encode.ts';

/** Syntaxes in which a codestream of another one is valid as it is: lossless ones where loss is allowed, narrower ones in wider. */
const WIDER: Readonly<Record<string, readonly string[]>> = {
  '1.2.840.10008.1.2.4.70': ['1.2.840.10008.1.2.4.57'],
  '1.2.840.10008.1.2.4.80': ['1.2.840.10008.1.2.4.81'],
  '1.2.840.10008.1.2.4.90': ['1.2.840.10008.1.2.4.91'],
  '1.2.840.10008.1.2.4.201': ['1.2.840.10008.1.2.4.203'],
  '1.2.840.10008.1.2.4.202': ['1.2.840.10008.1.2.4.201', '1.2.840.10008.1.2.4.203'],
};

/** Whether a compressed frame of one syntax can be given in the other as it is. */
export function isValidIn(storedSyntax: string, target: string): boolean {
  return storedSyntax === target || (WIDER[storedSyntax]?.includes(target) ?? false);
}

/**
 * One frame in another transfer syntax, bit for bit where that loses nothing. Bits of a cell that do not belong to the sample are not
 * kept (`liftOverlays` saves what was drawn in them).
 *
 * @param frame as `decodeFrame` takes it
 * @throws {ImagingError} if it cannot be decoded, or the target cannot hold it
 */
export async function transcodeFrame(
  description: PixelDescription,
  frame: Uint8Array,
  { target, loss = {} }: { target: string; loss?: Loss },
): Promise<EncodedFrame> {
  if (isValidIn(description.transferSyntaxUid, target) && Object.keys(loss).length === 0)
    return { bytes: frame, photometricInterpretation: description.photometricInterpretation };
  const { bitsAllocated, bitsStored, pixelRepresentation } = description;
  const stored = await decodeStoredFrame(description, frame);
  return encodeFrame({ ...stored, bitsAllocated, bitsStored, pixelRepresentation }, target, loss);
}
