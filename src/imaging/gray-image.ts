/** A picture for models: `pixels` is [row, column], 0 black to 1 white (the sense of MONOCHROME2). */
export type GrayImage = { width: number; height: number; pixels: Float32Array };

/** Weights of red, green and blue in the luma of ITU-R BT.601. */
const LUMA = [0.299, 0.587, 0.114] as const;

/** 8-bit pixels, [row, column, channel], gray or RGB: what `renderFrame` gives. */
type Picture = { width: number; height: number; channels: 1 | 3; pixels: Uint8Array };

/** A rendered frame as a gray image; color becomes its luma (ITU-R BT.601). */
export function grayOf({ width, height, channels, pixels }: Picture): GrayImage {
  const gray = new Float32Array(width * height);
  for (let index = 0; index < gray.length; index += 1) {
    if (channels === 1) {
      gray[index] = (pixels[index] ?? 0) / 255;
    } else {
      const at = index * 3;
      gray[index] = ((pixels[at] ?? 0) * LUMA[0] + (pixels[at + 1] ?? 0) * LUMA[1] + (pixels[at + 2] ?? 0) * LUMA[2]) / 255;
    }
  }
  return { width, height, pixels: gray };
}
