import { useEffect, useRef, useState, useSyncExternalStore } from 'react';
import type { StackSnapshot, StackView } from './engine/stack-view.ts';
import type { FrameSource } from './frame-source.ts';

type UsedView = { view: StackView | null; snapshot: StackSnapshot | null; failed: unknown };

/** A stack view in an element, kept at the frames and the index; the engine is loaded with the first of them. */
export function useStackView(element: HTMLDivElement | null, frames: readonly FrameSource[], index: number): UsedView {
  const [view, setView] = useState<StackView | null>(null);
  const [failed, setFailed] = useState<unknown>(null);
  const latest = useRef({ frames, index });
  latest.current = { frames, index };

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
      opened?.close();
      setView(null);
    };
  }, [element]);

  useEffect(() => {
    if (frames.length > 0) view?.setStack(frames, latest.current.index);
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
