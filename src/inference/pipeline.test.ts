import sharp from 'sharp';
import { describe, expect, onTestFinished, test } from 'vitest';
import { buildCard, buildNetwork, temporaryFolder, writePackage } from '../../test/inference/model-builder.ts';
import type { ModelCard } from '../contract/model-card.ts';
import { loadModelPackages } from './model-package.ts';
import { evaluatePicture, evaluateRadiograph } from './pipeline.ts';
import { type ModelPool, openModelPool } from './pool.ts';

const GATE_NETWORK = {
  labels: [
    { weight: 20, bias: -10 },
    { weight: -20, bias: 10 },
  ],
};
const MODEL_NETWORK = {
  labels: [
    { weight: 10, bias: -7 },
    { weight: -10, bias: 7 },
  ],
};
const OOD = { threshold: 0.2, direction: 'above' as const };
const CHEST = { modality: 'DX', bodyPart: 'CHEST', view: 'PA', ageYears: 3 };

type Changes = { gate?: Partial<ModelCard>; model?: Partial<ModelCard>; withoutGate?: boolean };

/** A gate that takes bright pictures for chests and refuses coarse ones, and a model that finds very bright ones, stricter on coarseness. */
async function openChestPool({ gate = {}, model = {}, withoutGate = false }: Changes = {}): Promise<ModelPool> {
  const folder = await temporaryFolder();
  const gateOnnx = buildNetwork(GATE_NETWORK);
  const modelOnnx = buildNetwork(MODEL_NETWORK);
  const gateCard = { ...buildCard('body-part', gateOnnx, ['cxr', 'none']), out_of_distribution: OOD, ...gate };
  const card = buildCard('chest', modelOnnx, ['sick', 'well']);
  card.accepts.gate = { model: 'body-part', label: 'cxr', min_probability: 0.9 };
  card.findings = [{ id: 'sickness', title: 'Sickness', sum_of: ['sick'], threshold: 0.5 }];
  card.out_of_distribution = { ...OOD, threshold: 0.1 };
  if (!withoutGate) await writePackage(folder, gateCard, gateOnnx);
  await writePackage(folder, { ...card, ...model }, modelOnnx);
  const pool = await openModelPool({ packages: await loadModelPackages(folder), workers: 1 });
  onTestFinished(() => pool.close());
  return pool;
}

/** A gray picture whose columns alternate by `contrast` around `mean`. */
function stripes(mean: number, contrast = 0) {
  return {
    width: 8,
    height: 8,
    pixels: Float32Array.from({ length: 64 }, (_, index) => mean + (index % 2 === 0 ? contrast : -contrast) / 2),
  };
}

