import { ImagingError } from './imaging-error.ts';
import { type PhantomNodule, type Thorax, thorax } from './phantom-anatomy.ts';
import { type Radiograph, radiographOf } from './phantom-radiograph.ts';
import { type Grid, paint, sampledVolumeMl } from './phantom-raster.ts';
import type { Shape } from './phantom-shapes.ts';
import { gaussian, seededRandom } from './random.ts';
import type { Volume } from './volume.ts';

export type PhantomOptions = {
  /** Decides vessels, emphysema, noise and UIDs. */
  seed?: number;
  /** Distance of voxel centers, mm. */
  spacingMm?: [z: number, y: number, x: number];
  nodules?: readonly PhantomNodule[];
  /** Share of the lungs that is air-filled holes, 0 to 0.2. */
  emphysemaFraction?: number;
  /** Standard deviation of the noise, Hounsfield units. */
  noiseHu?: number;
};

/** What is in the phantom, from its geometry and not from its voxels. Nothing in it is a patient. */
export type PhantomTruth = {
  synthetic: true;
  seed: number;
  spacingMm: [z: number, y: number, x: number];
  noiseHu: number;
  /** Vessels, bronchi and nodules inside of the lungs included; trachea, main bronchi in the mediastinum and the hilum not. */
  lungVolumeMl: { total: number; left: number; right: number };
  laa950Percent: number;
  nodules: { centerLps: [number, number, number]; diameterMm: number; volumeMm3: number; kind: 'solid' | 'subsolid'; hu: number }[];
};

export type Phantom = { volume: Volume; radiograph: Radiograph; truth: PhantomTruth };

/** Edges of what is scanned, LPS mm. */
const FIELD_MM = { x: [-176, 176], y: [-132, 150], z: [-166, 150] } as const;
const SAMPLING_MM = 1.5;

export const defaultNodules: readonly PhantomNodule[] = [
  { centerLps: [-72, -18, 62], diameterMm: 4, kind: 'solid', hu: 40 },
  { centerLps: [76, 22, 54], diameterMm: 6, kind: 'solid', hu: 40 },
  { centerLps: [-92, 34, -28], diameterMm: 8, kind: 'solid', hu: 40 },
  { centerLps: [72, -34, 22], diameterMm: 11, kind: 'subsolid', hu: -620 },
  { centerLps: [96, 36, -22], diameterMm: 14, kind: 'solid', hu: 40 },
];

/**
 * A synthetic CT of a thorax with known truth, and the radiograph projected from it. The same options give the same numbers.
 * @throws {ImagingError} if a nodule does not lie inside of a lung, or an option is out of range
 */
export function buildPhantom(options: PhantomOptions = {}): Phantom {
  const { seed = 1, spacingMm = [2, 1.1, 1.1], nodules = defaultNodules, emphysemaFraction = 0, noiseHu = 12 } = options;
  if (spacingMm.some((mm) => !(mm >= 0.3 && mm <= 10))) throw new ImagingError('The spacing of a phantom is from 0.3 to 10 mm');
  if (!(emphysemaFraction >= 0 && emphysemaFraction <= 0.2)) throw new ImagingError('The emphysema fraction of a phantom is from 0 to 0.2');

  const sizes = (lungs: Shape[]): number => lungs.reduce((sum, lung) => sum + sampledVolumeMl(lung, SAMPLING_MM), 0);
  const body = thorax({ seed, nodules, emphysemaFraction, lungVolumeMl: sizes });
  for (const { centerLps, diameterMm } of nodules) {
    const isInside = [body.leftLung, body.rightLung].some((lung) => lung.distance(...centerLps) < -diameterMm / 2);
    if (!isInside) throw new ImagingError('A nodule of the phantom does not lie inside of a lung');
  }
  const left = sizes([body.leftLung]);
  const right = sizes([body.rightLung]);
  const truth: PhantomTruth = {
    synthetic: true,
    seed,
    spacingMm,
    noiseHu,
    lungVolumeMl: { total: left + right, left, right },
    laa950Percent: body.emphysemaMm3 / (left + right) / 10,
    nodules: nodules.map(({ centerLps, ...nodule }) => ({
      centerLps: [...centerLps],
      ...nodule,
      volumeMm3: (Math.PI / 6) * nodule.diameterMm ** 3,
    })),
  };
  return { volume: scan(body, { seed, spacingMm, noiseHu }), radiograph: radiographOf(body, FIELD_MM, seed), truth };
}

/** The CT: painted, with noise, in whole Hounsfield units from -1024 on. */
function scan(body: Thorax, { seed, spacingMm, noiseHu }: { seed: number; spacingMm: [number, number, number]; noiseHu: number }): Volume {
  const [dz, dy, dx] = spacingMm;
  const cells = (edges: readonly [number, number], mm: number): number => Math.floor((edges[1] - edges[0]) / mm);
  const grid: Grid = {
    origin: [FIELD_MM.x[0] + dx / 2, FIELD_MM.y[0] + dy / 2, FIELD_MM.z[0] + dz / 2],
    spacing: [dx, dy, dz],
    size: [cells(FIELD_MM.x, dx), cells(FIELD_MM.y, dy), cells(FIELD_MM.z, dz)],
  };
  const [width, height, depth] = grid.size;
  const exact = new Float32Array(width * height * depth).fill(-1000);
  paint(exact, grid, [...body.solids, body.table]);

  const noise = gaussian(seededRandom(seed ^ 0x5eed));
  const values = new Int16Array(exact.length);
  for (let index = 0; index < values.length; index += 1) {
    values[index] = Math.max(-1024, Math.round((exact[index] ?? 0) + noiseHu * noise()));
  }
  return {
    values,
    size: [depth, height, width],
    spacingMm,
    originLps: grid.origin,
    directionLps: { rows: [1, 0, 0], columns: [0, 1, 0], normal: [0, 0, 1] },
  };
}
