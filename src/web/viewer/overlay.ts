/** What lies over the picture; `opacity` is that of the heat map, 0..1. */
export type Overlay = { boxes: boolean; heatmap: boolean; opacity: number };
