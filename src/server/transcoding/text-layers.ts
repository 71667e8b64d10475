import { createRequire } from 'node:module';
import sharp, { type OverlayOptions } from 'sharp';
import type { Annotation } from './picture-options.ts';

const { resolve } = createRequire(import.meta.url);
const LATIN = resolve('@expo-google-fonts/noto-sans/400Regular/NotoSans_400Regular.ttf');
const ARABIC = resolve('@expo-google-fonts/noto-sans-arabic/400Regular/NotoSansArabic_400Regular.ttf');

/** Height of a line in parts of the picture's height, and what it may be in pixels. */
const LINES_A_PICTURE = 32;
const SMALLEST = 9;
const LARGEST = 40;
/** White text with a black rim can be read on any gray. */
const RIM = [-1, 0, 1].flatMap((x) => [-1, 0, 1].flatMap((y) => (x === 0 && y === 0 ? [] : [{ x, y }])));

/** The text as pictures to lay over one of that size, line by line, cut where it would leave it. */
export async function textLayers({ top, bottom }: Annotation, size: { width: number; height: number }): Promise<OverlayOptions[]> {
  const line = Math.round(Math.min(LARGEST, Math.max(SMALLEST, size.height / LINES_A_PICTURE)));
  const step = Math.ceil(line * 1.3);
  const margin = Math.ceil(line / 2);
  const lowest = size.height - margin - bottom.length * step;
  const placed = [
    ...top.map((text, index) => ({ text, y: margin + index * step })),
    ...bottom.map((text, index) => ({ text, y: lowest + index * step })),
  ];
  const layers: OverlayOptions[] = [];
  for (const { text, y } of placed) {
    if (text.trim() === '' || y < 1 || y + step >= size.height) continue;
    const room = { width: size.width - margin - 2, height: step };
    for (const color of ['black', 'white'] as const) {
      const input = await lineOf(text, { color, line, room });
      for (const shift of color === 'black' ? RIM : [{ x: 0, y: 0 }]) layers.push({ input, left: margin + shift.x, top: y + shift.y });
    }
  }
  return layers;
}

type Style = { color: 'black' | 'white'; line: number; room: { width: number; height: number } };

async function lineOf(text: string, { color, line, room }: Style): Promise<Buffer> {
  const isArabic = /\p{Script=Arabic}/u.test(text);
  const font = { font: `${isArabic ? 'Noto Sans Arabic' : 'Noto Sans'} ${line}`, fontfile: isArabic ? ARABIC : LATIN };
  const drawn = sharp({
    text: { text: `<span foreground="${color}">${escaped(text)}</span>`, ...font, rgba: true, dpi: 72, wrap: 'none' },
  });
  const { width, height } = await drawn.metadata();
  const cut = { left: 0, top: 0, width: Math.max(1, Math.min(width, room.width)), height: Math.max(1, Math.min(height, room.height)) };
  return drawn.extract(cut).png().toBuffer();
}

/** Pango reads markup. Control characters are not text. */
function escaped(text: string): string {
  return text
    .replaceAll(/\p{Cc}/gu, ' ')
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;');
}
