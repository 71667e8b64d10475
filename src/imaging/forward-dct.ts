import { BASIS } from './inverse-dct.ts';

const rowPass = new Float64Array(64);

/** Forward DCT of ITU-T T.81 A.3.3 in place: 8x8 samples without level shift, row-major, become coefficients. */
export function forwardDct(block: Float64Array): void {
  for (let y = 0; y < 8; y += 1) {
    for (let u = 0; u < 8; u += 1) {
      let sum = 0;
      for (let x = 0; x < 8; x += 1) sum += (block[y * 8 + x] ?? 0) * (BASIS[u * 8 + x] ?? 0);
      rowPass[y * 8 + u] = sum;
    }
  }
  for (let u = 0; u < 8; u += 1) {
    for (let v = 0; v < 8; v += 1) {
      let sum = 0;
      for (let y = 0; y < 8; y += 1) sum += (rowPass[y * 8 + u] ?? 0) * (BASIS[v * 8 + y] ?? 0);
      block[v * 8 + u] = sum;
    }
  }
}
