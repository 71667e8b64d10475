import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { findText } from '../../src/inference/ocr/find-text.ts';
import { openTextNetworks, type TextNetworks } from '../../src/inference/ocr/text-networks.ts';
import { cornerLines, type Line, type Picture, type Scene, scene, withText } from '../burned-in.ts';
import { dataFile, dataFiles, hasSharedData } from '../data.ts';

let networks: TextNetworks;
beforeAll(async () => {
  networks = await openTextNetworks(1);
});
afterAll(() => networks.close());

/** Letters of this height in pixels and more are found nearly always; see docs/deidentification.md for the figures. */
const SIZES = [10, 14, 20, 32];

const find = ({ pixels, ...size }: Picture) => findText(networks, { ...size, pixels: Float32Array.from(pixels, (value) => value / 255) });
const negative = (picture: Picture): Picture => ({ ...picture, pixels: picture.pixels.map((value) => 255 - value) });

/** Whether boxes cover 95 % of what was drawn of a line. */
function isCovered(
  line: Line,
  { plain, drawn, found }: { plain: Picture; drawn: Picture; found: Awaited<ReturnType<typeof find>> },
): boolean {
  let [ink, hidden] = [0, 0];
  for (let y = Math.max(0, line.y - line.size); y < Math.min(plain.height, line.y + line.size * 0.3); y += 1) {
    for (let x = line.x; x < Math.min(plain.width, line.x + line.text.length * line.size); x += 1) {
      const index = Math.floor(y) * plain.width + x;
      if (Math.abs((drawn.pixels[index] ?? 0) - (plain.pixels[index] ?? 0)) < 40) continue;
      ink += 1;
      if (found.some(({ x0, x1, y0, y1 }) => x >= x0 - 2 && x < x1 + 2 && y >= y0 - 2 && y < y1 + 2)) hidden += 1;
    }
  }
  return hidden >= 0.95 * ink;
}

test.each([
  ['slice', 'light on dark'],
  ['slice', 'dark on light'],
  ['ultrasound', 'light on dark'],
  ['ultrasound', 'dark on light'],
  ['radiograph', 'light on dark'],
] as const)(
  'text of several sizes in a %s, %s, is covered by boxes, and little else is',
  async (kind: Scene, polarity) => {
    let [lines, covered, boxes] = [0, 0, 0];
    for (const size of kind === 'radiograph' ? [14, 32] : SIZES) {
      const base = scene(kind, size);
      const wanted = cornerLines(base, size, 255).filter(({ text }) => text.length * size * 0.7 < base.width / 2);
      const written = await withText(base, wanted);
      const [plain, drawn] = polarity === 'light on dark' ? [base, written] : [negative(base), negative(written)];
      const found = await find(drawn);
      lines += wanted.length;
      covered += wanted.filter((line) => isCovered(line, { plain, drawn, found })).length;
      boxes += found.length;
    }
    expect(covered / lines).toBeGreaterThanOrEqual(0.97);
    expect(boxes).toBeLessThanOrEqual(lines + 4);
  },
  300_000,
);

describe.skipIf(!hasSharedData)('real pictures (needs ../shared/data)', () => {
  const read = async (...parts: string[]): Promise<Picture> => {
    const { data, info } = await sharp(dataFile(...parts))
      .greyscale()
      .raw()
      .toBuffer({ resolveWithObject: true });
    return { width: info.width, height: info.height, pixels: new Uint8Array(data) };
  };
  const some = (count: number, ...folder: string[]) =>
    dataFiles(...folder)
      .filter((_, index, all) => index % Math.ceil(all.length / count) === 0)
      .map((name) => [...folder, name]);

  test('without text are nearly never painted', async () => {
    // Side markers in the radiographs are text; what cannot be read there is anatomy.
    const radiographs = await Promise.all(some(20, 'kermany-cxr', 'test', 'NORMAL').map((file) => read(...file)));
    const unread: number[] = [];
    for (const picture of radiographs) unread.push((await find(picture)).filter(({ text }) => text === '').length);
    const others = [...some(20, 'mednist', 'HeadCT'), ...some(20, 'mednist', 'AbdomenCT'), ...some(20, 'mednist', 'Hand')];
    for (const file of others) unread.push((await find(await read(...file))).length);
    expect(unread.length).toBeGreaterThan(70);
    expect(unread.filter((boxes) => boxes > 0).length).toBeLessThanOrEqual(2);
  }, 300_000);

  test('with text are: the words that ultrasound scanners write', async () => {
    const [picture] = await Promise.all([read('busi', 'benign', 'benign (1).png')]);
    const words = (await find(picture)).map(({ text }) => text.replace(/\W/g, ''));
    expect(words).toContain('LEFTBREAST');
  });
});
