import type { Solid } from './phantom-raster.ts';
import { column, difference, ellipsoid, halfSpace, intersection, rib, type Shape, sphere, taperedTube } from './phantom-shapes.ts';
import { type Obstacle, vesselTree } from './phantom-vessels.ts';
import { type Random, seededRandom } from './random.ts';
import type { Vector } from './vector.ts';

export type PhantomNodule = { centerLps: Vector; diameterMm: number; kind: 'solid' | 'subsolid'; hu: number };

/** Lungs as truth counts them (vessels, bronchi and nodules within included, trachea and mediastinum not), and all that is painted. */
export type Thorax = { leftLung: Shape; rightLung: Shape; solids: Solid[]; table: Solid; emphysemaMm3: number };

export type ThoraxOptions = {
  seed: number;
  nodules: readonly PhantomNodule[];
  emphysemaFraction: number;
  lungVolumeMl: (lungs: Shape[]) => number;
};

const HU = {
  fat: -100,
  muscle: 45,
  blood: 45,
  mediastinalFat: -40,
  vertebra: 190,
  disc: 70,
  rib: 420,
  sternum: 260,
  liver: 60,
  wall: 25,
  air: -1000,
} as const;
/** Parenchyma at full inspiration; emphysematous holes are air, so that -950 HU lies in the middle of their edge. */
const LUNG_HU = -875;
const EMPHYSEMA_HU = -1000;
const EMPHYSEMA_RADII_MM = [5, 9] as const;
/** Nodules are what is measured. */
const NODULE_SUBSAMPLES = 6;
const MAX_ATTEMPTS = 60_000;

const CAVITY = ellipsoid([0, -2, -40], [132, 84, 165]);
/** Chest wall and diaphragm, near which vessels are thin. */
const WALL = difference(CAVITY, [dome(-1), dome(1)]);
const CARINA: Vector = [0, 14, 38];

/** What lies between the lungs: central strip, soft parts around the spine, roots of the lungs, heart, great vessels, aortic arch. */
const MEDIASTINUM: readonly Shape[] = [
  column([0, 4], [16, 88], [-300, 300]),
  column([0, 66], [27, 30], [-300, 300]),
  ellipsoid([2, 12, 4], [33, 40, 46]),
  ellipsoid([34, -30, -72], [52, 44, 46]),
  ellipsoid([-2, -24, -54], [42, 42, 50]),
  taperedTube([-19, -8, 130], [-22, -16, -20], [11, 13]),
  taperedTube([14, 0, 130], [8, -20, 20], [14, 20]),
  ellipsoid([18, 6, 56], [22, 32, 19]),
];

/** A thorax of ellipsoids, tubes and bands in LPS mm; the origin lies between the hila. Everything follows from the options. */
export function thorax({ seed, nodules, emphysemaFraction, lungVolumeMl }: ThoraxOptions): Thorax {
  const random = seededRandom(seed);
  const rightLung = lung(-1);
  const leftLung = lung(1);
  const airways = [...airwayTubes(1), ...airwayTubes(-1)];
  const obstacles: Obstacle[] = nodules.map(({ centerLps, diameterMm }) => ({ center: centerLps, radius: diameterMm / 2 }));

  const vessels = [
    ...vesselTree([-36, 6, 2], trunks(-1), { lung: rightLung, wall: WALL, random, obstacles }),
    ...vesselTree([40, 8, -2], trunks(1), { lung: leftLung, wall: WALL, random, obstacles }),
  ];
  const lungMm3 = emphysemaFraction > 0 ? lungVolumeMl([leftLung, rightLung]) * 1000 : 0;
  const holes = emphysema([leftLung, rightLung], { volumeMm3: lungMm3 * emphysemaFraction, random, nodules, airways });

  const solids: Solid[] = [
    ...chestWall(),
    { shape: rightLung, hu: parenchyma },
    { shape: leftLung, hu: parenchyma },
    ...vessels.map((shape) => ({ shape, hu: HU.blood })),
    ...airways.map(({ wall }) => ({ shape: wall, hu: HU.wall })),
    ...airways.map(({ lumen }) => ({ shape: lumen, hu: HU.air })),
    ...holes.map(({ center, radius }) => ({ shape: sphere(center, radius), hu: EMPHYSEMA_HU })),
    ...nodules.map(({ centerLps, diameterMm, hu }) => ({ shape: sphere(centerLps, diameterMm / 2), hu, subsamples: NODULE_SUBSAMPLES })),
  ];
  const emphysemaMm3 = holes.reduce((sum, { radius }) => sum + (4 / 3) * Math.PI * radius ** 3, 0);
  return { leftLung, rightLung, solids, table: { shape: column([0, 128], [190, 7], [-1e3, 1e3]), hu: -350 }, emphysemaMm3 };
}

/** The cavity on one side, without mediastinum, heart, diaphragm and the soft parts around the spine. */
function lung(side: 1 | -1): Shape {
  const half = intersection(CAVITY, intersection(halfSpace(side * 6, side), column([0, 0], [400, 400], [-132, 400])));
  return difference(half, [...MEDIASTINUM, dome(side)]);
}

function dome(side: 1 | -1): Shape {
  return side === -1 ? ellipsoid([-66, 4, -165], [86, 104, 85]) : ellipsoid([66, 4, -176], [86, 104, 85]);
}

/** Denser at the back (+y), where a lying patient's lung carries weight, and not quite even. */
function parenchyma(x: number, y: number, z: number): number {
  return LUNG_HU + 0.14 * y + 5 * Math.sin(x / 13 + 1) * Math.sin(y / 17) * Math.cos(z / 15);
}

