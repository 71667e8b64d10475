import { Layers } from 'lucide-react';
import { viewerWords as text } from '../strings/viewer/words.ts';
import type { Overlay } from './overlay.ts';
import { ToolbarPopover } from './ToolbarPopover.tsx';

type OverlaySettingsProps = { overlay: Overlay; onOverlay: (overlay: Overlay) => void };
const SWITCHES = ['boxes', 'heatmap', 'segments', 'referenceLines'] as const;

/** What lies over the picture, how strongly, and from which strength on. */
export function OverlaySettings({ overlay, onOverlay }: OverlaySettingsProps) {
  return (
    <ToolbarPopover icon={Layers} label={text.overlays}>
      {SWITCHES.map((name) => (
        <label key={name} className="flex items-center gap-2">
          <input
            type="checkbox"
            className="size-4 accent-strong"
            checked={overlay[name]}
            onChange={(event) => onOverlay({ ...overlay, [name]: event.target.checked })}
          />
          {text[name]}
        </label>
      ))}
      {(['opacity', 'threshold'] as const).map((name) => (
        <label key={name} className="flex items-center gap-3">
          <span className="w-20 shrink-0 text-muted">{text[name]}</span>
          <input
            type="range"
            className="range min-w-0 grow"
            min={0}
            max={1}
            step={0.05}
            value={overlay[name]}
            onChange={(event) => onOverlay({ ...overlay, [name]: event.target.valueAsNumber })}
          />
          <span className="w-10 text-end tabular-nums">{Math.round(overlay[name] * 100)} %</span>
        </label>
      ))}
      <p className="text-sm text-muted">{text.researchUse}</p>
    </ToolbarPopover>
  );
}
