/** A symmetric 3 x 3 matrix: [00, 01, 02, 11, 12, 22]. */
export type Symmetric3 = [number, number, number, number, number, number];

/** Eigenvalues of a symmetric 3 x 3 matrix, largest first (trigonometric solution; Smith 1961). */
export function eigenvaluesOf([a, d, f, b, e, c]: Symmetric3): [number, number, number] {
  const mean = (a + b + c) / 3;
  const off = d * d + e * e + f * f;
  const scale = Math.sqrt(((a - mean) ** 2 + (b - mean) ** 2 + (c - mean) ** 2 + 2 * off) / 6);
  if (scale === 0) return [mean, mean, mean];

  const [p, q, r] = [(a - mean) / scale, (b - mean) / scale, (c - mean) / scale];
  const [u, v, w] = [d / scale, e / scale, f / scale];
  const determinant = p * (q * r - v * v) - u * (u * r - v * w) + w * (u * v - q * w);
  const angle = Math.acos(Math.min(1, Math.max(-1, determinant / 2))) / 3;
  const large = mean + 2 * scale * Math.cos(angle);
  const small = mean + 2 * scale * Math.cos(angle + (2 * Math.PI) / 3);
  return [large, 3 * mean - large - small, small];
}
