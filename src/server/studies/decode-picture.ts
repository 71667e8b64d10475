import sharp from 'sharp';
import { AppError } from '../platform/errors.ts';

/** Largest picture taken in, in pixels: the library's own default lets small files grow to gigabytes. */
const MAX_PIXELS = 67_108_864;

export type Picture = { width: number; height: number; channels: 1 | 3; bits: 8 | 16; pixels: Uint8Array; format: string; lossy: boolean };

/**
 * Decodes a PNG, JPEG or TIFF to gray (8 or 16 bits kept) or 8-bit RGB, upright by its EXIF orientation, alpha over black.
 *
 * @throws {AppError} `invalid-image` if it cannot be read, `too-large` beyond 64 megapixels
 */
export async function decodePicture(bytes: Uint8Array): Promise<Picture> {
  try {
    const image = sharp(bytes, { limitInputPixels: MAX_PIXELS, failOn: 'error', sequentialRead: true });
    const { space, depth, format, pages } = await image.metadata();
    if ((pages ?? 1) > 1) throw new AppError('invalid-image', 'The picture has several pages; send each page as a file');
    const upright = image.autoOrient().flatten({ background: '#000000' });
    const gray = space === 'b-w' || space === 'grey16';
    const deep = gray && depth === 'ushort';
    const converted = deep ? upright.toColourspace('grey16').raw({ depth: 'ushort' }) : upright.toColourspace(gray ? 'b-w' : 'srgb').raw();
    const { data, info } = await converted.toBuffer({ resolveWithObject: true });
    const channels = info.channels === 1 ? 1 : 3;
    return {
      width: info.width,
      height: info.height,
      channels,
      bits: deep ? 16 : 8,
      pixels: data,
      format: format ?? 'unknown',
      lossy: format === 'jpeg',
    };
  } catch (error) {
    if (error instanceof AppError) throw error;
    const text = error instanceof Error ? error.message : '';
    if (text.includes('exceeds pixel limit'))
      throw new AppError('too-large', `The picture has more than ${MAX_PIXELS} pixels`, { cause: error });
    throw new AppError('invalid-image', 'The picture is damaged or cut off', { cause: error });
  }
}
