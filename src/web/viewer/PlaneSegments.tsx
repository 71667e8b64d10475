import { useEffect, useRef } from 'react';
import { scale } from '../../imaging/vector.ts';
import { viewerWords as text } from '../strings/viewer/words.ts';
import type { FrameInfo } from './frame-info.ts';
import { paintMask } from './mask-volume.ts';
import type { ShownMask } from './use-mask-volumes.ts';
import { type Placement, planeOf, toPixel, worldOf } from './view-geometry.ts';

type PlaneSegmentsProps = {
  masks: readonly ShownMask[];
  /** The plane, and how it lies in the cell. */
  info: FrameInfo;
  placement: Placement;
  size: { width: number; height: number };
  opacity: number;
};

/** Segments where the plane cuts through them, however it lies. */
export function PlaneSegments({ masks, info, placement, size, opacity }: PlaneSegmentsProps) {
  const canvas = useRef<HTMLCanvasElement>(null);
  const { width, height } = size;
  const drawn = JSON.stringify([info.plane, placement, size]);
  // biome-ignore lint/correctness/useExhaustiveDependencies: plane and placement are new objects each time, and compared by what they say
  useEffect(() => {
    const context = canvas.current?.getContext('2d');
    if (!context || width === 0 || height === 0) return;
    const plane = planeOf(info);
    const perPixel = 1 / Math.hypot(placement.a, placement.b);
    const first = worldOf(plane, toPixel(placement, { x: 0.5, y: 0.5 }));
    const raster = { width, height, first, right: scale(plane.rows, perPixel), down: scale(plane.columns, perPixel) };
    const picture = new ImageData(width, height);
    for (const { volume, segment } of masks) paintMask(picture.data, raster, volume, segment.color);
    context.canvas.width = width;
    context.canvas.height = height;
    context.putImageData(picture, 0, 0);
  }, [masks, drawn]);
  return (
    <canvas
      ref={canvas}
      role="img"
      aria-label={`${text.segments}: ${masks.map(({ segment }) => segment.label).join(', ')}`}
      data-segments={masks.length}
      className="pointer-events-none absolute inset-0"
      style={{ opacity }}
    />
  );
}
