import { Enums, type StackViewport, type Types, utilities } from '@cornerstonejs/core';
import { byteBudget } from '../byte-budget.ts';
import type { FrameInfo } from '../frame-info.ts';
import { isCancelled } from '../frame-queue.ts';
import { type FrameSource, knownInfo } from '../frame-source.ts';
import type { FrameValues } from '../readings.ts';
import { type Camera, type CellSize, cameraOf, FITTED, type Placement, placementOf, type View } from '../view-geometry.ts';
import { closeViewport, drawsVolumes, fetchFrame, heldValues, imageIdsOf, isLoaded, keepWanted, leaveQueue, openEngine } from './engine.ts';

/** Frames that are fetched ahead of the reader, and behind. */
const AHEAD = 12;
const BEHIND = 4;

export type GrayWindow = { center: number; width: number };
/** What a stack view shows now; a new object at every change. */
export type StackSnapshot = {
  wantedIndex: number;
  /** What is on the screen: the frame asked for may still be on its way. */
  shownIndex: number | null;
  info: FrameInfo | null;
  placement: Placement | null;
  view: View;
  /** In modality units; null for color. */
  window: GrayWindow | null;
  isInverted: boolean;
  error: unknown;
};

export type StackView = {
  snapshot(): StackSnapshot;
  subscribe(listener: () => void): () => void;
  setStack(frames: readonly FrameSource[], index: number): void;
  goTo(index: number): void;
  /** Asks again for a frame that could not be loaded. */
  retry(): void;
  /** Null: as each frame asks for it. */
  setWindow(window: GrayWindow | null): void;
  setInverted(inverted: boolean): void;
  setView(view: View): void;
  size(): CellSize;
  /** Values of the frame that is shown. */
  values(): FrameValues | null;
  /** What is drawn, for the magnifier and the tests. */
  canvas(): HTMLCanvasElement;
  close(): void;
};

let count = 0;
const NOTHING_SHOWN: StackSnapshot = {
  wantedIndex: 0,
  shownIndex: null,
  info: null,
  placement: null,
  view: FITTED,
  window: null,
  isInverted: false,
  error: null,
};

/** Starts the engine before there is anything to draw. */
export function warmUp(): void {
  openEngine();
}

