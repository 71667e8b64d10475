import { useEffect, useRef, useState } from 'react';
import type { Segment } from '../../imaging/segmentation.ts';
import type { FrameInfo } from './frame-info.ts';
import { type FrameSource, knownInfo } from './frame-source.ts';
import { SegmentLegend, toggled } from './SegmentLegend.tsx';
import { loadMask, type ShownSegmentation, segmentFramesOn } from './use-segmentations.ts';
import { type Placement, pixelOf, planeOf, toCell, worldOf } from './view-geometry.ts';
import type { PixelPoint } from './viewer-surface.ts';

type SegmentLayerProps = {
  segmentations: readonly ShownSegmentation[];
  source: FrameSource;
  info: FrameInfo;
  placement: Placement;
  opacity: number;
};

/** Segments over the frame that they belong to, and the legend of those that are seen here. */
export function SegmentLayer({ segmentations, source, info, placement, opacity }: SegmentLayerProps) {
  const [hidden, setHidden] = useState<ReadonlySet<string>>(new Set());
  const here = segmentations.flatMap((segmentation) =>
    segmentFramesOn(segmentation, source, info).flatMap((frame) => {
      const segment = segmentation.segments.find(({ number }) => number === frame.segment);
      return segment ? [{ segmentation, frame, segment, id: `${segmentation.id}/${segment.number}` }] : [];
    }),
  );
  const legend = [...new Map(here.map(({ id, segment }) => [id, segment]))];
  if (legend.length === 0) return null;
  return (
    <>
      {here
        .filter(({ id }) => !hidden.has(id))
        .map(({ frame, segment, segmentation }) => (
          <Mask
            key={frame.source.key}
            source={frame.source}
            segment={segment}
            largest={segmentation.largest}
            info={info}
            placement={placement}
            opacity={opacity}
          />
        ))}
      <SegmentLegend
        segments={legend}
        hidden={hidden}
        onToggle={(id) => setHidden((before) => toggled(before, id))}
        className="absolute top-9 right-3 items-end"
      />
    </>
  );
}

type MaskProps = { source: FrameSource; segment: Segment; largest: number; info: FrameInfo; placement: Placement; opacity: number };

function Mask({ source, segment, largest, info, placement, opacity }: MaskProps) {
  const canvas = useRef<HTMLCanvasElement>(null);
  const [picture, setPicture] = useState<ImageBitmap | null>(null);
  const { color, label } = segment;
  // biome-ignore lint/correctness/useExhaustiveDependencies: a frame and its color stay the same
  useEffect(() => {
    let isGone = false;
    loadMask(source, { color, largest })
      .then((loaded) => !isGone && setPicture(loaded))
      // Without it the picture is still to be read.
      .catch(() => {});
    return () => {
      isGone = true;
    };
  }, [source.key]);
  useEffect(() => {
    const context = canvas.current?.getContext('2d');
    if (!context || !picture) return;
    context.canvas.width = picture.width;
    context.canvas.height = picture.height;
    context.drawImage(picture, 0, 0);
  }, [picture]);
  const own = knownInfo(source);
  if (!picture || !own) return null;
  return (
    <canvas
      ref={canvas}
      role="img"
      aria-label={label}
      data-segment={segment.number}
      className="pointer-events-none absolute top-0 left-0 origin-top-left [image-rendering:pixelated]"
      style={{ opacity, transform: matrixOf(own, info, placement) }}
    />
  );
}

/** From pixels of the segmentation to the cell, by way of the patient; of one without a place, by its size. */
function matrixOf(own: FrameInfo, info: FrameInfo, placement: Placement): string {
  const place = (point: PixelPoint): { x: number; y: number } => {
    const isPlaced = own.plane && info.plane;
    const on: PixelPoint = isPlaced
      ? pixelOf(planeOf(info), worldOf(planeOf(own), point))
      : [(point[0] * info.columns) / own.columns, (point[1] * info.rows) / own.rows];
    return toCell(placement, on);
  };
  const [origin, across, down] = [place([0, 0]), place([1, 0]), place([0, 1])];
  return `matrix(${across.x - origin.x}, ${across.y - origin.y}, ${down.x - origin.x}, ${down.y - origin.y}, ${origin.x}, ${origin.y})`;
}
