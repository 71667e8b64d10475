import type { Thorax } from './phantom-anatomy.ts';
import { type Grid, paint } from './phantom-raster.ts';
import { gaussian, seededRandom } from './random.ts';
import { resampleGray } from './resample.ts';

/** A projection from behind (PA), the patient's left on the right: [row, column], 14 bits, dense is bright (MONOCHROME2). */
export type Radiograph = { rows: number; columns: number; spacingMm: number; pixels: Uint16Array };

type Field = { x: readonly [number, number]; y: readonly [number, number]; z: readonly [number, number] };

export const RADIOGRAPH_BITS = 14;

/** Lattice on which attenuation is summed, and pixels of the detector, mm. */
const STEP_MM = { x: 1, y: 2.5, z: 1 } as const;
const DETECTOR_MM = 0.4;
/** Water at the mean energy of a 120 kV beam after hardening, 1/mm; bone attenuates more than its Hounsfield units at CT energies say. */
const WATER_PER_MM = 0.02;
const BONE_GAIN = 1.6;
/** The curve from line integral to display value: its middle and its slope. */
const CURVE = { middle: 2.55, width: 0.62 } as const;
const QUANTUM_NOISE = 0.006;

/** Sums the attenuation of a thorax along parallel rays and shows it as a digital radiograph, with quantum noise. */
export function radiographOf(body: Thorax, field: Field, seed: number): Radiograph {
  const integral = lineIntegrals(body, field);
  const columns = Math.round((field.x[1] - field.x[0]) / DETECTOR_MM);
  const rows = Math.round((field.z[1] - field.z[0]) / DETECTOR_MM);
  const { pixels: lines } = resampleGray(integral, columns, rows);

  const noise = gaussian(seededRandom(seed ^ 0xd1));
  const largest = 2 ** RADIOGRAPH_BITS - 1;
  const pixels = Uint16Array.from(lines, (line) => {
    // Fewer quanta reach the detector where more is absorbed.
    const measured = line + QUANTUM_NOISE * Math.exp(line / 2) * noise();
    return Math.round(largest / (1 + Math.exp((CURVE.middle - measured) / CURVE.width)));
  });
  return { rows, columns, spacingMm: DETECTOR_MM, pixels };
}

/** Line integrals front to back, first row superior, in slabs of rows so that memory stays small. */
function lineIntegrals(body: Thorax, field: Field): { width: number; height: number; pixels: Float32Array } {
  const width = Math.round((field.x[1] - field.x[0]) / STEP_MM.x);
  const height = Math.round((field.z[1] - field.z[0]) / STEP_MM.z);
  const depth = Math.round((field.y[1] - field.y[0]) / STEP_MM.y);
  const slab = 32;
  const pixels = new Float32Array(width * height);
  for (let first = 0; first < height; first += slab) {
    const layers = Math.min(slab, height - first);
    const top = field.z[1] - (first + 0.5) * STEP_MM.z;
    const grid: Grid = {
      origin: [field.x[0] + STEP_MM.x / 2, field.y[0] + STEP_MM.y / 2, top - (layers - 1) * STEP_MM.z],
      spacing: [STEP_MM.x, STEP_MM.y, STEP_MM.z],
      size: [width, depth, layers],
    };
    const values = new Float32Array(width * depth * layers).fill(-1000);
    paint(values, grid, body.solids, 2);
    for (let line = 0; line < layers * depth; line += 1) {
      const row = first + layers - 1 - Math.floor(line / depth);
      for (let column = 0; column < width; column += 1) {
        pixels[row * width + column] = (pixels[row * width + column] ?? 0) + attenuation(values[line * width + column] ?? 0) * STEP_MM.y;
      }
    }
  }
  return { width, height, pixels };
}

function attenuation(hu: number): number {
  const gain = hu > 100 ? 1 + ((BONE_GAIN - 1) * Math.min(hu, 400)) / 400 : 1;
  return WATER_PER_MM * Math.max(0, 1 + hu / 1000) * gain;
}