/** Opens a stack in an element, which must have a size. */
export function openStackView(element: HTMLDivElement): StackView {
  const engine = openEngine();
  const viewId = `stack-${++count}`;
  engine.enableElement({
    viewportId: viewId,
    element,
    type: Enums.ViewportType.STACK,
    defaultOptions: { background: [0, 0, 0] },
  });
  // The engine's type of a viewport depends on what was enabled above.
  const viewport = engine.getViewport(viewId) as StackViewport;
  const listeners = new Set<() => void>();
  let frames: readonly FrameSource[] = [];
  let chosenWindow: GrayWindow | null = null;
  let [ticket, shownTicket, direction] = [0, 0, 1];
  let state = NOTHING_SHOWN;
  const size = (): CellSize => ({ width: element.clientWidth, height: element.clientHeight });
  const change = (part: Partial<StackSnapshot>): void => {
    state = { ...state, ...part };
    for (const listener of listeners) listener();
  };
  const draw = (): void => {
    const { info, view } = state;
    if (!info || size().height === 0) return;
    applyCamera(viewport, cameraOf(info, size(), view), view);
    const window = applyWindow(viewport, chosenWindow, state.isInverted);
    viewport.render();
    change({ placement: placementOf(info, size(), view), window });
  };
  const show = async (index: number, mine: number): Promise<void> => {
    const source = frames[index];
    if (!source || mine < shownTicket) return;
    shownTicket = mine;
    const isFirst = state.shownIndex === null;
    const imageIds = imageIdsOf(frames);
    if (isFirst) await viewport.setStack(imageIds, index);
    else await viewport.setImageIdIndex(index);
    if (mine !== shownTicket) return;
    change({ shownIndex: index, info: knownInfo(source) ?? null, error: null });
    draw();
  };
  const goTo = (index: number): void => {
    const wantedIndex = Math.max(0, Math.min(frames.length - 1, index));
    if (wantedIndex !== state.wantedIndex) direction = wantedIndex > state.wantedIndex ? 1 : -1;
    const mine = ++ticket;
    change({ wantedIndex });
    const around = framesAround(frames, wantedIndex, direction);
    keepWanted(viewId, around);
    const [wanted, ...others] = around;
    if (!wanted) return;
    void fetchFrame(wanted, 0)
      .then(() => show(wantedIndex, mine))
      .catch((error: unknown) => {
        if (!isCancelled(error) && mine === ticket) change({ error });
      })
      .then(() => {
        for (const [rank, source] of others.entries()) if (!isLoaded(source)) fetchFrame(source, rank + 1).catch(() => {});
      });
  };
  const resized = new ResizeObserver(() => {
    if (size().height === 0) return;
    engine.resize(true, true);
    draw();
  });
  resized.observe(element);

  return {
    snapshot: () => state,
    subscribe: (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    setStack: (next, index) => {
      frames = next;
      chosenWindow = null;
      shownTicket = ++ticket;
      change({ ...NOTHING_SHOWN, wantedIndex: index });
      goTo(index);
    },
    goTo,
    retry: () => {
      change({ error: null });
      goTo(state.wantedIndex);
    },
    setWindow: (window) => {
      chosenWindow = window;
      draw();
    },
    setInverted: (isInverted) => {
      change({ isInverted });
      draw();
    },
    setView: (view) => {
      change({ view });
      draw();
    },
    size,
    values: () => {
      const source = state.shownIndex === null ? undefined : frames[state.shownIndex];
      return (source && heldValues(source)) ?? null;
    },
    canvas: () => viewport.canvas,
    close: () => {
      resized.disconnect();
      leaveQueue(viewId);
      listeners.clear();
      closeViewport(engine, viewId);
    },
  };
}

/** The frame itself, then those that the reader is likely to see next; fewer where the memory would not hold them. */
function framesAround(frames: readonly FrameSource[], index: number, direction: number): FrameSource[] {
  const wanted = frames[index];
  const info = wanted && knownInfo(wanted);
  const bytes = (info?.rows ?? 512) * (info?.columns ?? 512) * BYTES_PER_PIXEL;
  const room = Math.max(2, Math.floor(byteBudget() / 2 / bytes));
  const ahead = Array.from({ length: AHEAD }, (_, step) => index + direction * (step + 1));
  const behind = Array.from({ length: BEHIND }, (_, step) => index - direction * (step + 1));
  return [index, ...ahead, ...behind]
    .slice(0, room)
    .map((at) => frames[at])
    .filter((source) => source !== undefined);
}

const BYTES_PER_PIXEL = 2;

function applyCamera(viewport: StackViewport, camera: Camera, view: View): void {
  const { focalPoint, viewUp, viewPlaneNormal, parallelScale } = camera;
  if (!drawsVolumes()) {
    // Drawn without a graphics processor, a camera has no direction: turning and flipping are asked for by name.
    viewport.setViewPresentation({ rotation: ((view.rotation % 360) + 360) % 360, flipHorizontal: view.isFlipped });
    viewport.setCamera({ focalPoint: [...focalPoint], parallelScale });
    return;
  }
  const before = viewport.getCamera();
  const distance =
    before.position && before.focalPoint
      ? Math.hypot(...before.position.map((value, axis) => value - (before.focalPoint?.[axis] ?? 0)))
      : 1;
  const position = focalPoint.map((value, axis) => value + (viewPlaneNormal[axis] ?? 0) * (distance || 1)) as Types.Point3;
  viewport.setCamera({ focalPoint: [...focalPoint], position, viewUp: [...viewUp], viewPlaneNormal: [...viewPlaneNormal], parallelScale });
}

/** Applies the chosen window, else that of the frame; gives back which it is. */
function applyWindow(viewport: StackViewport, chosen: GrayWindow | null, isInverted: boolean): GrayWindow | null {
  const image = viewport.getCornerstoneImage();
  const own = { center: Number(image.windowCenter), width: Number(image.windowWidth) };
  const { center, width } = image.color ? own : (chosen ?? own);
  const voi = chosen || image.color ? Enums.VOILUTFunctionType.LINEAR : image.voiLUTFunction;
  viewport.setProperties({
    ...(drawsVolumes() ? { VOILUTFunction: voi } : {}),
    voiRange: utilities.windowLevel.toLowHighRange(width, center, voi),
    invert: image.invert !== isInverted,
  });
  return image.color ? null : { center, width };
}
