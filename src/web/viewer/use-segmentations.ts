import { useEffect, useState } from 'react';
import { readSegmentation, type Segment, type SegmentFrame } from '../../imaging/segmentation.ts';
import { dot, subtract } from '../../imaging/vector.ts';
import { whenForgotten } from './forget-frames.ts';
import type { FrameInfo } from './frame-info.ts';
import { type FrameSource, knownInfo, loadFrame, sourcesOf } from './frame-source.ts';
import { headerOf } from './headers.ts';
import type { Stack } from './stack.ts';

/** A segmentation of the study, whose frames are loaded when they are looked at. */
export type ShownSegmentation = {
  id: string;
  segments: Segment[];
  frames: (SegmentFrame & { source: FrameSource })[];
  largest: number;
};
/** Slices are the same if they are nearer than half of the segmentation's own distance, or than this. */
const SAME_PLANE_MM = 0.5;
const PARALLEL = 0.999;

/** The segmentations among the stacks, by their descriptions. One that cannot be read is left out: the pictures are still to be read. */
export function useSegmentations(stacks: readonly Stack[]): readonly ShownSegmentation[] {
  const [loaded, setLoaded] = useState<readonly ShownSegmentation[]>([]);
  useEffect(() => {
    let isGone = false;
    const load = async () => {
      const found = await Promise.all(stacks.map((stack) => readStack(stack).catch(() => [])));
      if (!isGone) setLoaded(found.flat());
    };
    void load();
    return () => {
      isGone = true;
    };
  }, [stacks]);
  return loaded;
}

async function readStack(stack: Stack): Promise<ShownSegmentation[]> {
  const sources = sourcesOf(stack);
  const byInstance = Map.groupBy(sources, ({ reference }) => reference.sop_instance_uid);
  const found: ShownSegmentation[] = [];
  for (const [id, [first, ...others]] of byInstance) {
    const segmentation = first && readSegmentation(await headerOf(first.reference));
    if (!segmentation) continue;
    const frames = [first, ...others].flatMap((source, index) => {
      const frame = segmentation.frames[index];
      return frame ? [{ ...frame, source }] : [];
    });
    found.push({ id, segments: segmentation.segments, frames, largest: segmentation.largest });
  }
  return found;
}

/** The frames of a segmentation that lie on a frame: by place in the patient, or else because they say that they were drawn on it. */
export function segmentFramesOn({ frames }: ShownSegmentation, source: FrameSource, info: FrameInfo): ShownSegmentation['frames'] {
  return frames.filter((frame) => {
    const own = knownInfo(frame.source);
    if (own?.plane && info.plane && own.frameOfReferenceUid === info.frameOfReferenceUid) return isInPlane(own, info);
    const { drawnOn } = frame;
    return drawnOn?.sop_instance_uid === source.reference.sop_instance_uid && drawnOn.frame === source.reference.frame;
  });
}

function isInPlane(own: FrameInfo, info: FrameInfo): boolean {
  if (!own.plane || !info.plane) return false;
  const normal = normalOf(info.plane);
  if (Math.abs(dot(normal, normalOf(own.plane))) < PARALLEL) return false;
  const away = Math.abs(dot(normal, subtract(own.plane.position, info.plane.position)));
  return away < Math.max(SAME_PLANE_MM, (own.sliceThicknessMm ?? 0) / 2 - 1e-3);
}

function normalOf({ rows, columns }: NonNullable<FrameInfo['plane']>): [number, number, number] {
  return [
    rows[1] * columns[2] - rows[2] * columns[1],
    rows[2] * columns[0] - rows[0] * columns[2],
    rows[0] * columns[1] - rows[1] * columns[0],
  ];
}

const masks = new Map<string, Promise<ImageBitmap>>();
whenForgotten(() => masks.clear());
/** Masks that are kept: those of the slices around the reader. */
const MASKS = 200;

/** A frame of a segmentation as a picture in the segment's color; stronger where a fraction is larger. @throws as `loadFrame` */
export function loadMask(source: FrameSource, { color, largest }: { color: Segment['color']; largest: number }): Promise<ImageBitmap> {
  const known = masks.get(source.key);
  if (known) return known;
  const drawing = drawMask(source, color, largest);
  masks.set(source.key, drawing);
  drawing.catch(() => masks.delete(source.key));
  for (const key of [...masks.keys()].slice(0, Math.max(0, masks.size - MASKS))) masks.delete(key);
  return drawing;
}

async function drawMask(source: FrameSource, color: Segment['color'], largest: number): Promise<ImageBitmap> {
  const { info, pixels } = await loadFrame(source);
  const data = new ImageData(info.columns, info.rows);
  for (let index = 0; index < info.columns * info.rows; index += 1) {
    data.data.set(color, index * 4);
    data.data[index * 4 + 3] = Math.min(255, ((pixels.values[index] ?? 0) / largest) * 255);
  }
  return createImageBitmap(data);
}
