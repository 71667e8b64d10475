import { useState } from 'react';
import { viewerWords as text } from '../strings/viewer/words.ts';
import type { PlaneName, SlabMode } from './engine/volume-views.ts';
import { PlaneCell } from './PlaneCell.tsx';
import type { LoadedVolume } from './use-volume.ts';
import { type Crosshair, centerOf } from './volume-grid.ts';

const PLANES: readonly PlaneName[] = ['axial', 'sagittal', 'coronal'];
const MODES: readonly SlabMode[] = ['maximum', 'average', 'minimum'];
const SLABS_MM = [0, 5, 10, 20, 40] as const;

/** Three planes of a volume through one point. */
export function PlanesLayout({ volume }: { volume: LoadedVolume }) {
  const [point, setPoint] = useState<Crosshair>(() => centerOf(volume.grid));
  const [window, setWindow] = useState(volume.window);
  const [slab, setSlab] = useState<{ mm: number; mode: SlabMode }>({ mm: 0, mode: 'maximum' });
  return (
    <div className="grid min-h-0 min-w-0 grow grid-cols-2 grid-rows-2" data-theme="dark" dir="ltr">
      {PLANES.map((plane) => (
        <PlaneCell
          key={plane}
          plane={plane}
          volume={volume}
          point={point}
          onPoint={setPoint}
          window={window}
          onWindow={setWindow}
          slab={slab}
        />
      ))}
      <form className="flex flex-col gap-4 overflow-auto bg-canvas p-5 text-text" onSubmit={(event) => event.preventDefault()}>
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
        <fieldset className="flex flex-wrap gap-4" disabled={slab.mm === 0} aria-label={text.slab}>
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
        <p className="tabular-nums text-muted">
          C {Math.round(window.center)} W {Math.round(window.width)}
        </p>
        <p className="tabular-nums text-muted">{point.map((value) => value.toFixed(1)).join(' / ')} mm</p>
        <p className="mt-auto text-sm text-muted">{text.notCalibrated}</p>
      </form>
    </div>
  );
}
