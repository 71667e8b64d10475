/** Row-major place of the k-th coefficient in zigzag order (ITU-T T.81 figure A.6). */
export const ZIGZAG: Uint8Array = zigzag();

/** cos((2x + 1) u pi / 16) with the normalization C(u) / 2 of T.81 A.3.3, at [u * 8 + x]. */
export const BASIS: Float64Array = Float64Array.from({ length: 64 }, (_, index) => {
  const u = index >> 3;
  const x = index & 7;
  return (Math.cos(((2 * x + 1) * u * Math.PI) / 16) / 2) * (u === 0 ? Math.SQRT1_2 : 1);
});

const rowPass = new Float64Array(64);

/** Inverse DCT of T.81 A.3.3 in place: 8x8 coefficients, row-major, become samples without the level shift. */
export function inverseDct(block: Float64Array): void {
  for (let v = 0; v < 8; v += 1) {
    for (let x = 0; x < 8; x += 1) {
      let sum = 0;
      for (let u = 0; u < 8; u += 1) sum += (block[v * 8 + u] ?? 0) * (BASIS[u * 8 + x] ?? 0);
      rowPass[v * 8 + x] = sum;
    }
  }
  for (let x = 0; x < 8; x += 1) {
    for (let y = 0; y < 8; y += 1) {
      let sum = 0;
      for (let v = 0; v < 8; v += 1) sum += (rowPass[v * 8 + x] ?? 0) * (BASIS[v * 8 + y] ?? 0);
      block[y * 8 + x] = sum;
    }
  }
}

function zigzag(): Uint8Array {
  const order = new Uint8Array(64);
  let index = 0;
  for (let diagonal = 0; diagonal < 15; diagonal += 1) {
    const from = Math.max(0, diagonal - 7);
    const to = Math.min(7, diagonal);
    for (let k = from; k <= to; k += 1) {
      const row = diagonal % 2 === 0 ? diagonal - k : k;
      order[index] = row * 8 + (diagonal - row);
      index += 1;
    }
  }
  return order;
}
