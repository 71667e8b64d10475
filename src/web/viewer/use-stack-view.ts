import { useEffect, useRef, useState, useSyncExternalStore } from 'react';
import type { StackSnapshot, StackView } from './engine/stack-view.ts';
import { engineEpoch, whenEpochBegins } from './engine-epoch.ts';
import type { FrameSource } from './frame-source.ts';

type UsedView = { view: StackView | null; snapshot: StackSnapshot | null; failed: unknown };

/** A stack view in an element, kept at the frames and the index; the engine is loaded with the first of them. */
export function useStackView(element: HTMLDivElement | null, frames: readonly FrameSource[], index: number): UsedView {
  const [view, setView] = useState<StackView | null>(null);
  const [failed, setFailed] = useState<unknown>(null);
  const latest = useRef({ frames, index });
  latest.current = { frames, index };
  const epoch = useSyncExternalStore(whenEpochBegins, engineEpoch);
  const before = useRef<{ frames: readonly FrameSource[]; snapshot: StackSnapshot } | null>(null);

  // biome-ignore lint/correctness/useExhaustiveDependencies: with a new engine every view is opened again
  useEffect(() => {
    if (!element) return;
    let opened: StackView | null = null;
    let isGone = false;
    const open = async () => {
      const { openStackView } = await import('./engine/stack-view.ts');
      if (isGone) return;
      opened = openStackView(element);
      setView(opened);
    };
    open().catch(setFailed);
    return () => {
      isGone = true;
      if (opened) before.current = { frames: latest.current.frames, snapshot: opened.snapshot() };
      opened?.close();
      setView(null);
    };
  }, [element, epoch]);

  useEffect(() => {
    if (!view || frames.length === 0) return;
    view.setStack(frames, latest.current.index);
    // What the reader had chosen for these pictures before the engine was started anew.
    const held = before.current?.frames === frames ? before.current.snapshot : null;
    before.current = null;
    if (!held) return;
    view.setView(held.view);
    view.setInverted(held.isInverted);
    view.setWindow(held.window);
  }, [view, frames]);
  useEffect(() => {
    if (view && view.snapshot().wantedIndex !== index) view.goTo(index);
  }, [view, index]);

  const snapshot = useSyncExternalStore(view?.subscribe ?? nothing, () => view?.snapshot() ?? null);
  return { view, snapshot, failed };
}

function nothing(): () => void {
  return () => {};
}