describe('from a picture to a decision', () => {
  test('a picture that passes the gate is evaluated', async () => {
    const pool = await openChestPool();
    const result = await evaluateRadiograph(pool, 'chest', stripes(0.8), CHEST);
    expect(result).toMatchObject({
      status: 'succeeded',
      gate: { model: 'body-part', label: 'cxr', minProbability: 0.9, digest: pool.packages[0]?.digest },
      classification: { findings: [{ id: 'sickness', positive: true }], outOfDistribution: false },
      caveats: [],
      width: 8,
      height: 8,
    });
    expect(result.gate?.probability).toBeCloseTo(1 / (1 + Math.exp(-12)), 5);
  });

  test('what the card was not made for is not even looked at', async () => {
    const pool = await openChestPool();
    expect(await evaluateRadiograph(pool, 'chest', stripes(0.8), { ...CHEST, ageYears: 40 })).toEqual({
      status: 'abstained',
      reason: "Test model chest: made for 1 to 5 years; the patient's age is outside",
      gate: null,
      classification: null,
      caveats: [],
      width: 8,
      height: 8,
    });
  });

  test('a picture that the gate does not recognize is abstained from, with its probability', async () => {
    const pool = await openChestPool();
    expect(await evaluateRadiograph(pool, 'chest', stripes(0.5), CHEST)).toMatchObject({
      status: 'abstained',
      reason: 'Test model chest: the picture does not look like Title of cxr (probability 0.500, needed 0.9)',
      gate: { label: 'cxr', minProbability: 0.9 },
      classification: null,
    });
  });

  test('a picture that the gate recognizes but has never seen the like of is abstained from', async () => {
    const pool = await openChestPool();
    expect(await evaluateRadiograph(pool, 'chest', stripes(0.8, 0.3), CHEST)).toMatchObject({
      status: 'abstained',
      reason: 'Test model body-part: the picture is unlike those the model was made from (score 0.30, limit 0.2)',
      gate: { label: 'cxr' },
      classification: null,
    });
  });

  test('a picture outside of what the model itself was made from is abstained from, with its numbers', async () => {
    const pool = await openChestPool();
    expect(await evaluateRadiograph(pool, 'chest', stripes(0.8, 0.15), CHEST)).toMatchObject({
      status: 'abstained',
      reason: 'Test model chest: the picture is unlike those the model was made from (score 0.15, limit 0.1)',
      gate: { label: 'cxr' },
      classification: { outOfDistribution: true, findings: [{ positive: true }] },
    });
  });

  test('without the gate that its card asks for, a model does not guess', async () => {
    const missing = await openChestPool({ withoutGate: true });
    expect(await evaluateRadiograph(missing, 'chest', stripes(0.8), CHEST)).toMatchObject({
      status: 'abstained',
      reason: "Test model chest: the model 'body-part', which checks the picture first, is not installed",
    });
    const other = await openChestPool({
      gate: {
        labels: [
          { id: 'hand', title: 'Hand' },
          { id: 'none', title: 'None' },
        ],
      },
    });
    expect(await evaluateRadiograph(other, 'chest', stripes(0.8), CHEST)).toMatchObject({
      status: 'abstained',
      reason: "Test model chest: the model 'body-part' does not know the label 'cxr'",
    });
  });

  test('a model without a gate is asked directly', async () => {
    const pool = await openChestPool();
    const result = await evaluateRadiograph(pool, 'body-part', stripes(0.8), {});
    expect(result).toMatchObject({ status: 'succeeded', gate: null });
    expect(result.caveats).toHaveLength(4);
  });

  test('a file gives the same answer as its pixels, and stays with the caller', async () => {
    const pool = await openChestPool();
    const gray = Uint8Array.from({ length: 64 }, (_, index) => 190 + (index % 8));
    const png = await sharp(gray, { raw: { width: 8, height: 8, channels: 1 } })
      .toColourspace('b-w')
      .png()
      .toBuffer();
    const fromFile = await evaluatePicture(pool, 'chest', png, CHEST);
    const pixels = Float32Array.from(gray, (value) => value / 255);
    expect(fromFile.status).toBe('succeeded');
    expect(fromFile).toEqual(await evaluateRadiograph(pool, 'chest', { width: 8, height: 8, pixels }, CHEST));
    expect(png.length).toBeGreaterThan(0);
  });

  test('a file that is not a picture is an error, not an abstention', async () => {
    const pool = await openChestPool();
    await expect(evaluatePicture(pool, 'chest', Buffer.from('nothing'), CHEST)).rejects.toMatchObject({ kind: 'invalid-picture' });
  });

  test('an aborted evaluation leaves the queue', async () => {
    const pool = await openChestPool();
    const first = evaluateRadiograph(pool, 'chest', stripes(0.8), CHEST);
    const abort = new AbortController();
    const second = evaluateRadiograph(pool, 'chest', stripes(0.8), { ...CHEST, signal: abort.signal, priority: 'background' });
    abort.abort(new Error('cancelled'));
    await expect(second).rejects.toThrow('cancelled');
    expect((await first).status).toBe('succeeded');
  });
});
