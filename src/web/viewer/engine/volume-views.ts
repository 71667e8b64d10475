import {
  CONSTANTS,
  Enums,
  getRenderingCapabilities,
  type Types,
  utilities,
  type VolumeViewport,
  type VolumeViewport3D,
} from '@cornerstonejs/core';
import { add, cross, dot, length, normalize, rotate, scale, subtract, type Vector } from '../../../imaging/vector.ts';
import type { PlaneDirection, PlaneName } from '../plane-directions.ts';
import { closeViewport, openEngine } from './engine.ts';
import type { BuiltVolume } from './volumes.ts';

export type SlabMode = 'maximum' | 'average' | 'minimum';
export type VolumePreset = 'bone' | 'soft' | 'lung' | 'maximum';
export type CellPoint = { x: number; y: number };

export type PlaneView = {
  /** Shows the slice through a point, LPS mm. */
  cutAt(point: Vector): void;
  /** Looks at the volume from elsewhere. */
  setDirection(direction: PlaneDirection): void;
  setWindow(window: { center: number; width: number }): void;
  /** Thickness in mm; 0 is one slice. */
  setSlab(thicknessMm: number, mode: SlabMode): void;
  zoomBy(factor: number): void;
  panBy(x: number, y: number): void;
  toCell(point: Vector): CellPoint;
  toPatient(at: CellPoint): Vector;
  resize(): void;
  close(): void;
};

let count = 0;
const ORIENTATIONS: Readonly<Record<PlaneName, Enums.OrientationAxis>> = {
  axial: Enums.OrientationAxis.AXIAL,
  coronal: Enums.OrientationAxis.CORONAL,
  sagittal: Enums.OrientationAxis.SAGITTAL,
};
const BLENDS: Readonly<Record<SlabMode, Enums.BlendModes>> = {
  maximum: Enums.BlendModes.MAXIMUM_INTENSITY_BLEND,
  average: Enums.BlendModes.AVERAGE_INTENSITY_BLEND,
  minimum: Enums.BlendModes.MINIMUM_INTENSITY_BLEND,
};
/** Steps along a ray are this much longer where the processor draws: a picture in seconds instead of a minute. */
const SOFTWARE_STEP = 6;
/** Names of the engine's own transfer functions. */
const PRESETS: Readonly<Record<VolumePreset, string>> = { bone: 'CT-Bones', soft: 'CT-Soft-Tissue', lung: 'CT-Lung', maximum: 'CT-MIP' };

/** Opens one of the three planes of a volume in an element, so far away that all of it is seen. */
export async function openPlaneView(element: HTMLDivElement, volume: BuiltVolume, plane: PlaneName): Promise<PlaneView> {
  const engine = openEngine();
  const viewportId = `plane-${++count}`;
  engine.enableElement({
    viewportId,
    element,
    type: Enums.ViewportType.ORTHOGRAPHIC,
    defaultOptions: { background: [0, 0, 0], orientation: ORIENTATIONS[plane] },
  });
  // The engine's type of a viewport depends on what was enabled above.
  const viewport = engine.getViewport(viewportId) as VolumeViewport;
  await viewport.setVolumes([{ volumeId: volume.volumeId }]);
  const { center, width } = volume.window;
  viewport.setProperties({ voiRange: utilities.windowLevel.toLowHighRange(width, center), invert: volume.isInverted });
  viewport.render();
  const move = (by: Vector): void => {
    const { focalPoint, position } = viewport.getCamera();
    if (!focalPoint || !position) return;
    viewport.setCamera({ focalPoint: pointOf(add(focalPoint, by)), position: pointOf(add(position, by)) });
    viewport.render();
  };
  return {
    cutAt: (point) => {
      const { focalPoint = [0, 0, 0], viewPlaneNormal = [0, 0, 1] } = viewport.getCamera();
      const along = dot(subtract(point, focalPoint), viewPlaneNormal);
      if (Math.abs(along) > 1e-4) move(scale(viewPlaneNormal, along));
    },
    setDirection: ({ normal, up }) => {
      const { focalPoint = [0, 0, 0], position = [0, 0, 1] } = viewport.getCamera();
      const away = scale(normal, length(subtract(position, focalPoint)) || 1);
      viewport.setCamera({ focalPoint, position: pointOf(add(focalPoint, away)), viewPlaneNormal: pointOf(normal), viewUp: pointOf(up) });
      viewport.render();
    },
    setWindow: ({ center, width }) => {
      viewport.setProperties({ voiRange: utilities.windowLevel.toLowHighRange(width, center) });
      viewport.render();
    },
    setSlab: (thicknessMm, mode) => {
      viewport.setBlendMode(thicknessMm > 0 ? BLENDS[mode] : Enums.BlendModes.COMPOSITE);
      if (thicknessMm > 0) viewport.setSlabThickness(thicknessMm);
      else viewport.resetSlabThickness();
      viewport.render();
    },
    zoomBy: (factor) => {
      const { parallelScale = 1 } = viewport.getCamera();
      viewport.setCamera({ parallelScale: parallelScale / factor });
      viewport.render();
    },
    panBy: (x, y) => move(subtract(viewport.canvasToWorld([0, 0]), viewport.canvasToWorld([x, y]))),
    toCell: (point) => {
      const [x, y] = viewport.worldToCanvas(pointOf(point));
      return { x, y };
    },
    toPatient: ({ x, y }) => viewport.canvasToWorld([x, y]),
    resize: () => {
      engine.resize(true, true);
    },
    close: () => closeViewport(engine, viewportId),
  };
}

