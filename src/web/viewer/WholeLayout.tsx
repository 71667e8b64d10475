import { type KeyboardEvent, type PointerEvent, useEffect, useRef, useState } from 'react';
import { viewerWords as text } from '../strings/viewer/words.ts';
import { ProblemNote } from '../ui/ProblemNote.tsx';
import type { VolumePreset, WholeView } from './engine/volume-views.ts';
import type { LoadedVolume } from './use-volume.ts';

const PRESETS: readonly VolumePreset[] = ['bone', 'soft', 'lung', 'maximum'];
const DEGREES_PER_PX = 0.5;
const STEP_DEGREES = 15;
const ZOOM = 1.2;
const TURNS: Readonly<Record<string, readonly [right: number, down: number]>> = {
  ArrowLeft: [-STEP_DEGREES, 0],
  ArrowRight: [STEP_DEGREES, 0],
  ArrowUp: [0, -STEP_DEGREES],
  ArrowDown: [0, STEP_DEGREES],
};

/** A volume as a whole: a drag turns it. */
export function WholeLayout({ volume }: { volume: LoadedVolume }) {
  const [host, setHost] = useState<HTMLDivElement | null>(null);
  const [preset, setPreset] = useState<VolumePreset>('bone');
  const { view, error } = useWhole(host, volume);
  const last = useRef<{ x: number; y: number } | null>(null);
  useEffect(() => view?.setPreset(preset), [view, preset]);
  const onPointerMove = (event: PointerEvent) => {
    const from = last.current;
    if (!from || event.buttons === 0) return;
    last.current = { x: event.clientX, y: event.clientY };
    view?.turn((event.clientX - from.x) * DEGREES_PER_PX, (event.clientY - from.y) * DEGREES_PER_PX);
  };
  const onKeyDown = (event: KeyboardEvent) => {
    const turn = TURNS[event.key];
    if (turn) view?.turn(...turn);
    else if (event.key === '+' || event.key === '-') view?.zoomBy(event.key === '+' ? ZOOM : 1 / ZOOM);
    else return;
    event.preventDefault();
    event.stopPropagation();
  };
  return (
    <div className="relative min-h-0 min-w-0 grow bg-black text-text" data-theme="dark" dir="ltr">
      <section
        // biome-ignore lint/a11y/noNoninteractiveTabindex: the volume is turned by keys
        tabIndex={0}
        data-whole={preset}
        data-ready={view !== null}
        aria-label={text.volumeLabel}
        className="absolute inset-0 cursor-grab touch-none outline-offset-[-2px] active:cursor-grabbing"
        onKeyDown={onKeyDown}
        onPointerDown={(event) => {
          event.currentTarget.setPointerCapture(event.pointerId);
          last.current = { x: event.clientX, y: event.clientY };
        }}
        onPointerMove={onPointerMove}
        onWheel={(event) => view?.zoomBy(event.deltaY < 0 ? ZOOM : 1 / ZOOM)}
      >
        <div ref={setHost} className="absolute inset-0" />
      </section>
      <label className="absolute top-3 left-3 flex items-center gap-2">
        <span className="sr-only">{text.volumePreset}</span>
        <select
          className="h-8 rounded-md border border-control bg-raised px-2"
          value={preset}
          onChange={(event) => setPreset(PRESETS.find((name) => name === event.target.value) ?? 'bone')}
        >
          {PRESETS.map((name) => (
            <option key={name} value={name}>
              {text.volumePresets[name]}
            </option>
          ))}
        </select>
      </label>
      <p className="pointer-events-none absolute right-3 bottom-2 text-sm text-muted">{text.notCalibrated}</p>
      {error !== null && (
        <div className="absolute inset-x-4 top-14">
          <ProblemNote error={error} />
        </div>
      )}
    </div>
  );
}

function useWhole(element: HTMLDivElement | null, volume: LoadedVolume) {
  const [view, setView] = useState<WholeView | null>(null);
  const [error, setError] = useState<unknown>(null);
  useEffect(() => {
    if (!element) return;
    let opened: WholeView | null = null;
    let isGone = false;
    const open = async () => {
      const { openWholeView } = await import('./engine/volume-views.ts');
      if (isGone) return;
      opened = await openWholeView(element, volume);
      if (isGone) opened.close();
      else setView(opened);
    };
    open().catch(setError);
    const observer = new ResizeObserver(() => opened?.resize());
    observer.observe(element);
    return () => {
      isGone = true;
      observer.disconnect();
      opened?.close();
      setView(null);
    };
  }, [element, volume]);
  return { view, error };
}
