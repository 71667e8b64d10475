import type { Ref } from 'react';
import { type Analysis, getHeatmap } from '../../contract/analysis.ts';
import type { Finding } from '../../contract/findings.ts';
import { getRenderedFrame } from '../../contract/studies.ts';
import { urlOf } from '../api.ts';
import { strings } from '../strings/strings.ts';
import { ProblemNote } from '../ui/ProblemNote.tsx';
import { BoxLayer } from './BoxLayer.tsx';
import type { Overlay } from './overlay.ts';
import { StageNotes } from './StageNotes.tsx';
import type { Frame, Stack } from './stack.ts';
import { useFrame } from './use-frame.ts';
import type { PanZoom } from './use-pan-zoom.ts';

/** Sizes that are asked for, so that neighbours and zooms share pictures. */
const SIZES_PX = [512, 1024, 2048, 4096];
const PREFETCH = 4;

type StageProps = {
  ref: Ref<HTMLElement>;
  stack: Stack;
  index: number;
  window: { center: number; width: number } | null;
  overlay: Overlay;
  heatmapOf: Analysis | undefined;
  findings: readonly Finding[];
  selectedId: string | null;
  onSelect: (id: string) => void;
  panZoom: PanZoom;
};

/** One frame on black, fitted; heat map and boxes lie over it in its own geometry. */
export function Stage({ ref, stack, index, window, overlay, heatmapOf, findings, selectedId, onSelect, panZoom }: StageProps) {
  const { view, size } = panZoom;
  const shownPx = Math.max(size.width, size.height) * globalThis.devicePixelRatio * view.zoom;
  const urlAt = (at: number) => (stack.frames[at] ? frameUrl(stack.frames[at], window, shownPx) : []);
  const around = Array.from({ length: PREFETCH }, (_, step) => [urlAt(index + step + 1), urlAt(index - step - 1)]).flat(2);
  const frame = stack.frames[index];
  const { shown, error } = useFrame([urlAt(index)].flat()[0] ?? '', around);
  if (!frame) return null;

  const columns = frame.instance.columns ?? shown?.picture.width ?? 1;
  const rows = frame.instance.rows ?? shown?.picture.height ?? 1;
  const scale = Math.min(size.width / columns, size.height / rows) * view.zoom;
  const here = findings.filter((finding) => isOn(finding, frame));
  return (
    <section
      ref={ref}
      data-theme="dark"
      // Left and right are the picture's, in every language.
      dir="ltr"
      aria-label={strings.viewer.label}
      className="relative min-h-0 min-w-0 grow touch-none overflow-hidden bg-black text-text select-none"
      {...panZoom.pointer}
    >
      {shown && (
        <div
          className="absolute top-1/2 left-1/2"
          style={{
            width: columns * scale,
            height: rows * scale,
            transform: `translate(calc(-50% + ${view.x}px), calc(-50% + ${view.y}px))`,
          }}
        >
          <img
            src={shown.picture.src}
            alt={`${strings.viewer.slice} ${index + 1}`}
            draggable={false}
            className="absolute inset-0 size-full"
          />
          {overlay.heatmap && heatmapOf && (
            <img
              src={urlOf(getHeatmap, { params: { id: heatmapOf.id } })}
              alt={strings.viewer.heatmap}
              draggable={false}
              className="absolute inset-0 size-full"
              style={{ opacity: overlay.opacity }}
            />
          )}
          {overlay.boxes && (
            <BoxLayer findings={findings} here={here} columns={columns} rows={rows} selectedId={selectedId} onSelect={onSelect} />
          )}
        </div>
      )}
      <StageNotes stack={stack} index={index} window={window} zoom={scale} />
      {error !== null && (
        <div className="absolute inset-x-4 top-1/2 mx-auto max-w-110 -translate-y-1/2">
          <ProblemNote error={error} />
        </div>
      )}
    </section>
  );
}

function frameUrl({ instance, frame }: Frame, window: { center: number; width: number } | null, shownPx: number): string {
  const native = Math.max(instance.columns ?? 0, instance.rows ?? 0);
  const size = SIZES_PX.find((px) => px >= shownPx) ?? 4096;
  return urlOf(getRenderedFrame, {
    params: { sop_instance_uid: instance.sop_instance_uid },
    query: {
      ...(instance.number_of_frames > 1 ? { frame } : {}),
      ...(window ? { window_center: window.center, window_width: window.width } : {}),
      // Never enlarged by the server, so a small picture is asked for whole.
      ...(native > size ? { size } : {}),
    },
  });
}

function isOn(finding: Finding, { instance, frame }: Frame): boolean {
  return finding.sop_instance_uid === instance.sop_instance_uid && (finding.frame ?? 1) === frame;
}