export type WholeView = {
  setPreset(preset: VolumePreset): void;
  /** Degrees about the vertical and the horizontal of the screen. */
  turn(right: number, down: number): void;
  zoomBy(factor: number): void;
  resize(): void;
  close(): void;
};

/** Opens a volume as a whole, seen from the front. */
export async function openWholeView(element: HTMLDivElement, volume: BuiltVolume): Promise<WholeView> {
  const engine = openEngine();
  const viewportId = `whole-${++count}`;
  engine.enableElement({
    viewportId,
    element,
    type: Enums.ViewportType.VOLUME_3D,
    defaultOptions: { background: [0, 0, 0], orientation: Enums.OrientationAxis.CORONAL },
  });
  // As above.
  const viewport = engine.getViewport(viewportId) as VolumeViewport3D;
  await viewport.setVolumes([{ volumeId: volume.volumeId }]);
  const setPreset = (preset: VolumePreset): void => {
    const name = PRESETS[preset];
    if (!CONSTANTS.VIEWPORT_PRESETS.some((known) => known.name === name)) return;
    viewport.setBlendMode(preset === 'maximum' ? Enums.BlendModes.MAXIMUM_INTENSITY_BLEND : Enums.BlendModes.COMPOSITE);
    viewport.setProperties({ preset: name, sampleDistanceMultiplier: getRenderingCapabilities().softwareRasterizer ? SOFTWARE_STEP : 1 });
    viewport.render();
  };
  return {
    setPreset,
    turn: (right, down) => {
      const { position = [0, 0, 0], focalPoint = [0, 0, 0], viewUp = [0, 0, 1] } = viewport.getCamera();
      const turned = turnedCamera({ position, focalPoint, viewUp }, right, down);
      viewport.setCamera({ position: pointOf(turned.position), focalPoint, viewUp: pointOf(turned.viewUp) });
      viewport.render();
    },
    zoomBy: (factor) => {
      const { parallelScale = 1 } = viewport.getCamera();
      viewport.setCamera({ parallelScale: parallelScale / factor });
      viewport.render();
    },
    resize: () => {
      engine.resize(true, true);
    },
    close: () => closeViewport(engine, viewportId),
  };
}

type Seen = { position: Vector; focalPoint: Vector; viewUp: Vector };

/** A camera moved on the sphere round what it looks at. */
function turnedCamera({ position, focalPoint, viewUp }: Seen, right: number, down: number): Seen {
  const away = subtract(position, focalPoint);
  const up = normalize(viewUp);
  const about = rotate(away, up, (-right * Math.PI) / 180);
  const side = normalize(cross(up, about));
  const over = rotate(about, side, (-down * Math.PI) / 180);
  const distance = length(away);
  return { position: add(focalPoint, scale(normalize(over), distance)), focalPoint, viewUp: normalize(cross(over, side)) };
}

function pointOf([x, y, z]: Vector): Types.Point3 {
  return [x, y, z];
}
