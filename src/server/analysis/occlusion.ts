import type { Occlusion } from '../../contract/agents.ts';
import type { GrayImage } from '../../imaging/gray-image.ts';
import type { ModelPool } from '../../inference/pool.ts';
import type { BlobStore, Db } from '../platform/ports.ts';
import { findInstance } from '../studies/queries.ts';
import { type FrameRenderer, readGrayFrame } from '../studies/render-instance.ts';

/** Regions along each side: 36 runs of the network, a second or less on one thread. */
const GRID = 6;

export type OcclusionDeps = { db: Db; blobs: BlobStore; renderer: FrameRenderer; pool: ModelPool };
type Asked = { analysisId: string; modelId: string; sopInstanceUid: string; label: string };

/**
 * Which region of a picture the probability of a label rests on: each region in turn is covered with the mean gray, and the one whose
 * covering lowers the probability most is told (Zeiler and Fergus 2014). It looks at the network from outside, and so is independent of
 * the class activation map. Undefined if the picture is gone.
 */
export async function occludeRegions(deps: OcclusionDeps, asked: Asked, signal: AbortSignal): Promise<Occlusion | undefined> {
  const instance = await findInstance(deps.db, asked.sopInstanceUid);
  if (!instance) return undefined;
  const image = await readGrayFrame(deps, instance, 1);
  const probabilityOf = async (picture: GrayImage): Promise<number> => {
    signal.throwIfAborted();
    const { scores } = await deps.pool.classify(asked.modelId, picture, { priority: 'background', signal });
    return scores.find(({ label }) => label === asked.label)?.probability ?? 0;
  };
  const mean = image.pixels.reduce((sum, value) => sum + value, 0) / image.pixels.length;
  const probability = await probabilityOf({ ...image, pixels: image.pixels.slice() });
  let lowest = { probability: Number.POSITIVE_INFINITY, box: regionOf(image, 0, 0) };
  for (let row = 0; row < GRID; row += 1) {
    for (let column = 0; column < GRID; column += 1) {
      const box = regionOf(image, row, column);
      const covered = await probabilityOf(cover(image, box, mean));
      if (covered < lowest.probability) lowest = { probability: covered, box };
    }
  }
  return {
    analysis_id: asked.analysisId,
    sop_instance_uid: asked.sopInstanceUid,
    label: asked.label,
    probability,
    covered_probability: lowest.probability,
    box: lowest.box,
    regions: GRID * GRID,
  };
}

function regionOf({ width, height }: GrayImage, row: number, column: number): Occlusion['box'] {
  const [x, y] = [Math.floor((column * width) / GRID), Math.floor((row * height) / GRID)];
  return { x, y, width: Math.floor(((column + 1) * width) / GRID) - x, height: Math.floor(((row + 1) * height) / GRID) - y };
}

function cover(image: GrayImage, box: Occlusion['box'], value: number): GrayImage {
  const pixels = image.pixels.slice();
  for (let row = box.y; row < box.y + box.height; row += 1)
    pixels.fill(value, row * image.width + box.x, row * image.width + box.x + box.width);
  return { ...image, pixels };
}
