import sharp, { type Metadata, type Sharp } from 'sharp';
import { type GrayImage, grayOf } from '../imaging/gray-image.ts';
import { decodeCommonJpeg } from './decode-common-jpeg.ts';
import { InferenceError } from './errors.ts';

/** Radiographs have at most about 20 Mpx; a small file may claim thousands. */
const MAX_PIXELS = 64_000_000;
/** Above this, blocks of 2 by 2 pixels are averaged, so that the numbers of one picture stay below 100 MB. */
const MAX_FLOAT_PIXELS = 24_000_000;

/** `image` may be smaller than the picture; `width` and `height` are those of the upright picture. */
export type DecodedPicture = { image: GrayImage; width: number; height: number };

/** Row by row; 1 channel, or 3: red, green, blue. */
type Raw = { data: Uint8Array | Uint16Array; width: number; height: number; channels: 1 | 3 };

/**
 * Decodes a JPEG, PNG or TIFF to gray, upright (EXIF orientation), 0..1 of its full range; 16-bit pictures keep their 16 bits,
 * transparent parts become black.
 *
 * @throws {InferenceError} `invalid-picture`
 */
export async function decodePicture(bytes: Uint8Array): Promise<DecodedPicture> {
  if (!hasKnownSignature(bytes)) throw invalid('not a JPEG, PNG or TIFF file');
  const common = await decodeCommonJpeg(bytes);
  if (common) return { image: common, width: common.width, height: common.height };
  const raw = await decodeRaw(bytes);
  const { width, height } = raw;
  return { image: width * height > MAX_FLOAT_PIXELS ? halve(raw) : toGray(raw), width, height };
}

async function decodeRaw(bytes: Uint8Array): Promise<Raw> {
  try {
    // The picture is looked at once, from top to bottom. To the decoders missing data are worth a warning; to us an error, not a gray area.
    const picture = sharp(bytes, { limitInputPixels: MAX_PIXELS, failOn: 'warning', sequentialRead: true });
    const facts = await picture.metadata();
    const upright = picture.autoOrient();
    return await readPixels(facts.hasAlpha ? upright.flatten({ background: '#000000' }) : upright, facts);
  } catch (error) {
    if (error instanceof InferenceError) throw error;
    throw invalid(error instanceof Error ? (error.message.split('\n')[0] ?? '') : 'damaged');
  }
}

async function readPixels(picture: Sharp, { depth, space, width, height }: Metadata): Promise<Raw> {
  if (depth !== 'uchar' && depth !== 'ushort') throw invalid(`pixels of type ${depth} are not supported`);
  // Color is turned to gray here, with the luma that a study's frames get; the largest ones would take too much memory for it.
  const asColor = depth === 'uchar' && space === 'srgb' && width * height <= MAX_FLOAT_PIXELS;
  const converted = asColor ? picture : picture.toColourspace(depth === 'ushort' ? 'grey16' : 'b-w');
  const { data, info } = await converted.raw({ depth }).toBuffer({ resolveWithObject: true });
  const channels = asColor ? 3 : 1;
  const values = depth === 'ushort' ? new Uint16Array(data.buffer, data.byteOffset, data.byteLength / 2) : data;
  if (info.channels !== channels || values.length !== info.width * info.height * channels) throw invalid('cannot be converted to gray');
  return { data: values, width: info.width, height: info.height, channels };
}

function toGray({ data, width, height, channels }: Raw): GrayImage {
  if (data instanceof Uint8Array) return grayOf({ width, height, channels, pixels: data });
  const pixels = new Float32Array(data.length);
  for (let i = 0; i < pixels.length; i++) pixels[i] = (data[i] ?? 0) / 65535;
  return { width, height, pixels };
}

/** Averages blocks of 2 by 2 pixels, or 1 by 2 in a picture of one column; an odd last row or column is left out. */
function halve({ data, width, height }: Raw): GrayImage {
  const whitest = data instanceof Uint8Array ? 255 : 65535;
  const blockWidth = Math.min(2, width);
  const blockHeight = Math.min(2, height);
  const columns = Math.floor(width / blockWidth);
  const rows = Math.floor(height / blockHeight);
  const pixels = new Float32Array(columns * rows);
  for (let row = 0; row < rows; row++)
    for (let column = 0; column < columns; column++) {
      const at = row * blockHeight * width + column * blockWidth;
      const below = at + (blockHeight - 1) * width;
      const right = blockWidth - 1;
      const sum = (data[at] ?? 0) + (data[at + right] ?? 0) + (data[below] ?? 0) + (data[below + right] ?? 0);
      pixels[row * columns + column] = sum / (4 * whitest);
    }
  return { width: columns, height: rows, pixels };
}

function hasKnownSignature(bytes: Uint8Array): boolean {
  const hex = Buffer.from(bytes.buffer, bytes.byteOffset, Math.min(bytes.length, 8)).toString('hex');
  return ['ffd8ff', '89504e470d0a1a0a', '49492a00', '4d4d002a'].some((signature) => hex.startsWith(signature));
}

function invalid(reason: string): InferenceError {
  return new InferenceError('invalid-picture', `The picture cannot be read: ${reason}`);
}
