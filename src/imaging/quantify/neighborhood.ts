import type { Size } from './components.ts';

/** Steps to the voxels within a radius, nearest first: index differences by axis and distance, mm. */
export type Ball = { count: number; dz: Int16Array; dy: Int16Array; dx: Int16Array; mm: Float32Array };

/** Every voxel step of at most `radiusMm`, itself included, ordered by distance (ties by z, y, x). */
export function ballOf(spacingMm: readonly [number, number, number], radiusMm: number): Ball {
  const [sz, sy, sx] = spacingMm;
  const steps: [mm: number, z: number, y: number, x: number][] = [];
  const [rz, ry, rx] = [Math.floor(radiusMm / sz), Math.floor(radiusMm / sy), Math.floor(radiusMm / sx)];
  for (let z = -rz; z <= rz; z += 1) {
    for (let y = -ry; y <= ry; y += 1) {
      for (let x = -rx; x <= rx; x += 1) {
        const mm = Math.hypot(z * sz, y * sy, x * sx);
        if (mm <= radiusMm) steps.push([mm, z, y, x]);
      }
    }
  }
  steps.sort((a, b) => a[0] - b[0] || a[1] - b[1] || a[2] - b[2] || a[3] - b[3]);
  return {
    count: steps.length,
    mm: Float32Array.from(steps, ([mm]) => mm),
    dz: Int16Array.from(steps, ([, z]) => z),
    dy: Int16Array.from(steps, ([, , y]) => y),
    dx: Int16Array.from(steps, ([, , , x]) => x),
  };
}

/**
 * Distance from a voxel to the nearest one outside of `mask` (value other than 1), mm; the ball's radius if none is within it. What lies
 * beyond the volume counts as outside.
 */
export function depthWithin(mask: Uint8Array, [depth, height, width]: Size, voxel: readonly [number, number, number], ball: Ball): number {
  const [z, y, x] = voxel;
  for (let step = 1; step < ball.count; step += 1) {
    const nz = z + (ball.dz[step] ?? 0);
    const ny = y + (ball.dy[step] ?? 0);
    const nx = x + (ball.dx[step] ?? 0);
    const isOutside = nz < 0 || ny < 0 || nx < 0 || nz >= depth || ny >= height || nx >= width;
    if (isOutside || mask[(nz * height + ny) * width + nx] !== 1) return ball.mm[step] ?? 0;
  }
  return ball.mm[ball.count - 1] ?? 0;
}