function chestWall(): Solid[] {
  const ribs = Array.from({ length: 12 }, (_, index) => rib(CAVITY, { z: 118 - 23 * index, gap: 7, half: [3.4, 6.5], drop: 0.38 }));
  const pairs = ([1, -1] as const).flatMap((side): Solid[] => [
    { shape: taperedTube([side * 14, -86, 112], [side * 126, -44, 132], [6, 6]), hu: HU.rib },
    { shape: ellipsoid([side * 108, 64, 62], [27, 4, 52]), hu: HU.rib },
  ]);
  return [
    { shape: column([0, 0], [166, 112], [-1e3, 1e3]), hu: HU.fat },
    { shape: column([0, 0], [152, 99], [-1e3, 1e3]), hu: HU.muscle },
    ...MEDIASTINUM.map((shape) => ({ shape, hu: HU.mediastinalFat })),
    { shape: ellipsoid([34, -30, -72], [51, 43, 45]), hu: HU.blood },
    { shape: ellipsoid([-2, -24, -54], [41, 41, 49]), hu: HU.blood },
    { shape: ellipsoid([18, 6, 56], [21, 31, 18]), hu: HU.blood },
    { shape: taperedTube([22, 40, 52], [18, 46, -300], [12, 11]), hu: HU.blood },
    { shape: taperedTube([-4, -22, 50], [6, -20, -30], [14, 15]), hu: HU.blood },
    { shape: taperedTube([-19, -8, 130], [-22, -16, -20], [9, 11]), hu: HU.blood },
    { shape: dome(-1), hu: HU.liver },
    { shape: dome(1), hu: HU.muscle },
    // Gas in the stomach: air inside of the body that is no lung.
    { shape: ellipsoid([72, -14, -128], [30, 25, 15]), hu: HU.air },
    ...ribs.map((shape) => ({ shape, hu: HU.rib })),
    ...pairs,
    { shape: ellipsoid([0, -93, 22], [17, 5, 68]), hu: HU.sternum },
    { shape: column([0, 62], [18, 15], [-1e3, 1e3]), hu: (_x, _y, z) => (((z % 30) + 30) % 30 < 24 ? HU.vertebra : HU.disc) },
    { shape: column([0, 86], [6, 9], [-1e3, 1e3]), hu: HU.rib },
    { shape: column([0, 81], [8, 6], [-1e3, 1e3]), hu: 20 },
  ];
}

type Airway = { wall: Shape; lumen: Shape };

/** Trachea (with the left side), main and lobar bronchi as tubes with walls. */
function airwayTubes(side: 1 | -1): Airway[] {
  const hilum: Vector = side === -1 ? [-33, 16, 14] : [40, 18, 8];
  const tubes: [Vector, Vector, [number, number]][] = [
    [CARINA, hilum, [7, 5.8]],
    [hilum, [side * 56, 4, 44], [4, 2.4]],
    [hilum, [side * 62, 16, -12], [5, 3.4]],
    [
      [side * 62, 16, -12],
      [side * 78, 34, -46],
      [3.2, 1.8],
    ],
  ];
  if (side === 1) tubes.push([[0, 10, 400], CARINA, [8.6, 8.6]]);
  return tubes.map(([from, to, [r0, r1]]) => ({
    wall: taperedTube(from, to, [r0 + 1.4, r1 + 1.1]),
    lumen: taperedTube(from, to, [r0, r1]),
  }));
}

function trunks(side: 1 | -1): Vector[] {
  return [
    [side, -0.5, 1.1],
    [side, 0.7, 0.8],
    [side, -0.6, 0.1],
    [side, 0.5, -0.3],
    [side * 0.9, 0.8, -1],
    [side * 0.9, -0.2, -0.9],
  ];
}

type Hole = { center: Vector; radius: number };

/** Round holes that touch neither each other nor the edge of the lung, nodules or large airways, until they fill `volumeMm3`. */
function emphysema(
  lungs: readonly Shape[],
  {
    volumeMm3,
    random,
    nodules,
    airways,
  }: { volumeMm3: number; random: Random; nodules: readonly PhantomNodule[]; airways: readonly Airway[] },
): Hole[] {
  const holes: Hole[] = [];
  let filled = 0;
  for (let attempt = 0; attempt < MAX_ATTEMPTS && filled < volumeMm3; attempt += 1) {
    const [min, max] = [CAVITY.bounds.min, CAVITY.bounds.max];
    const center: Vector = [0, 1, 2].map((k) => (min[k] ?? 0) + random() * ((max[k] ?? 0) - (min[k] ?? 0))) as unknown as Vector;
    const radius = EMPHYSEMA_RADII_MM[0] + random() * (EMPHYSEMA_RADII_MM[1] - EMPHYSEMA_RADII_MM[0]);
    const isInside = lungs.some((shape) => shape.distance(...center) < -radius - 2);
    if (!isInside) continue;
    const isFree =
      holes.every((hole) => sphere(hole.center, hole.radius).distance(...center) > radius + 0.5) &&
      nodules.every((nodule) => sphere(nodule.centerLps, nodule.diameterMm / 2).distance(...center) > radius + 5) &&
      airways.every(({ wall }) => wall.distance(...center) > radius + 2);
    if (!isFree) continue;
    holes.push({ center, radius });
    filled += (4 / 3) * Math.PI * radius ** 3;
  }
  return holes;
}
