import type { Box } from '../contract/findings.ts';
import { resampleGray } from './resample.ts';

/** Rows and columns of a class activation map. */
export type CamSize = [height: number, width: number];

/** A picture to lay over a frame: RGBA, straight alpha. */
export type Heatmap = { width: number; height: number; rgba: Uint8Array };

/**
 * Dark violet, magenta, orange, pale yellow: lightness rises evenly (CIELAB L* about 12, 40, 68, 95), and the blue-to-yellow order holds
 * for readers with any color vision deficiency.
 */
const COLORS = [
  [44, 8, 84],
  [168, 38, 113],
  [246, 138, 58],
  [255, 243, 178],
] as const;

/** Opacity of the hottest place; anatomy must stay visible under it. */
const MAX_ALPHA = 0.65;

/** Maps are searched for a region on a grid no finer than this. */
const MAX_SEARCH_SIZE = 256;

/** A region that covers more of the picture than this points nowhere. */
const DIFFUSE_FRACTION = 0.4;

/** Evidence for a class (negative evidence is dropped) as a colored overlay of `width` x `height`, transparent where there is none. */
export function camToHeatmap(cam: Float32Array, [rows, columns]: CamSize, width: number, height: number): Heatmap {
  const { pixels } = resampleGray({ width: columns, height: rows, pixels: positiveShare(cam) }, width, height);
  const rgba = new Uint8Array(width * height * 4);
  for (let index = 0; index < pixels.length; index += 1) {
    const value = Math.min(1, pixels[index] ?? 0);
    rgba.set(colorOf(value), index * 4);
    rgba[index * 4 + 3] = Math.round(255 * MAX_ALPHA * value);
  }
  return { width, height, rgba };
}

/** Where to draw a box: size of the picture in pixels, and the share of the maximum above which a place belongs to the region. */
export type BoxOptions = { width: number; height: number; fraction?: number };

/** Bounding box, in pixels of the picture, of the region around the map's maximum; undefined if there is no evidence or it is diffuse. */
export function boxFromCam(cam: Float32Array, [rows, columns]: CamSize, { width, height, fraction = 0.5 }: BoxOptions): Box | undefined {
  const gridWidth = Math.min(width, MAX_SEARCH_SIZE);
  const gridHeight = Math.min(height, MAX_SEARCH_SIZE);
  const { pixels } = resampleGray({ width: columns, height: rows, pixels: positiveShare(cam) }, gridWidth, gridHeight);
  const peak = pixels.reduce((best, value, index) => (value > (pixels[best] ?? 0) ? index : best), 0);
  const limit = (pixels[peak] ?? 0) * fraction;
  if (limit <= 0) return undefined;

  const above = pixels.reduce((count, value) => count + (value >= limit ? 1 : 0), 0);
  if (above > DIFFUSE_FRACTION * pixels.length) return undefined;
  const { left, top, right, bottom } = regionAround(peak, gridWidth, (index) => (pixels[index] ?? -1) >= limit);
  const x = Math.floor((left * width) / gridWidth);
  const y = Math.floor((top * height) / gridHeight);
  return { x, y, width: Math.ceil((right * width) / gridWidth) - x, height: Math.ceil((bottom * height) / gridHeight) - y };
}

/** Positive values as a share of the largest; zeros if there are none. */
function positiveShare(cam: Float32Array): Float32Array {
  const largest = cam.reduce((best, value) => Math.max(best, value), 0);
  return cam.map((value) => (largest > 0 && value > 0 ? value / largest : 0));
}

function colorOf(value: number): [number, number, number] {
  const position = value * (COLORS.length - 1);
  const index = Math.min(COLORS.length - 2, Math.floor(position));
  const from = COLORS[index] ?? COLORS[0];
  const to = COLORS[index + 1] ?? COLORS[0];
  const mix = (channel: 0 | 1 | 2): number => Math.round(from[channel] + (to[channel] - from[channel]) * (position - index));
  return [mix(0), mix(1), mix(2)];
}

/** Bounds (right and bottom exclusive) of the 4-connected region that holds `seed`. */
function regionAround(
  seed: number,
  width: number,
  belongs: (index: number) => boolean,
): { left: number; top: number; right: number; bottom: number } {
  const seen = new Set([seed]);
  const queue = [seed];
  const bounds = { left: width, top: Number.POSITIVE_INFINITY, right: 0, bottom: 0 };
  for (let index = queue.pop(); index !== undefined; index = queue.pop()) {
    const column = index % width;
    const row = (index - column) / width;
    bounds.left = Math.min(bounds.left, column);
    bounds.right = Math.max(bounds.right, column + 1);
    bounds.top = Math.min(bounds.top, row);
    bounds.bottom = Math.max(bounds.bottom, row + 1);
    const neighbors = [index - width, index + width, column > 0 ? index - 1 : -1, column < width - 1 ? index + 1 : -1];
    for (const neighbor of neighbors) {
      if (seen.has(neighbor) || !belongs(neighbor)) continue;
      seen.add(neighbor);
      queue.push(neighbor);
    }
  }
  return bounds;
}
