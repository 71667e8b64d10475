import { createHash } from 'node:crypto';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import type { ModelCard } from '../../src/contract/model-card.ts';
import { type OnnxGraph, writeOnnx } from './onnx-writer.ts';

const INPUT = { name: 'image', dims: ['n', 1, 'height', 'width'] };

export type Network = {
  /** For each label: the weight of the picture's mean gray, and the bias. */
  labels: { weight: number; bias: number }[];
  /** Convolutions of 32 channels in front, which change nothing but the time that a run takes. */
  layers?: number;
};

/**
 * A network whose numbers can be computed by hand on a picture of even size: `logit = weight * mean + bias`, its map is
 * `weight * mean` of each block of 2 by 2 pixels, and `ood` is the mean absolute difference of horizontal neighbours.
 */
export function buildNetwork({ labels, layers = 0 }: Network): Uint8Array {
  const count = labels.length;
  const maps = labels.flatMap(({ weight }) => [weight / 4, weight / 4, weight / 4, weight / 4]);
  const slow = slowPart(layers);
  return writeOnnx({
    inputs: [INPUT],
    outputs: [
      { name: 'logits', dims: ['n', count] },
      { name: 'cam', dims: ['n', count, 'h', 'w'] },
      { name: 'ood', dims: ['n'] },
    ],
    weights: [
      { name: 'maps', dims: [count, 1, 2, 2], values: Float32Array.from(maps) },
      { name: 'bias', dims: [count], values: Float32Array.from(labels, ({ bias }) => bias) },
      { name: 'edge', dims: [1, 1, 1, 2], values: Float32Array.from([-1, 1]) },
      ...slow.weights,
    ],
    nodes: [
      ...slow.nodes,
      { op: 'Conv', inputs: [slow.output, 'maps'], outputs: ['cam'], ints: { kernel_shape: [2, 2], strides: [2, 2] } },
      { op: 'ReduceMean', inputs: ['cam'], outputs: ['means'], ints: { axes: [2, 3] }, int: { keepdims: 0 } },
      { op: 'Add', inputs: ['means', 'bias'], outputs: ['logits'] },
      { op: 'Conv', inputs: ['image', 'edge'], outputs: ['edges'], ints: { kernel_shape: [1, 2] } },
      { op: 'Abs', inputs: ['edges'], outputs: ['contrasts'] },
      { op: 'ReduceMean', inputs: ['contrasts'], outputs: ['ood'], ints: { axes: [1, 2, 3] }, int: { keepdims: 0 } },
    ],
  });
}

/** Spreads the picture over 32 channels, passes it on through dense convolutions that are the identity, and averages it back. */
function slowPart(layers: number): { nodes: OnnxGraph['nodes']; weights: OnnxGraph['weights']; output: string } {
  if (layers === 0) return { nodes: [], weights: [], output: 'image' };
  const channels = 32;
  const identity = new Float32Array(channels * channels * 9);
  for (let c = 0; c < channels; c++) identity[(c * channels + c) * 9 + 4] = 1;
  const nodes: OnnxGraph['nodes'] = [{ op: 'Conv', inputs: ['image', 'spread'], outputs: ['layer0'], ints: { kernel_shape: [1, 1] } }];
  for (let layer = 0; layer < layers; layer++) {
    const ints = { kernel_shape: [3, 3], pads: [1, 1, 1, 1] };
    nodes.push({ op: 'Conv', inputs: [`layer${layer}`, 'identity'], outputs: [`layer${layer + 1}`], ints });
  }
  nodes.push({ op: 'Conv', inputs: [`layer${layers}`, 'gather'], outputs: ['gathered'], ints: { kernel_shape: [1, 1] } });
  const weights = [
    { name: 'spread', dims: [channels, 1, 1, 1], values: new Float32Array(channels).fill(1) },
    { name: 'identity', dims: [channels, channels, 3, 3], values: identity },
    { name: 'gather', dims: [1, channels, 1, 1], values: new Float32Array(channels).fill(1 / channels) },
  ];
  return { nodes, weights, output: 'gathered' };
}

/** A valid card for a network of `buildNetwork` that takes the picture as it is, 0..1. */
export function buildCard(id: string, onnx: Uint8Array, labels: string[]): ModelCard {
  return {
    id,
    version: '1.0.0',
    title: `Test model ${id}`,
    task: 'classification',
    intended_use: 'Tests',
    population: 'None',
    limits: ['Made by hand'],
    regulatory_status: 'Not a medical device',
    licence: 'Apache-2.0',
    attribution: [],
    training_data: [],
    metrics: [],
    accepts: { modalities: ['CR', 'DX'], body_parts: ['CHEST'], views: ['PA', 'AP'], age_years: { min: 1, max: 5 }, gate: null },
    input: { name: 'image', width: 8, height: 8, resize: 'stretch', normalize: { kind: 'scale', mean: 0, std: 1 } },
    outputs: { logits: 'logits', cam: 'cam', ood: 'ood' },
    labels: labels.map((label) => ({ id: label, title: `Title of ${label}` })),
    calibration: null,
    findings: [],
    out_of_distribution: null,
    provenance: { onnx_sha256: createHash('sha256').update(onnx).digest('hex'), recipe: 'test', seed: 0, trained_on: 'nothing' },
  };
}

/** A folder that is removed when the test ends. */
export async function temporaryFolder(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'isocenter-models-'));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  return folder;
}

/** Writes `<folder>/<card.id>` as a package. */
export async function writePackage(folder: string, card: ModelCard, onnx: Uint8Array): Promise<string> {
  const path = join(folder, card.id);
  await mkdir(join(path, 'golden'), { recursive: true });
  await writeFile(join(path, 'model.onnx'), onnx);
  await writeFile(join(path, 'card.json'), JSON.stringify(card, null, 2));
  return path;
}
