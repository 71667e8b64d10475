import { useEffect, useMemo, useState, useSyncExternalStore } from 'react';
import { dot, scale, subtract } from '../../imaging/vector.ts';
import { viewerWords as text } from '../strings/viewer/words.ts';
import { Button } from '../ui/Button.tsx';
import { isAnnotationKind } from './annotation-geometry.ts';
import type { Space } from './drawn-on.ts';
import type { SlabMode } from './engine/volume-views.ts';
import { type FrameSource, knownInfo } from './frame-source.ts';
import { PlaneCell, type PlaneState } from './PlaneCell.tsx';
import { isStraight, PLANE_NAMES, STRAIGHT, turnedAbout, turnedToHold } from './plane-directions.ts';
import { ucumOf } from './readings.ts';
import { SegmentLegend, toggled } from './SegmentLegend.tsx';
import { useMaskVolumes } from './use-mask-volumes.ts';
import type { LoadedVolume } from './use-volume.ts';
import type { Annotation, FrameReference } from './viewer-surface.ts';
import { type Crosshair, centerOf, moved, sampledAt } from './volume-grid.ts';
import type { VolumeReading } from './volume-reading.ts';

const MODES: readonly SlabMode[] = ['maximum', 'average', 'minimum'];
const SLABS_MM = [0, 5, 10, 20, 40] as const;

/** Three planes of a volume through one point. */
export function PlanesLayout({ volume, reading }: { volume: LoadedVolume; reading: VolumeReading }) {
  const { sources, tool, surface, overlay, segmentations, preset } = reading;
  const [point, setPoint] = useState<Crosshair>(() => centerOf(volume.grid));
  const [directions, setDirections] = useState(STRAIGHT);
  const [window, setWindow] = useState(volume.window);
  const [slab, setSlab] = useState<{ mm: number; mode: SlabMode }>({ mm: 0, mode: 'maximum' });
  const [hidden, setHidden] = useState<ReadonlySet<string>>(new Set());
  const masks = useMaskVolumes(segmentations, volume.info.frameOfReferenceUid);
  const space = useMemo(() => spaceOf(volume, sources), [volume, sources]);
  useEffect(() => {
    if (preset) setWindow(preset.window ?? volume.window);
  }, [preset, volume]);
  const selected = useSelected(surface.annotations);
  // biome-ignore lint/correctness/useExhaustiveDependencies: gone to when it is chosen, not at each of its changes
  useEffect(() => {
    const points = selected?.patientPoints;
    const [first] = points ?? [];
    if (!points || !first || selected.frameOfReferenceUid !== volume.info.frameOfReferenceUid) return;
    const isSeen = PLANE_NAMES.some((name) =>
      points.every((one) => Math.abs(dot(subtract(one, point), directions[name].normal)) <= volume.grid.spacingMm[2] / 2),
    );
    if (isSeen) return;
    setDirections(turnedToHold(directions, points));
    setPoint(moved(middleOf(points), [0, 0, 1], 0, volume.grid));
  }, [selected?.id]);
  // A ratio of widths is measured on a radiograph.
  const kind = isAnnotationKind(tool) && tool !== 'cardiothoracic' ? tool : null;
  const state: PlaneState = {
    volume,
    space,
    patient: reading.patient,
    point,
    onPoint: setPoint,
    directions,
    onTurn: (plane, degrees) => setDirections((before) => turnedAbout(before, plane, degrees)),
    window,
    onWindow: setWindow,
    slab,
    tool,
    kind,
    annotations: surface.annotations,
    emit: surface.emit,
    masks: overlay.segments ? masks.filter(({ id }) => !hidden.has(id)) : [],
    opacity: overlay.opacity,
  };
  return (
    <div
      className="grid min-h-0 min-w-0 grow grid-cols-2 grid-rows-2 max-sm:grid-cols-1 max-sm:grid-rows-[repeat(3,minmax(16rem,1fr))_auto] max-sm:overflow-y-auto"
      data-theme="dark"
      dir="ltr"
    >
      {PLANE_NAMES.map((plane) => (
        <PlaneCell key={plane} plane={plane} state={state} />
      ))}
      <form className="flex flex-col gap-4 overflow-auto bg-canvas p-5 text-text" dir="auto" onSubmit={(event) => event.preventDefault()}>
        <label className="flex max-w-60 flex-col gap-1">
          <span className="text-muted">{text.slab}</span>
          <select
            className="h-8 rounded-md border border-control bg-raised px-2"
            value={slab.mm}
            onChange={(event) => setSlab({ ...slab, mm: Number(event.target.value) })}
          >
            {SLABS_MM.map((mm) => (
              <option key={mm} value={mm}>
                {mm === 0 ? text.slabOff : `${mm} mm`}
              </option>
            ))}
          </select>
        </label>
        <fieldset className="flex flex-wrap gap-4 disabled:text-faint" disabled={slab.mm === 0} aria-label={text.slab}>
          {MODES.map((mode) => (
            <label key={mode} className="flex items-center gap-2">
              <input
                type="radio"
                name="slab"
                className="size-4 accent-strong"
                checked={slab.mode === mode}
                onChange={() => setSlab({ ...slab, mode })}
              />
              {text.slabModes[mode]}
            </label>
          ))}
        </fieldset>
        <span>
          <Button disabled={isStraight(directions)} onClick={() => setDirections(STRAIGHT)}>
            {text.straighten}
          </Button>
        </span>
        {masks.length > 0 && overlay.segments && (
          <SegmentLegend
            segments={masks.map(({ id, segment }) => [id, segment])}
            hidden={hidden}
            onToggle={(id) => setHidden((before) => toggled(before, id))}
            className="items-start"
          />
        )}
        <p className="tabular-nums text-muted" dir="ltr">
          C {Math.round(window.center)} W {Math.round(window.width)}
        </p>
        <p className="tabular-nums text-muted" dir="ltr" data-point>
          {point.map((value) => value.toFixed(1)).join(' / ')} mm
        </p>
        <p className="mt-auto text-sm text-muted">{text.notCalibrated}</p>
        {masks.some(({ segment }) => segment.isByModel) && <p className="text-sm text-ai">{text.researchUse}</p>}
      </form>
    </div>
  );
}

function useSelected(store: VolumeReading['surface']['annotations']): Annotation | undefined {
  const id = useSyncExternalStore(store.subscribe, store.selectedId);
  return store.all().find((annotation) => annotation.id === id);
}

/** Null where the series names no frame of reference, without which a point belongs to nobody. */
function spaceOf(volume: LoadedVolume, sources: readonly FrameSource[]): Space | null {
  const { frameOfReferenceUid, unit } = volume.info;
  const { normal, spacingMm } = volume.grid;
  const placed = sources.flatMap((source) => {
    const position = knownInfo(source)?.plane?.position;
    return position ? [{ reference: source.reference, along: dot(position, normal) }] : [];
  });
  const [first] = placed;
  if (!frameOfReferenceUid || !first) return null;
  const nearest = (at: Crosshair): FrameReference => {
    const along = dot(at, normal);
    return placed.reduce((best, one) => (Math.abs(one.along - along) < Math.abs(best.along - along) ? one : best), first).reference;
  };
  return { frameOfReferenceUid, nearest, valueAt: (at) => sampledAt(volume, at), unit: ucumOf(unit), stepMm: Math.min(...spacingMm) };
}

function middleOf(points: readonly Crosshair[]): Crosshair {
  const sum = points.reduce((total, one): Crosshair => [total[0] + one[0], total[1] + one[1], total[2] + one[2]], [0, 0, 0]);
  return scale(sum, 1 / points.length);
}
