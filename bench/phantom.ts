import { buildPhantom, defaultNodules, type PhantomOptions, type PhantomTruth } from '../src/imaging/phantom.ts';
import { analyzeCtLung, type CtLungResult } from '../src/imaging/quantify/ct-lung.ts';
import type { BenchRow } from './row.ts';

/** Scanners from fine to coarse, quiet to noisy, with and without emphysema; nodules shifted against the voxel grid from case to case. */
const CASES: (PhantomOptions & { name: string })[] = [
  { name: '1.1 x 1.1 x 2 mm', seed: 1 },
  { name: '0.8 x 0.8 x 1 mm', seed: 3, spacingMm: [1, 0.8, 0.8] },
  { name: '0.7 x 0.7 x 2.5 mm, 10 % emphysema', seed: 4, spacingMm: [2.5, 0.7, 0.7], emphysemaFraction: 0.1 },
  { name: '0.9 x 0.9 x 1.25 mm, noise 35 HU, 15 % emphysema', seed: 6, spacingMm: [1.25, 0.9, 0.9], noiseHu: 35, emphysemaFraction: 0.15 },
  { name: '1.1 x 1.1 x 2 mm, noise 25 HU', seed: 2, noiseHu: 25 },
  { name: '1.5 x 1.5 x 3 mm', seed: 5, spacingMm: [3, 1.5, 1.5] },
];

/** The smallest nodule that must be found. */
const SOUGHT_MM = 5;

type Figures = {
  volumePercent: number;
  laaPoints: number;
  diameterMm: number;
  found: number;
  sought: number;
  wrong: number;
  cpuS: number;
  mvoxels: number;
};

/** Errors of the CT lung analysis against phantoms of known truth: largest over all cases, with the limits of the specification. */
export async function benchPhantom(): Promise<BenchRow[]> {
  const all: Figures[] = [];
  for (const [index, { name, ...options }] of CASES.entries()) {
    const figures = measure({ ...options, nodules: shifted(index) });
    console.log(
      `${name}: volume ${figures.volumePercent.toFixed(2)} %, LAA-950 ${figures.laaPoints.toFixed(2)} points, diameter ${figures.diameterMm.toFixed(2)} mm, ` +
        `found ${figures.found} of ${figures.sought}, wrong ${figures.wrong}, ${figures.cpuS.toFixed(1)} s CPU for ${figures.mvoxels.toFixed(0)} Mvoxels`,
    );
    all.push(figures);
  }
  const largest = (pick: (figures: Figures) => number): number => Math.max(...all.map(pick));
  const total = (pick: (figures: Figures) => number): number => all.reduce((sum, figures) => sum + pick(figures), 0);
  const note = `${all.length} synthetic phantoms with different voxels, noise and emphysema; the largest error of them`;
  return [
    { name: 'CT lung: volume error', value: largest(({ volumePercent }) => volumePercent), unit: '%', target: '< 2', note },
    { name: 'CT lung: LAA-950 error', value: largest(({ laaPoints }) => laaPoints), unit: 'percentage points', note },
    { name: 'CT lung: nodule diameter error', value: largest(({ diameterMm }) => diameterMm), unit: 'mm', target: '< 0.5', note },
    {
      name: `CT lung: nodules of ${SOUGHT_MM} mm and more found`,
      value: total(({ found }) => found) / total(({ sought }) => sought),
      unit: 'share',
      target: '>= 1',
      note: `${total(({ sought }) => sought)} nodules`,
    },
    { name: 'CT lung: false candidates', value: total(({ wrong }) => wrong) / all.length, unit: 'a scan', note },
    {
      name: 'CT lung: CPU time',
      value: total(({ cpuS }) => cpuS) / total(({ mvoxels }) => mvoxels),
      unit: 's a megavoxel',
      note: 'one thread',
    },
  ];
}

function measure(options: PhantomOptions): Figures {
  const { volume, truth } = buildPhantom(options);
  const before = process.cpuUsage().user;
  const result = analyzeCtLung(volume);
  const cpuS = (process.cpuUsage().user - before) / 1e6;
  if ('notEvaluable' in result) throw new Error(`The phantom was not evaluated: ${result.notEvaluable}`);
  const sides = ['total', 'left', 'right'] as const;
  return {
    volumePercent: Math.max(...sides.map((side) => 100 * Math.abs(result.volumeMl[side] / truth.lungVolumeMl[side] - 1))),
    laaPoints: Math.abs(result.laa950Percent - truth.laa950Percent),
    cpuS,
    mvoxels: volume.values.length / 1e6,
    ...compareNodules(result, truth),
  };
}

function compareNodules({ nodules }: CtLungResult, truth: PhantomTruth): Pick<Figures, 'diameterMm' | 'found' | 'sought' | 'wrong'> {
  const distance = (a: readonly number[], b: readonly number[]): number => Math.hypot(...a.map((value, axis) => value - (b[axis] ?? 0)));
  const sought = truth.nodules.filter(({ diameterMm }) => diameterMm >= SOUGHT_MM);
  const pairs = sought.map((real) => ({
    real,
    found: nodules.find(({ centerLps }) => distance(centerLps, real.centerLps) < real.diameterMm / 2),
  }));
  const errors = pairs.flatMap(({ real, found }) => (found ? [Math.abs(found.diameterMm - real.diameterMm)] : []));
  return {
    diameterMm: Math.max(...errors),
    found: errors.length,
    sought: sought.length,
    wrong: nodules.filter(({ centerLps }) => truth.nodules.every((real) => distance(centerLps, real.centerLps) > real.diameterMm)).length,
  };
}

function shifted(index: number): typeof defaultNodules {
  const shift = (value: number, axis: number): number => value + (((index * 0.37 * (axis + 1)) % 1) - 0.5) * 1.7;
  return defaultNodules.map(({ centerLps: [x, y, z], ...nodule }) => ({
    ...nodule,
    centerLps: [shift(x, 0), shift(y, 1), shift(z, 2)] as const,
  }));
}
