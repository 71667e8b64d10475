import type { GrayImage } from '../../imaging/gray-image.ts';
import { resampleGray } from '../../imaging/resample.ts';
import type { ReadText, TextNetworks } from './text-networks.ts';
import { type Box, grown, mergeRegions, type TextRegion } from './text-regions.ts';

/** Text in a picture: where, and what it says; empty if it looks like a line of text but could not be read. */
export type FoundText = Box & ReadText;

/** What the detector sees at once; it was trained on pictures of about this size. */
const TILE = 960;
/** Text that a tile cuts is whole in its neighbor, up to this height or a short line of it. */
const TILE_OVERLAP = 128;
/** Pictures smaller than this are seen twice as large, or their letters would be too small. */
const SMALL_PICTURE = 420;
/** Tiles with less contrast than this hold nothing. */
const FLAT = 0.02;
/** From this confidence on, what was read is text. */
const READABLE = 0.5;
/**
 * A region that cannot be read is taken for text if it looks like a line: longer than high, and no higher than letters are, which is a
 * small part of the picture and at most so many pixels.
 */
const LINE_ASPECT = 2;
const HIGHEST_UNREADABLE = 40;
const LARGEST_SHARE = 0.05;
const SMALL_LETTERS = 8;
const SURE_REGION = 0.8;
/** A region so many times higher than wide may be a line that runs up or down. */
const TALL = 1.5;

/**
 * All text in one picture. Looks at tiles in the picture's own size and, where there are several, at the whole
 * picture at once for large letters; then reads what it saw, upright and turned by a quarter to both sides. Regions without readable
 * text that are no line either are anatomy, which the detector marks now and then.
 * @param picture light on dark or dark on light: the detector looks at its negative too, unless told
 */
export async function findText(
  networks: TextNetworks,
  picture: GrayImage,
  { bothPolarities = true }: { bothPolarities?: boolean } = {},
): Promise<FoundText[]> {
  const negative = bothPolarities ? await detectAll(networks, inverted(picture)) : [];
  const regions = mergeRegions([...(await detectAll(networks, picture)), ...negative]);
  const found: FoundText[] = [];
  for (const region of regions) {
    const read = await readRegion(networks, picture, region);
    const isReadable = read.confidence >= READABLE && /[\p{L}\p{N}]/u.test(read.text);
    if (isReadable) found.push({ ...box(region), ...read });
    else if (looksLikeLine(region, picture)) found.push({ ...box(region), text: '', confidence: read.confidence });
  }
  return found;
}

async function detectAll(networks: TextNetworks, picture: GrayImage): Promise<TextRegion[]> {
  const longest = Math.max(picture.width, picture.height);
  const scale = longest <= SMALL_PICTURE ? 2 : 1;
  const regions = await detectTiles(networks, picture, scale);
  if (longest * scale <= TILE) return regions;
  return [...regions, ...(await detectTiles(networks, picture, TILE / longest))];
}

async function detectTiles(networks: TextNetworks, picture: GrayImage, scale: number): Promise<TextRegion[]> {
  const scaled =
    scale === 1
      ? picture
      : resampleGray(picture, Math.max(1, Math.round(picture.width * scale)), Math.max(1, Math.round(picture.height * scale)));
  const [across, down] = [picture.width / scaled.width, picture.height / scaled.height];
  const regions: TextRegion[] = [];
  for (const top of tileStarts(scaled.height)) {
    for (const left of tileStarts(scaled.width)) {
      const tile = cut(scaled, { x0: left, y0: top, x1: left + TILE, y1: top + TILE });
      if (isFlat(tile)) continue;
      for (const { x0, y0, x1, y1, score } of await networks.detect(tile)) {
        const moved = { x0: (x0 + left) * across, y0: (y0 + top) * down, x1: (x1 + left) * across, y1: (y1 + top) * down };
        regions.push({ ...grown(moved, 0, picture), score });
      }
    }
  }
  return regions;
}

/** As few tiles as cover the length with the overlap, evenly spread. */
function tileStarts(length: number): number[] {
  const count = Math.max(1, Math.ceil((length - TILE_OVERLAP) / (TILE - TILE_OVERLAP)));
  return Array.from({ length: count }, (_, index) => (count === 1 ? 0 : Math.round((index * (length - TILE)) / (count - 1))));
}

/** What a region says: upright or, where it is higher than wide, whichever way says most. */
async function readRegion(networks: TextNetworks, picture: GrayImage, region: TextRegion): Promise<ReadText> {
  const line = cut(picture, region);
  const upright = await networks.read(line);
  if (line.height <= line.width * TALL) return upright;
  const turns = [await networks.read(turned(line, 'left')), await networks.read(turned(line, 'right'))];
  const weight = ({ text, confidence }: ReadText) => (confidence >= READABLE ? text.length * confidence : 0);
  return turns.reduce((best, one) => (weight(one) > weight(best) ? one : best), upright);
}

function looksLikeLine({ x0, y0, x1, y1, score }: TextRegion, { width, height }: GrayImage): boolean {
  const [short, long] = [Math.min(x1 - x0, y1 - y0), Math.max(x1 - x0, y1 - y0)];
  const highest = Math.min(HIGHEST_UNREADABLE, Math.max(SMALL_LETTERS, LARGEST_SHARE * Math.min(width, height)));
  return score >= SURE_REGION && short <= highest && long >= LINE_ASPECT * short;
}

function box({ x0, y0, x1, y1 }: Box): Box {
  return { x0, y0, x1, y1 };
}

/** The part of the picture inside of the box. */
function cut({ width, height, pixels }: GrayImage, area: Box): GrayImage {
  const [x0, y0] = [Math.max(0, area.x0), Math.max(0, area.y0)];
  const [wide, high] = [Math.max(1, Math.min(width, area.x1) - x0), Math.max(1, Math.min(height, area.y1) - y0)];
  if (wide === width && high === height) return { width, height, pixels };
  const part = new Float32Array(wide * high);
  for (let row = 0; row < high; row += 1) {
    const from = (y0 + row) * width + x0;
    part.set(pixels.subarray(from, from + wide), row * wide);
  }
  return { width: wide, height: high, pixels: part };
}

function inverted({ width, height, pixels }: GrayImage): GrayImage {
  return { width, height, pixels: pixels.map((value) => 1 - value) };
}

function turned({ width, height, pixels }: GrayImage, to: 'left' | 'right'): GrayImage {
  const result = new Float32Array(pixels.length);
  for (let row = 0; row < height; row += 1) {
    for (let column = 0; column < width; column += 1) {
      const target = to === 'left' ? (width - 1 - column) * height + row : column * height + (height - 1 - row);
      result[target] = pixels[row * width + column] ?? 0;
    }
  }
  return { width: height, height: width, pixels: result };
}

function isFlat({ pixels }: GrayImage): boolean {
  let [low, high] = [1, 0];
  for (const value of pixels) {
    if (value < low) low = value;
    if (value > high) high = value;
  }
  return high - low < FLAT;
}
