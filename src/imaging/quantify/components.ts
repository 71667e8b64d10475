/** Depth, height, width of a mask whose voxels are [depth, height, width]. */
export type Size = readonly [depth: number, height: number, width: number];

/** Connected regions as runs along rows: run `r` covers columns from[r] to to[r] (inclusive) of row row[r] (= z * height + y). */
export type Components = { count: number; runs: number; row: Int32Array; from: Int32Array; to: Int32Array; label: Int32Array };

export type ComponentStats = {
  voxels: number;
  /** Inclusive corners [z, y, x]. */
  min: [number, number, number];
  max: [number, number, number];
  /** Sums of column and row indices over the voxels, for centroids. */
  sumX: number;
  sumY: number;
};

/**
 * Labels the regions of voxels equal to `value`, connected through faces, by runs and union-find: memory grows with the runs, not with
 * the volume, and nothing recurses. Labels count from 0 in scan order.
 */
export function labelComponents(mask: Uint8Array, size: Size, value: number): Components {
  const runs = findRuns(mask, size, value);
  const parent = Int32Array.from({ length: runs.count }, (_, index) => index);
  const [depth, height] = size;
  for (let z = 0; z < depth; z += 1) {
    for (let y = 0; y < height; y += 1) {
      const row = z * height + y;
      if (y > 0) uniteRows(runs, parent, row - 1, row);
      if (z > 0) uniteRows(runs, parent, row - height, row);
    }
  }

  const label = new Int32Array(runs.count);
  const names = new Int32Array(runs.count).fill(-1);
  let count = 0;
  for (let run = 0; run < runs.count; run += 1) {
    const root = rootOf(parent, run);
    if (names[root] === -1) {
      names[root] = count;
      count += 1;
    }
    label[run] = names[root] ?? 0;
  }
  return { count, runs: runs.count, row: runs.row, from: runs.from, to: runs.to, label };
}

export function statsOf(components: Components, [, height]: Size): ComponentStats[] {
  const stats = Array.from({ length: components.count }, (): ComponentStats => {
    const far = Number.MAX_SAFE_INTEGER;
    return { voxels: 0, min: [far, far, far], max: [-1, -1, -1], sumX: 0, sumY: 0 };
  });
  for (let run = 0; run < components.runs; run += 1) {
    const stat = stats[components.label[run] ?? 0];
    if (!stat) continue;
    const row = components.row[run] ?? 0;
    const from = components.from[run] ?? 0;
    const to = components.to[run] ?? 0;
    const length = to - from + 1;
    const z = Math.floor(row / height);
    const y = row - z * height;
    stat.voxels += length;
    stat.sumX += ((from + to) / 2) * length;
    stat.sumY += y * length;
    stat.min = [Math.min(stat.min[0], z), Math.min(stat.min[1], y), Math.min(stat.min[2], from)];
    stat.max = [Math.max(stat.max[0], z), Math.max(stat.max[1], y), Math.max(stat.max[2], to)];
  }
  return stats;
}

/** Writes `value` to every voxel of the components for which `isWanted`. */
export function fillComponents(
  mask: Uint8Array,
  width: number,
  components: Components,
  { isWanted, value }: { isWanted: (label: number) => boolean; value: number },
): void {
  const wanted = Uint8Array.from({ length: components.count }, (_, label) => (isWanted(label) ? 1 : 0));
  for (let run = 0; run < components.runs; run += 1) {
    if (wanted[components.label[run] ?? 0] !== 1) continue;
    const start = (components.row[run] ?? 0) * width;
    mask.fill(value, start + (components.from[run] ?? 0), start + (components.to[run] ?? 0) + 1);
  }
}

type RunList = { count: number; row: Int32Array; from: Int32Array; to: Int32Array; firstOfRow: Int32Array };

function findRuns(mask: Uint8Array, [depth, height, width]: Size, value: number): RunList {
  const rows = depth * height;
  const firstOfRow = new Int32Array(rows + 1);
  let capacity = Math.max(1024, rows * 2);
  let row = new Int32Array(capacity);
  let from = new Int32Array(capacity);
  let to = new Int32Array(capacity);
  let count = 0;
  for (let r = 0; r < rows; r += 1) {
    firstOfRow[r] = count;
    const start = r * width;
    const end = start + width;
    let at = start;
    while (at < end) {
      if (mask[at] !== value) {
        at += 1;
        continue;
      }
      let last = at;
      while (last + 1 < end && mask[last + 1] === value) last += 1;
      if (count === capacity) {
        capacity *= 2;
        row = grown(row, capacity);
        from = grown(from, capacity);
        to = grown(to, capacity);
      }
      row[count] = r;
      from[count] = at - start;
      to[count] = last - start;
      count += 1;
      at = last + 1;
    }
  }
  firstOfRow[rows] = count;
  return { count, row, from, to, firstOfRow };
}

function grown(array: Int32Array<ArrayBuffer>, capacity: number): Int32Array<ArrayBuffer> {
  const larger = new Int32Array(capacity);
  larger.set(array);
  return larger;
}

function uniteRows({ from, to, firstOfRow }: RunList, parent: Int32Array, rowA: number, rowB: number): void {
  let a = firstOfRow[rowA] ?? 0;
  let b = firstOfRow[rowB] ?? 0;
  const endA = firstOfRow[rowA + 1] ?? 0;
  const endB = firstOfRow[rowB + 1] ?? 0;
  while (a < endA && b < endB) {
    const toA = to[a] ?? 0;
    const toB = to[b] ?? 0;
    if ((from[a] ?? 0) <= toB && (from[b] ?? 0) <= toA) unite(parent, a, b);
    if (toA < toB) a += 1;
    else b += 1;
  }
}

function unite(parent: Int32Array, a: number, b: number): void {
  const rootA = rootOf(parent, a);
  const rootB = rootOf(parent, b);
  if (rootA === rootB) return;
  if (rootA < rootB) parent[rootB] = rootA;
  else parent[rootA] = rootB;
}

function rootOf(parent: Int32Array, index: number): number {
  let at = index;
  for (let up = parent[at] ?? at; up !== at; up = parent[at] ?? at) {
    // Path halving keeps later walks short.
    const next = parent[up] ?? up;
    parent[at] = next;
    at = next;
  }
  return at;
}
