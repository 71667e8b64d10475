import { decodeWithCodec } from '../imaging/codecs.ts';
import { type GrayImage, grayOf } from '../imaging/gray-image.ts';
import { ImagingError } from '../imaging/imaging-error.ts';
import { JpegMarker, readJpegHeader } from '../imaging/jpeg-header.ts';

/** Baseline and extended sequential DCT (ITU-T T.81). Progressive ones may hold thousands of scans and are left to the library. */
const SEQUENTIAL = [0xc0, JpegMarker.sof1];
/** What fits into the codec's memory without making it grow much. */
const MAX_PIXELS = 16_000_000;
/** Where an EXIF segment can begin: it comes first, behind JFIF's at most. */
const EXIF_WITHIN_BYTES = 256;

/**
 * Decodes the usual JPEG, sequential with 8 bits, gray or YCbCr, complete and without EXIF, in this thread: a third of the CPU time that
 * the picture library takes for a small one, and with the decoder that reads the JPEGs of studies, so that both ways see the same pixels.
 *
 * @returns undefined for every other kind, which `decodePicture` leaves to the library
 */
export async function decodeCommonJpeg(bytes: Uint8Array): Promise<GrayImage | undefined> {
  if (!isCommon(bytes)) return undefined;
  try {
    const { info, bytes: pixels } = await decodeWithCodec('jpeg', bytes);
    const { width, height, componentCount } = info;
    const channels = componentCount === 3 ? 3 : 1;
    return pixels.length === width * height * channels ? grayOf({ width, height, channels, pixels }) : undefined;
  } catch (error) {
    if (error instanceof ImagingError) return undefined;
    throw error;
  }
}

function isCommon(bytes: Uint8Array): boolean {
  if (bytes.at(-2) !== 0xff || bytes.at(-1) !== JpegMarker.eoi) return false;
  if (Buffer.from(bytes.buffer, bytes.byteOffset, Math.min(bytes.length, EXIF_WITHIN_BYTES)).includes('Exif\0')) return false;
  try {
    const { process, precision, components, rows, columns, hasJfif, adobeTransform } = readJpegHeader(bytes);
    const isGray = components.length === 1;
    // Without a word on color, components that count 1, 2, 3 are Y, Cb, Cr to every libjpeg.
    const isCounted = components.every(({ id }, index) => id === index + 1);
    const isYcbcr = components.length === 3 && (adobeTransform === undefined ? hasJfif || isCounted : adobeTransform === 1);
    return SEQUENTIAL.includes(process) && precision === 8 && (isGray || isYcbcr) && rows > 0 && rows * columns <= MAX_PIXELS;
  } catch (error) {
    if (error instanceof ImagingError) return false;
    throw error;
  }
}
