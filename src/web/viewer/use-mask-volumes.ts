import { useEffect, useState } from 'react';
import type { Segment } from '../../imaging/segmentation.ts';
import { loadFrame } from './frame-source.ts';
import { isInSpaceOf, type MaskFrame, type MaskVolume, maskVolumeOf, sliceDistance } from './mask-volume.ts';
import type { ShownSegmentation } from './use-segmentations.ts';

/** A segment that planes are painted with; `id` names it among all segmentations. */
export type ShownMask = { id: string; segment: Segment; volume: MaskVolume };

/** Frames that are fetched at a time, so that the volume itself is not kept waiting. */
const PARALLEL = 3;

/** The segments that lie in a space, as volumes; each appears when all of its frames are there. */
export function useMaskVolumes(segmentations: readonly ShownSegmentation[], frameOfReferenceUid: string | null): readonly ShownMask[] {
  const [masks, setMasks] = useState<readonly ShownMask[]>([]);
  useEffect(() => {
    const controller = new AbortController();
    setMasks([]);
    const load = async (): Promise<void> => {
      for (const segmentation of segmentations) {
        for (const segment of segmentation.segments) {
          const volume = await loadMaskVolume(segmentation, segment, { frameOfReferenceUid, signal: controller.signal });
          if (controller.signal.aborted) return;
          if (volume) setMasks((before) => [...before, { id: `${segmentation.id}/${segment.number}`, segment, volume }]);
        }
      }
    };
    // Without it the planes are still to be read.
    load().catch(() => {});
    return () => controller.abort();
  }, [segmentations, frameOfReferenceUid]);
  return masks;
}

type LoadOptions = { frameOfReferenceUid: string | null; signal: AbortSignal };

async function loadMaskVolume(
  { frames, largest }: ShownSegmentation,
  { number }: Segment,
  { frameOfReferenceUid, signal }: LoadOptions,
): Promise<MaskVolume | undefined> {
  const sources = frames.filter(({ segment }) => segment === number).map(({ source }) => source);
  const loaded: MaskFrame[] = [];
  const waiting = [...sources];
  const work = async (): Promise<void> => {
    for (let source = waiting.shift(); source && !signal.aborted; source = waiting.shift()) {
      const { info, pixels } = await loadFrame(source, signal);
      if (isInSpaceOf(info, frameOfReferenceUid)) loaded.push({ info, values: pixels.values });
      else waiting.length = 0;
    }
  };
  await Promise.all(Array.from({ length: PARALLEL }, work));
  return maskVolumeOf(loaded, { largest, sliceMm: sliceDistance(loaded.map(({ info }) => info)) });
}
