import type { FrameSource } from './frame-source.ts';
import type { Overlay } from './overlay.ts';
import type { ShownSegmentation } from './use-segmentations.ts';
import type { HeldSurface } from './use-viewer-surface.ts';
import type { ToolName } from './viewer-surface.ts';

/** What a volume is read with. */
export type VolumeReading = {
  sources: readonly FrameSource[];
  /** Name and id, for the corner. */
  patient: string;
  tool: ToolName;
  surface: HeldSurface;
  overlay: Overlay;
  segmentations: readonly ShownSegmentation[];
  /** The window that was asked for last, a new object each time; null in it: as the pictures ask. */
  preset: { window: { center: number; width: number } | null } | null;
};
