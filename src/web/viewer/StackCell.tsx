import { useEffect, useState } from 'react';
import type { Analysis } from '../../contract/analysis.ts';
import type { Box, Finding } from '../../contract/findings.ts';
import { strings } from '../strings/strings.ts';
import { viewerWords as text } from '../strings/viewer/words.ts';
import { Button } from '../ui/Button.tsx';
import { cx } from '../ui/cx.ts';
import { ProblemNote } from '../ui/ProblemNote.tsx';
import { AnnotationLayer } from './AnnotationLayer.tsx';
import { isAnnotationKind } from './annotation-geometry.ts';
import { BoxLayer } from './BoxLayer.tsx';
import { CellNotes } from './CellNotes.tsx';
import type { StackSnapshot, StackView } from './engine/stack-view.ts';
import type { FrameInfo } from './frame-info.ts';
import type { FrameSource } from './frame-source.ts';
import { HeatmapLayer } from './HeatmapLayer.tsx';
import { Lens } from './Lens.tsx';
import type { Overlay } from './overlay.ts';
import { ReferenceLines } from './ReferenceLines.tsx';
import { SegmentLayer } from './SegmentLayer.tsx';
import { useSeriesDrop } from './series-drag.ts';
import type { Frame, Stack } from './stack.ts';
import { useCellPointer } from './use-cell-pointer.ts';
import type { ShownSegmentation } from './use-segmentations.ts';
import { useStackView } from './use-stack-view.ts';
import type { HeldSurface } from './use-viewer-surface.ts';
import type { PixelPoint, ToolName } from './viewer-surface.ts';

export type ReadingAids = {
  findings: readonly Finding[];
  selectedId: string | null;
  onSelect: (id: string) => void;
  analyses: readonly Analysis[];
  /** Name and id, for the corner. */
  patient: string;
};
type StackCellProps = {
  number: number;
  stack: Stack;
  sources: readonly FrameSource[];
  index: number;
  isActive: boolean;
  isAlone: boolean;
  tool: ToolName;
  surface: HeldSurface;
  overlay: Overlay;
  segmentations: readonly ShownSegmentation[];
  /** Frames in the other cells, for reference lines. */
  others: readonly FrameInfo[];
  aids: ReadingAids;
  onActivate: () => void;
  onScroll: (slices: number) => void;
  onDropSeries: (stack: number) => void;
  /** The view once it is open, and null when it goes; then at each change of what it shows. */
  onView: (view: StackView | null) => void;
  onShown: (snapshot: StackSnapshot) => void;
};

/** One stack with all that lies over it. */
export function StackCell(props: StackCellProps) {
  const { number, stack, sources, index, isActive, isAlone, tool, overlay, aids, onActivate, onScroll, onView, onShown } = props;
  const [host, setHost] = useState<HTMLDivElement | null>(null);
  const [cell, setCell] = useState<HTMLElement | null>(null);
  const { view, snapshot, failed } = useStackView(host, sources, index);
  const frame = snapshot?.shownIndex == null ? undefined : stack.frames[snapshot.shownIndex];
  const source = snapshot?.shownIndex == null ? undefined : sources[snapshot.shownIndex];
  const here = frame ? aids.findings.filter((finding) => isOn(finding, frame)) : [];
  const onClick = (point: PixelPoint) => {
    const hit = here.find(({ box }) => box && isIn(box, point));
    if (hit) aids.onSelect(hit.id);
  };
  const { lens, handlers } = useCellPointer({ element: cell, view, tool, onScroll, onClick, onActivate });
  const drop = useSeriesDrop(props.onDropSeries);
  // biome-ignore lint/correctness/useExhaustiveDependencies: told when the view comes and goes, not when the listener is made anew
  useEffect(() => {
    onView(view);
    return () => onView(null);
  }, [view]);
  // biome-ignore lint/correctness/useExhaustiveDependencies: as above
  useEffect(() => {
    if (snapshot) onShown(snapshot);
  }, [snapshot]);

  const placement = snapshot?.placement;
  const run = aids.analyses.find((item) => item.has_heatmap && item.sop_instance_uid === frame?.instance.sop_instance_uid);
  const error = failed ?? snapshot?.error;
  return (
    <section
      ref={setCell}
      data-theme="dark"
      data-cell={number}
      // Left and right are the picture's, in every language.
      dir="ltr"
      aria-label={isAlone ? text.stage : text.cell(number)}
      aria-current={!isAlone && isActive}
      className={cx(
        'relative min-h-0 min-w-0 touch-none overflow-hidden bg-black text-text select-none',
        // Over the canvas, which lies above an outline of the cell itself.
        !isAlone && "after:pointer-events-none after:absolute after:inset-0 after:border after:content-['']",
        !isAlone && (isActive ? 'after:border-strong' : 'after:border-line'),
      )}
      onContextMenu={(event) => event.preventDefault()}
      {...handlers}
      {...drop}
    >
      <div
        ref={setHost}
        role="img"
        aria-label={`${text.slice} ${(snapshot?.shownIndex ?? index) + 1}`}
        data-shown={snapshot?.shownIndex == null ? undefined : snapshot.shownIndex + 1}
        className="absolute inset-0"
      />
      {placement && frame && snapshot?.info && overlay.heatmap && run && (
        <HeatmapLayer
          run={run}
          placement={placement}
          columns={snapshot.info.columns}
          rows={snapshot.info.rows}
          opacity={overlay.opacity}
          threshold={overlay.threshold}
        />
      )}
      {placement && source && snapshot?.info && overlay.segments && (
        <SegmentLayer
          segmentations={props.segmentations}
          source={source}
          info={snapshot.info}
          placement={placement}
          opacity={overlay.opacity}
        />
      )}
      {placement && snapshot?.info && overlay.referenceLines && (
        <ReferenceLines info={snapshot.info} placement={placement} others={props.others} />
      )}
      {placement && overlay.boxes && (
        <BoxLayer findings={aids.findings} here={here} placement={placement} selectedId={aids.selectedId} onSelect={aids.onSelect} />
      )}
      {placement && source && snapshot?.info && view && (
        <AnnotationLayer
          frame={{ on: source.reference, info: snapshot.info, placement, values: view.values }}
          kind={isAnnotationKind(tool) ? tool : null}
          store={props.surface.annotations}
          emit={props.surface.emit}
          size={view.size()}
        />
      )}
      {snapshot && (
        <CellNotes
          stack={stack}
          snapshot={snapshot}
          patient={aids.patient}
          isAi={run !== undefined || here.some((finding) => finding.source === 'model') || props.segmentations.some(isByModel)}
        />
      )}
      {lens && view && <Lens view={view} at={lens} />}
      {error != null && (
        <div className="absolute inset-x-4 top-1/2 mx-auto max-w-110 -translate-y-1/2">
          <ProblemNote error={error} action={view && <Button onClick={view.retry}>{strings.common.retry}</Button>} />
        </div>
      )}
    </section>
  );
}

function isByModel({ segments }: ShownSegmentation): boolean {
  return segments.some((segment) => segment.isByModel);
}

function isOn(finding: Finding, { instance, frame }: Frame): boolean {
  return finding.sop_instance_uid === instance.sop_instance_uid && (finding.frame ?? 1) === frame;
}

function isIn({ x, y, width, height }: Box, [column, row]: PixelPoint): boolean {
  return column >= x && column <= x + width && row >= y && row <= y + height;
}
