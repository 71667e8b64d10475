import type { ModelInput } from '../contract/model-card.ts';
import type { GrayImage } from '../imaging/gray-image.ts';
import { centerCropSquare, letterbox, resampleGray } from '../imaging/resample.ts';

/** Keeps the division finite for a picture of one gray. */
const STANDARDIZE_EPSILON = 1e-6;

/**
 * The network's input for one picture, as its card says; `training/preprocess.py` is the same arithmetic.
 *
 * @returns `[1, 1, input.height, input.width]`, row by row
 */
export function toTensor(image: GrayImage, input: ModelInput): Float32Array {
  const { pixels } = resize(image, input);
  const { mean, scale } = input.normalize.kind === 'standardize' ? statistics(pixels) : { ...input.normalize, scale: input.normalize.std };
  const tensor = new Float32Array(pixels.length);
  for (let i = 0; i < tensor.length; i++) tensor[i] = ((pixels[i] ?? 0) - mean) / scale;
  return tensor;
}

function resize(image: GrayImage, { width, height, resize: how }: ModelInput): GrayImage {
  if (how === 'center-crop') return resampleGray(centerCropSquare(image), width, height);
  if (how === 'letterbox') return letterbox(image, width, height);
  return resampleGray(image, width, height);
}

/** Mean, and population standard deviation plus epsilon, over all pixels of the picture. */
function statistics(pixels: Float32Array): { mean: number; scale: number } {
  let sum = 0;
  for (let i = 0; i < pixels.length; i++) sum += pixels[i] ?? 0;
  const mean = sum / pixels.length;
  let squares = 0;
  for (let i = 0; i < pixels.length; i++) {
    const difference = (pixels[i] ?? 0) - mean;
    squares += difference * difference;
  }
  return { mean, scale: Math.sqrt(squares / pixels.length) + STANDARDIZE_EPSILON };
}
