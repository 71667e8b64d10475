import { Piscina } from 'piscina';
import type { Measurement } from '../../contract/analysis.ts';
import type { QuantificationCard } from '../../contract/model-card.ts';
import type { ProposedFinding } from '../findings/propose-findings.ts';
import { AppError } from '../platform/errors.ts';
import type { BlobStore } from '../platform/ports.ts';
import type { InstanceRow } from '../studies/queries.ts';
import { readFrame } from '../studies/read-frame.ts';
import type { LungAnswer, LungSlice, PlacedNodule } from './ct-lung-worker.ts';
import { abstained, type RunOutcome } from './outcome.ts';

/** Slices of a series that are taken: beyond it the volume would not fit beside the rest of the server. */
const MAX_SLICES = 2_000;
/** Candidates smaller than this are measured by too few voxels to be told. */
const MIN_DIAMETER_MM = 4;
const IDLE_MS = 10_000;

export type LungQuantifier = { measure(slices: LungSlice[]): Promise<LungAnswer>; close(): Promise<void> };

/** One volume at a time: each takes a core and hundreds of megabytes. */
export function openLungQuantifier(): LungQuantifier {
  const extension = import.meta.url.endsWith('.ts') ? 'ts' : 'js';
  const pool = new Piscina<LungSlice[], LungAnswer>({
    filename: new URL(`./ct-lung-worker.${extension}`, import.meta.url).href,
    minThreads: 0,
    maxThreads: 1,
    idleTimeout: IDLE_MS,
  });
  return {
    measure: (slices) => pool.run(slices, { transferList: slices.flatMap(({ frame }) => (ownsBuffer(frame) ? [frame.buffer] : [])) }),
    close: () => pool.close(),
  };
}

/** Measures the lungs of one CT series; what cannot be measured is an abstention with the reason. */
export async function runCtLung(
  { blobs, lung }: { blobs: BlobStore; lung: LungQuantifier },
  card: QuantificationCard,
  instances: InstanceRow[],
): Promise<RunOutcome> {
  const { min_slices } = card.accepts;
  if (instances.length < min_slices)
    return abstained(`${card.title}: needs at least ${min_slices} slices; the series has ${instances.length}`);
  if (instances.length > MAX_SLICES) return abstained(`${card.title}: the series has more than ${MAX_SLICES} slices`);
  if (instances.some(({ number_of_frames }) => number_of_frames !== 1))
    return abstained(`${card.title}: objects of several frames are not read yet`);
  try {
    const answer = await lung.measure(await readSlices(blobs, instances));
    if ('notEvaluable' in answer) return abstained(`${card.title}: ${answer.notEvaluable}`);
    return outcomeOf(answer);
  } catch (error) {
    if (error instanceof AppError && error.kind === 'no-pixels') return abstained(`${card.title}: ${error.message}`);
    throw error;
  }
}

async function readSlices(blobs: BlobStore, instances: InstanceRow[]): Promise<LungSlice[]> {
  const slices: LungSlice[] = [];
  for (const instance of instances) slices.push({ sopInstanceUid: instance.sop_instance_uid, ...(await readFrame(blobs, instance, 1)) });
  return slices;
}

function outcomeOf({ result, nodules }: Exclude<LungAnswer, { notEvaluable: string }>): RunOutcome {
  const measured = (name: string, title: string, value: number, unit: string): Measurement => ({
    name,
    title,
    value,
    unit,
    sop_instance_uid: null,
  });
  return {
    status: 'succeeded',
    reason: null,
    scores: [],
    measurements: [
      measured('lung-volume-total', 'Lung volume, both', result.volumeMl.total, 'mL'),
      measured('lung-volume-right', 'Lung volume, right', result.volumeMl.right, 'mL'),
      measured('lung-volume-left', 'Lung volume, left', result.volumeMl.left, 'mL'),
      measured('laa950', 'Lung below -950 HU', result.laa950Percent, '%'),
      measured('mean-lung-density', 'Mean lung density', result.meanLungHu, "[hnsf'U]"),
    ],
    findings: nodules.filter(({ diameterMm }) => diameterMm >= MIN_DIAMETER_MM).map(noduleFinding),
    parameters: { min_diameter_mm: MIN_DIAMETER_MM, truncated: result.truncated, notes: result.notes },
    outOfDistributionScore: null,
    heatmap: null,
  };
}

function noduleFinding(nodule: PlacedNodule): ProposedFinding {
  const { min, max } = nodule.boundingBoxVoxel;
  return {
    code: 'lung-nodule',
    title: 'Lung nodule candidate',
    // A rule found it: there is no probability to give.
    confidence: null,
    threshold: null,
    sop_instance_uid: nodule.sopInstanceUid,
    frame: 1,
    box: { x: min[2], y: min[1], width: max[2] - min[2] + 1, height: max[1] - min[1] + 1 },
    evidence: {
      diameter_mm: nodule.diameterMm,
      volume_mm3: nodule.volumeMm3,
      mean_hu: nodule.meanHu,
      kind: nodule.kind,
      side: nodule.side,
      center_lps_mm: nodule.centerLps,
    },
  };
}

function ownsBuffer(bytes: Uint8Array): bytes is Uint8Array<ArrayBuffer> {
  return bytes.buffer instanceof ArrayBuffer && bytes.byteLength === bytes.buffer.byteLength;
}
