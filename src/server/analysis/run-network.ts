import type { ModelCard } from '../../contract/model-card.ts';
import type { Acquisition } from '../../inference/acceptance.ts';
import { evaluateRadiograph, type PictureEvaluation } from '../../inference/pipeline.ts';
import type { ModelPool } from '../../inference/pool.ts';
import type { Classification } from '../../inference/postprocess.ts';
import type { ProposedFinding } from '../findings/propose-findings.ts';
import { AppError } from '../platform/errors.ts';
import type { BlobStore } from '../platform/ports.ts';
import type { InstanceRow } from '../studies/queries.ts';
import { type FrameRenderer, readGrayFrame } from '../studies/render-instance.ts';
import { boxOfMap, heatmapPng } from './heatmap-picture.ts';
import { abstained, type RunOutcome } from './outcome.ts';

export type NetworkDeps = { blobs: BlobStore; renderer: FrameRenderer; pool: ModelPool };

/** Frames of one instance that a network looks at; beyond it, the instance is a film and no radiograph. */
const MAX_FRAMES = 1;

/** Runs one network on one stored picture. Pixels that cannot be decoded are an abstention with the reason, not a failure. */
export async function runNetwork(deps: NetworkDeps, card: ModelCard, instance: InstanceRow, acquisition: Acquisition): Promise<RunOutcome> {
  if (instance.number_of_frames > MAX_FRAMES)
    return abstained(`${card.title}: made for single pictures; the object has ${instance.number_of_frames} frames`);
  try {
    const image = await readGrayFrame(deps, instance, 1);
    const evaluation = await evaluateRadiograph(deps.pool, card.id, image, { ...acquisition, priority: 'background' });
    return await outcomeOf(card, instance, evaluation);
  } catch (error) {
    if (error instanceof AppError && error.kind === 'no-pixels') return abstained(`${card.title}: ${error.message}`);
    throw error;
  }
}

async function outcomeOf(card: ModelCard, instance: InstanceRow, evaluation: PictureEvaluation): Promise<RunOutcome> {
  const { gate, caveats, classification } = evaluation;
  const parameters = {
    frame: 1,
    caveats,
    gate,
    temperature: card.calibration?.temperature ?? null,
    calibration_set: card.calibration?.set ?? null,
  };
  const common = {
    scores: classification?.scores ?? [],
    measurements: [],
    parameters,
    outOfDistributionScore: classification?.oodScore ?? null,
  };
  if (evaluation.status === 'abstained') return { ...common, status: 'abstained', reason: evaluation.reason, findings: [], heatmap: null };

  const { classification: result, width, height } = evaluation;
  const positive = result.findings.filter((finding) => finding.positive);
  const size = { width, height };
  const box = result.cam && positive.length > 0 ? boxOfMap(card.input, result.cam, size) : null;
  return {
    ...common,
    status: 'succeeded',
    reason: null,
    findings: positive.map((finding) => proposed({ card, result, instance, box }, finding)),
    heatmap: result.cam ? await heatmapPng(card.input, result.cam, size) : null,
  };
}

type Context = { card: ModelCard; result: Classification; instance: InstanceRow; box: ProposedFinding['box'] };

function proposed({ card, result, instance, box }: Context, finding: Classification['findings'][number]): ProposedFinding {
  const labels = card.findings.find(({ id }) => id === finding.id)?.sum_of ?? [];
  const [leading] = result.scores.filter(({ label }) => labels.includes(label)).sort((a, b) => b.probability - a.probability);
  return {
    code: finding.id,
    title: finding.title,
    confidence: finding.probability,
    threshold: finding.threshold,
    sop_instance_uid: instance.sop_instance_uid,
    frame: 1,
    box,
    evidence: {
      probability: finding.probability,
      ...(leading && labels.length > 1
        ? { subtype: leading.label, subtype_title: leading.title, subtype_probability: leading.probability }
        : {}),
    },
  };
}
