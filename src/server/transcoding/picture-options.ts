import type { DataSet } from '../../dicom/data-set.ts';
import type { PixelDescription } from '../../dicom/pixel-description.ts';
import type { Window } from '../../imaging/window.ts';

/** Lines of text that are drawn into a picture: at the top, and at the bottom. */
export type Annotation = { top: readonly string[]; bottom: readonly string[] };
/** A frame as it is stored, with the attributes that say how it is shown; `number` is 1 for the first. */
export type FrameToShow = { description: PixelDescription; frame: Uint8Array; dataSet: DataSet; number: number; annotation?: Annotation };
/** Part of the frame in its own pixels; negative sizes mirror it. */
export type Region = { x: number; y: number; width: number; height: number };
export type PictureOptions = {
  format: 'jpeg' | 'png' | 'gif';
  /** 1 to 100, of JPEG. */
  quality: number;
  window?: Window;
  region?: Region;
  /** The picture is fitted into it, in pixels; enlarged only if `enlarge`. */
  fit?: { width: number; height: number; enlarge: boolean };
  /** Of a frame in an animation. */
  delayMs?: number;
};
