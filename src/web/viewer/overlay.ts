/** What lies over the picture; `opacity` and `threshold` are those of the heat map and of segments, 0..1. */
export type Overlay = { boxes: boolean; heatmap: boolean; segments: boolean; referenceLines: boolean; opacity: number; threshold: number };
export const FIRST_OVERLAY: Overlay = { boxes: true, heatmap: true, segments: true, referenceLines: true, opacity: 0.5, threshold: 0.2 };
