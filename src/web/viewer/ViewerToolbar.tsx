import { Flame, Maximize, SquareDashed, ZoomIn, ZoomOut } from 'lucide-react';
import { strings } from '../strings/strings.ts';
import { IconButton } from '../ui/Button.tsx';
import { cx } from '../ui/cx.ts';
import type { Overlay } from './overlay.ts';
import { ShortcutsButton } from './ShortcutsButton.tsx';
import type { PanZoom } from './use-pan-zoom.ts';
import { WINDOW_PRESETS } from './window-presets.ts';

const text = strings.viewer;

type ViewerToolbarProps = {
  preset: number;
  onPreset: (index: number) => void;
  /** The presets are in Hounsfield units: they mean nothing outside of CT. */
  presetsApply: boolean;
  overlay: Overlay;
  onOverlay: (overlay: Overlay) => void;
  hasHeatmap: boolean;
  panZoom: PanZoom;
};

export function ViewerToolbar({ preset, onPreset, presetsApply, overlay, onOverlay, hasHeatmap, panZoom }: ViewerToolbarProps) {
  return (
    <div className="flex min-h-10 shrink-0 flex-wrap items-center gap-1 border-b border-line bg-surface px-2 py-1">
      {presetsApply && (
        <fieldset
          className="flex min-w-0 items-center overflow-x-auto rounded-md bg-canvas p-0.5 max-sm:basis-full"
          aria-label={text.window}
        >
          {WINDOW_PRESETS.map(({ name }, index) => (
            <button
              key={name}
              type="button"
              aria-pressed={index === preset}
              aria-keyshortcuts={String(index + 1)}
              onClick={() => onPreset(index)}
              className={cx(
                'h-7 rounded-sm px-2 max-sm:grow',
                index === preset ? 'bg-hover font-medium text-text' : 'text-muted hover:text-text',
              )}
            >
              {text.presets[name]}
            </button>
          ))}
        </fieldset>
      )}
      <IconButton icon={ZoomOut} label={text.zoomOut} disabled={panZoom.view.zoom === 1} onClick={() => panZoom.zoomBy(-1)} />
      <IconButton icon={ZoomIn} label={text.zoomIn} onClick={() => panZoom.zoomBy(1)} />
      <IconButton icon={Maximize} label={text.fit} onClick={panZoom.fit} />
      <span aria-hidden className="mx-1 h-5 w-px bg-line max-sm:hidden" />
      <IconButton
        icon={SquareDashed}
        label={text.boxes}
        aria-pressed={overlay.boxes}
        onClick={() => onOverlay({ ...overlay, boxes: !overlay.boxes })}
      />
      {hasHeatmap && (
        <>
          <IconButton
            icon={Flame}
            label={text.heatmap}
            aria-pressed={overlay.heatmap}
            onClick={() => onOverlay({ ...overlay, heatmap: !overlay.heatmap })}
          />
          <input
            type="range"
            className="range w-24"
            aria-label={text.opacity}
            title={text.opacity}
            min={0}
            max={1}
            step={0.05}
            disabled={!overlay.heatmap}
            value={overlay.opacity}
            onChange={(event) => onOverlay({ ...overlay, opacity: event.target.valueAsNumber })}
          />
        </>
      )}
      <span className="ms-auto max-md:hidden">
        <ShortcutsButton />
      </span>
    </div>
  );
}
