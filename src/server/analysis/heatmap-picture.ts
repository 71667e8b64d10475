import sharp, { type Sharp } from 'sharp';
import type { Box } from '../../contract/findings.ts';
import type { ModelInput } from '../../contract/model-card.ts';
import { boxFromCam, camToHeatmap } from '../../imaging/heatmap.ts';
import type { ActivationMap } from '../../inference/postprocess.ts';

/** Longest side of the stored heat map: the map itself has a handful of cells, the viewer scales it over the frame. */
const MAX_SIDE = 192;

type Size = { width: number; height: number };
type Region = { left: number; top: number; width: number; height: number };

/** The map as transparent PNG with the aspect of the frame; what the network did not see stays clear. */
export async function heatmapPng(input: ModelInput, map: ActivationMap, frame: Size): Promise<Uint8Array> {
  const scale = Math.min(1, MAX_SIDE / Math.max(frame.width, frame.height));
  const size = { width: Math.max(1, Math.round(frame.width * scale)), height: Math.max(1, Math.round(frame.height * scale)) };
  const seen = rounded(seenRegion(input, size));
  const { rgba } = camToHeatmap(map.values, [map.height, map.width], seen.width, seen.height);
  const overlay = sharp(rgba, { raw: { width: seen.width, height: seen.height, channels: 4 } });
  const fitted = input.resize === 'letterbox' ? cropped(overlay, seen, size) : padded(overlay, seen, size);
  return fitted.png({ compressionLevel: 6 }).toBuffer();
}

/** The warm region of the map in pixels of the frame; null if it is diffuse. */
export function boxOfMap(input: ModelInput, map: ActivationMap, frame: Size): Box | null {
  const seen = seenRegion(input, frame);
  const box = boxFromCam(map.values, [map.height, map.width], { width: seen.width, height: seen.height });
  return box ? { x: seen.left + box.x, y: seen.top + box.y, width: box.width, height: box.height } : null;
}

/** Which part of the frame the network's input shows; with a letterbox it reaches beyond the frame. */
function seenRegion({ resize }: ModelInput, { width, height }: Size): Region {
  if (resize === 'stretch') return { left: 0, top: 0, width, height };
  const side = resize === 'center-crop' ? Math.min(width, height) : Math.max(width, height);
  return { left: (width - side) / 2, top: (height - side) / 2, width: side, height: side };
}

function padded(overlay: Sharp, seen: Region, size: Size): Sharp {
  const background = { r: 0, g: 0, b: 0, alpha: 0 };
  const [right, bottom] = [size.width - seen.left - seen.width, size.height - seen.top - seen.height];
  return overlay.extend({ left: seen.left, top: seen.top, right, bottom, background });
}

function cropped(overlay: Sharp, seen: Region, size: Size): Sharp {
  return overlay.extract({ left: -seen.left, top: -seen.top, width: size.width, height: size.height });
}

function rounded({ left, top, width, height }: Region): Region {
  return { left: Math.floor(left), top: Math.floor(top), width: Math.max(1, Math.floor(width)), height: Math.max(1, Math.floor(height)) };
}
