import {
  ArrowUpRight,
  Blend,
  Box,
  ChevronsLeftRightEllipsis,
  Circle,
  Columns2,
  Contrast,
  Crosshair,
  FlipHorizontal,
  Grid2x2,
  HeartPulse,
  Link2,
  type LucideIcon,
  Maximize,
  Move,
  MoveVertical,
  Pause,
  Play,
  RectangleHorizontal,
  RotateCw,
  Rows3,
  Ruler,
  Search,
  Square,
  SunMedium,
  TriangleRight,
  ZoomIn,
} from 'lucide-react';
import { strings } from '../strings/strings.ts';
import { viewerWords as text } from '../strings/viewer/words.ts';
import { IconButton } from '../ui/Button.tsx';
import { isAnnotationKind } from './annotation-geometry.ts';
import type { Arrangement } from './cells.ts';
import type { GrayWindow, StackView } from './engine/stack-view.ts';
import { MemorySettings } from './MemorySettings.tsx';
import { OverlaySettings } from './OverlaySettings.tsx';
import type { Overlay } from './overlay.ts';
import { ShortcutsButton } from './ShortcutsButton.tsx';
import type { Stack } from './stack.ts';
import { ToolbarMenu } from './ToolbarMenu.tsx';
import type { Cine } from './use-cine.ts';
import { invert, mirror, turn } from './use-viewer-keys.ts';
import { FITTED } from './view-geometry.ts';
import type { AnnotationKind, LayoutName, ToolName } from './viewer-surface.ts';
import { WINDOW_PRESETS } from './window-presets.ts';

type ViewerToolbarProps = {
  stack: Stack | undefined;
  tool: ToolName;
  onTool: (tool: ToolName) => void;
  /** Of the active cell. */
  view: () => StackView | null;
  onWindow: (window: GrayWindow | null) => void;
  overlay: Overlay;
  onOverlay: (overlay: Overlay) => void;
  arrangement: Arrangement;
  onLayout: (layout: LayoutName) => void;
  onLink: (linked: boolean) => void;
  cine: Cine;
};

const DRAG_TOOLS: readonly [ToolName, LucideIcon, string][] = [
  ['window', SunMedium, 'w'],
  ['pan', Move, 'd'],
  ['zoom', ZoomIn, 'z'],
  ['scroll', MoveVertical, 's'],
  ['magnify', Search, 'm'],
];
const MEASURES: readonly [AnnotationKind, LucideIcon, string?][] = [
  ['length', Ruler, 'L'],
  ['angle', TriangleRight, 'N'],
  ['cobb', ChevronsLeftRightEllipsis],
  ['cardiothoracic', HeartPulse],
  ['ellipse', Circle, 'O'],
  ['rectangle', RectangleHorizontal, 'Q'],
  ['arrow', ArrowUpRight],
  ['probe', Crosshair, 'V'],
];
const LAYOUT_ICONS: Readonly<Record<LayoutName, LucideIcon>> = { '1x1': Square, '1x2': Columns2, '2x2': Grid2x2, mpr: Rows3, volume: Box };
const LAYOUTS: readonly LayoutName[] = ['1x1', '1x2', '2x2', 'mpr', 'volume'];
const SPEEDS = ['5', '10', '15', '25', '40'] as const;

export function ViewerToolbar(props: ViewerToolbarProps) {
  const { stack, tool, onTool, view, onWindow, overlay, onOverlay, arrangement, onLayout, onLink, cine } = props;
  const isVolume = arrangement.layout === 'mpr' || arrangement.layout === 'volume';
  return (
    <div
      role="toolbar"
      aria-label={text.tools}
      className="flex min-h-10 shrink-0 items-center gap-0.5 overflow-x-auto border-b border-line bg-surface px-2 py-1"
    >
      {DRAG_TOOLS.map(([name, icon, key]) => (
        <IconButton
          key={name}
          icon={icon}
          label={text.toolNames[name]}
          aria-pressed={tool === name}
          aria-keyshortcuts={key}
          onClick={() => onTool(name)}
        />
      ))}
      <ToolbarMenu
        label={text.measure}
        icon={Ruler}
        isPressed={isAnnotationKind(tool)}
        value={isAnnotationKind(tool) ? tool : null}
        choices={MEASURES.map(([value, icon, hint]) => ({ value, label: text.toolNames[value], icon, ...(hint ? { hint } : {}) }))}
        onChoose={onTool}
      />
      <Divider />
      {stack?.series.modality === 'CT' && (
        <ToolbarMenu
          label={text.window}
          icon={Blend}
          value={null}
          choices={WINDOW_PRESETS.map(({ name }, index) => ({ value: name, label: text.presets[name], hint: String(index + 1) }))}
          onChoose={(name) => onWindow(WINDOW_PRESETS.find((preset) => preset.name === name)?.window ?? null)}
        />
      )}
      {/* Planes and volumes are looked at by their cameras: these are of single pictures. */}
      {!isVolume && (
        <>
          <IconButton icon={Contrast} label={text.invert} aria-keyshortcuts="i" onClick={() => invert(view())} />
          <IconButton icon={RotateCw} label={text.rotate} aria-keyshortcuts="t" onClick={() => turn(view())} />
          <IconButton icon={FlipHorizontal} label={text.flip} aria-keyshortcuts="x" onClick={() => mirror(view())} />
          <IconButton icon={Maximize} label={strings.viewer.fit} aria-keyshortcuts="f" onClick={() => view()?.setView(FITTED)} />
        </>
      )}
      {cine.canPlay && !isVolume && (
        <>
          <Divider />
          <IconButton
            icon={cine.isPlaying ? Pause : Play}
            label={cine.isPlaying ? text.pause : text.play}
            aria-keyshortcuts="p"
            onClick={cine.toggle}
          />
          <ToolbarMenu
            label={text.speed}
            text={String(cine.framesPerSecond)}
            value={String(cine.framesPerSecond)}
            choices={SPEEDS.map((value) => ({ value, label: value }))}
            onChoose={(value) => cine.setSpeed(Number(value))}
          />
        </>
      )}
      <Divider />
      <ToolbarMenu
        label={text.layout}
        icon={LAYOUT_ICONS[arrangement.layout]}
        value={arrangement.layout}
        choices={LAYOUTS.map((value) => ({ value, label: text.layouts[value], icon: LAYOUT_ICONS[value] }))}
        onChoose={onLayout}
      />
      {arrangement.cells.length > 1 && (
        <IconButton icon={Link2} label={text.link} aria-pressed={arrangement.isLinked} onClick={() => onLink(!arrangement.isLinked)} />
      )}
      <span className="ms-auto flex items-center gap-0.5">
        <OverlaySettings overlay={overlay} onOverlay={onOverlay} />
        <MemorySettings />
        <span className="max-md:hidden">
          <ShortcutsButton />
        </span>
      </span>
    </div>
  );
}

function Divider() {
  return <span aria-hidden className="mx-1 h-5 w-px shrink-0 bg-line" />;
}
