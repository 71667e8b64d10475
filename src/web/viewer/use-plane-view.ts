import { useEffect, useState } from 'react';
import type { PlaneView } from './engine/volume-views.ts';
import type { PlaneName } from './plane-directions.ts';
import type { LoadedVolume } from './use-volume.ts';

/** A plane of a volume in an element, and the element's size. */
export function usePlaneView(element: HTMLDivElement | null, volume: LoadedVolume, plane: PlaneName) {
  const [view, setView] = useState<PlaneView | null>(null);
  const [error, setError] = useState<unknown>(null);
  const [size, setSize] = useState({ width: 0, height: 0 });
  useEffect(() => {
    if (!element) return;
    let opened: PlaneView | null = null;
    let isGone = false;
    const open = async () => {
      const { openPlaneView } = await import('./engine/volume-views.ts');
      if (isGone) return;
      opened = await openPlaneView(element, volume, plane);
      if (isGone) opened.close();
      else setView(opened);
    };
    open().catch(setError);
    const observer = new ResizeObserver(() => {
      opened?.resize();
      setSize({ width: element.clientWidth, height: element.clientHeight });
    });
    observer.observe(element);
    return () => {
      isGone = true;
      observer.disconnect();
      opened?.close();
      setView(null);
    };
  }, [element, volume, plane]);
  return { view, error, size };
}
