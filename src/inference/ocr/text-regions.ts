/** A rectangle in pixels; `x1` and `y1` are the first column and row outside of it. */
export type Box = { x0: number; y0: number; x1: number; y1: number };

/** Where a network saw text; `score` is the mean of its map inside of the region, 0 to 1. */
export type TextRegion = Box & { score: number };

/** From this on, a point of the map counts as text (PP-OCR's `det_db_thresh`). */
const POINT_THRESHOLD = 0.3;
/** Regions below this mean are noise (PP-OCR's `det_db_box_thresh` is 0.6; a little more is seen here, and what is read decides). */
const REGION_THRESHOLD = 0.5;
/** The network marks the core of the text only: the region grows by area times this over its perimeter (`det_db_unclip_ratio`). */
const UNCLIP_RATIO = 1.6;
const SMALLEST_SIDE = 3;

/** Connected regions of a probability map, [row, column], grown back to the size of the text that they are the cores of. */
export function regionsOf(map: Float32Array, width: number, height: number): TextRegion[] {
  const regions: TextRegion[] = [];
  const seen = new Uint8Array(width * height);
  for (let start = 0; start < map.length; start += 1) {
    if (seen[start] === 1 || (map[start] ?? 0) < POINT_THRESHOLD) continue;
    const { box, score } = flood(map, { width, height, seen, start });
    const [wide, high] = [box.x1 - box.x0, box.y1 - box.y0];
    if (Math.min(wide, high) < SMALLEST_SIDE || score < REGION_THRESHOLD) continue;
    regions.push({ ...grown(box, (wide * high * UNCLIP_RATIO) / (2 * (wide + high)), { width, height }), score });
  }
  return regions;
}

/** The box with `margin` pixels more on each side, inside of the picture. */
export function grown({ x0, y0, x1, y1 }: Box, margin: number, { width, height }: { width: number; height: number }): Box {
  return {
    x0: Math.max(0, Math.floor(x0 - margin)),
    y0: Math.max(0, Math.floor(y0 - margin)),
    x1: Math.min(width, Math.ceil(x1 + margin)),
    y1: Math.min(height, Math.ceil(y1 + margin)),
  };
}

/** One region for those that overlap by half of the smaller one: tiles, sizes and polarities see the same text several times. */
export function mergeRegions(regions: readonly TextRegion[]): TextRegion[] {
  const merged: TextRegion[] = [];
  for (const region of [...regions].sort((a, b) => area(b) - area(a))) {
    const same = merged.find((other) => {
      const shared = overlap(region, other);
      // A word inside of a far larger region is another thing: the region may be a false one.
      return shared >= 0.5 * area(region) && area(other) <= 4 * area(region);
    });
    if (same === undefined) merged.push({ ...region });
    else Object.assign(same, union(same, region), { score: Math.max(same.score, region.score) });
  }
  return merged;
}

function flood(
  map: Float32Array,
  { width, height, seen, start }: { width: number; height: number; seen: Uint8Array; start: number },
): { box: Box; score: number } {
  const box = { x0: width, y0: height, x1: 0, y1: 0 };
  const stack = [start];
  seen[start] = 1;
  let [sum, count] = [0, 0];
  const visit = (at: number) => {
    if (seen[at] === 1 || (map[at] ?? 0) < POINT_THRESHOLD) return;
    seen[at] = 1;
    stack.push(at);
  };
  for (let at = stack.pop(); at !== undefined; at = stack.pop()) {
    const y = Math.floor(at / width);
    const x = at - y * width;
    sum += map[at] ?? 0;
    count += 1;
    box.x0 = Math.min(box.x0, x);
    box.x1 = Math.max(box.x1, x + 1);
    box.y0 = Math.min(box.y0, y);
    box.y1 = Math.max(box.y1, y + 1);
    if (x > 0) visit(at - 1);
    if (x < width - 1) visit(at + 1);
    if (y > 0) visit(at - width);
    if (y < height - 1) visit(at + width);
  }
  return { box, score: sum / count };
}

function union(a: Box, b: Box): Box {
  return { x0: Math.min(a.x0, b.x0), y0: Math.min(a.y0, b.y0), x1: Math.max(a.x1, b.x1), y1: Math.max(a.y1, b.y1) };
}

function area({ x0, y0, x1, y1 }: Box): number {
  return (x1 - x0) * (y1 - y0);
}

function overlap(a: Box, b: Box): number {
  const wide = Math.min(a.x1, b.x1) - Math.max(a.x0, b.x0);
  const high = Math.min(a.y1, b.y1) - Math.max(a.y0, b.y0);
  return wide > 0 && high > 0 ? wide * high : 0;
}
