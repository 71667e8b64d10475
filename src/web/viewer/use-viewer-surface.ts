import { type Dispatch, type SetStateAction, useEffect, useRef, useState } from 'react';
import { type AnnotationStore, createAnnotationStore } from './annotation-store.ts';
import { type Arrangement, stackOf, wentTo, withLayout, withStack } from './cells.ts';
import type { GrayWindow, StackSnapshot, StackView } from './engine/stack-view.ts';
import type { FrameSource } from './frame-source.ts';
import type { Stack } from './stack.ts';
import type { Annotation, ToolName, ViewerEvent, ViewerSurface } from './viewer-surface.ts';

type SurfaceOptions = {
  stacks: readonly Stack[];
  sources: readonly (readonly FrameSource[])[];
  arrangement: Arrangement;
  setArrangement: Dispatch<SetStateAction<Arrangement>>;
  setTool: (tool: ToolName) => void;
  viewOf: (cell: number) => StackView | null;
  onSurface?: (surface: ViewerSurface | null) => void;
};
export type HeldSurface = {
  annotations: AnnotationStore;
  emit: (event: ViewerEvent) => void;
  /** A cell tells what it shows. */
  shown: (cell: number, snapshot: StackSnapshot, frames: readonly FrameSource[]) => void;
};

/** The viewer as others may use it; one object for as long as the viewer is there. */
export function useViewerSurface(options: SurfaceOptions): HeldSurface {
  const latest = useRef(options);
  latest.current = options;
  const [annotations] = useState(createAnnotationStore);
  const [listeners] = useState(() => new Set<(event: ViewerEvent) => void>());
  const shownKeys = useRef<string[]>([]);
  const shownFrames = useRef<(readonly FrameSource[])[]>([]);
  const [windows] = useState(() => new Map<number, GrayWindow | null>());
  // A window waits until its cell shows the series for which it was asked: another series begins with its own.
  const applyWindows = (): void => {
    for (const [cell, window] of windows) {
      const stack = latest.current.arrangement.cells[cell]?.stack;
      const isShown = stack != null && shownFrames.current[cell] === latest.current.sources[stack];
      const view = isShown ? latest.current.viewOf(cell) : null;
      if (view?.snapshot().shownIndex == null) continue;
      windows.delete(cell);
      view.setWindow(window);
    }
  };
  useEffect(applyWindows);
  const emit = (event: ViewerEvent): void => {
    for (const listener of listeners) listener(event);
  };

  useEffect(() => {
    const { onSurface } = latest.current;
    onSurface?.(surfaceOf(latest, annotations, { listeners, windows }));
    return () => onSurface?.(null);
  }, [annotations, listeners, windows]);
  const { layout } = options.arrangement;
  // biome-ignore lint/correctness/useExhaustiveDependencies: told when the layout changes
  useEffect(() => emit({ type: 'layout_changed', layout }), [layout]);

  return {
    annotations,
    emit,
    shown: (cell, snapshot, frames) => {
      const source = snapshot.shownIndex === null ? undefined : frames[snapshot.shownIndex];
      if (source) shownFrames.current[cell] = frames;
      applyWindows();
      if (!source || shownKeys.current[cell] === source.key) return;
      shownKeys.current[cell] = source.key;
      emit({ type: 'frame_shown', cell, frame: source.reference });
    },
  };
}

function surfaceOf(
  latest: { current: SurfaceOptions },
  annotations: AnnotationStore,
  { listeners, windows }: { listeners: Set<(event: ViewerEvent) => void>; windows: Map<number, GrayWindow | null> },
): ViewerSurface {
  const goTo: ViewerSurface['goTo'] = (frame) => latest.current.setArrangement((before) => wentTo(before, frame, latest.current.sources));
  const isKnown = ({ on }: Pick<Annotation, 'on'>): boolean =>
    latest.current.sources.some((frames) => frames.some(({ key }) => key === `${on.sop_instance_uid}/${on.frame}`));
  return {
    layout: () => latest.current.arrangement.layout,
    setLayout: (layout) => latest.current.setArrangement((before) => withLayout(before, layout, latest.current.stacks)),
    cells: () =>
      latest.current.arrangement.cells.map(({ stack, index }) => {
        const shown = stack === null ? undefined : latest.current.stacks[stack];
        const series = shown && { study_instance_uid: shown.study_instance_uid, series_instance_uid: shown.series.series_instance_uid };
        return { series: series ?? null, index };
      }),
    showSeries: (cell, series, index) => {
      const stack = stackOf(latest.current.stacks, series);
      if (stack < 0) return;
      latest.current.setArrangement((before) =>
        withStack(before, cell, { stack, ...(index === undefined ? {} : { index }) }, latest.current.stacks),
      );
    },
    setWindow: (cell, window) => {
      windows.set(cell, window);
      // Applied once what was asked for before is arranged.
      latest.current.setArrangement((before) => ({ ...before }));
    },
    goTo,
    setLinked: (isLinked) => latest.current.setArrangement((before) => ({ ...before, isLinked })),
    setTool: (tool) => latest.current.setTool(tool),
    annotations: () => annotations.all(),
    putAnnotations: (items) => {
      for (const item of items.filter(isKnown)) annotations.put({ isLocked: false, readings: [], ...item });
    },
    removeAnnotation: (id) => annotations.remove(id),
    selectAnnotation: (id) => {
      annotations.select(id);
      const found = annotations.all().find((item) => item.id === id);
      if (found) goTo(found.on);
    },
    subscribe: (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
}
