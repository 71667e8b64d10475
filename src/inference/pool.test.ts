import { writeFile } from 'node:fs/promises';
import { setImmediate } from 'node:timers/promises';
import { describe, expect, onTestFinished, test } from 'vitest';
import { buildCard, buildNetwork, type Network, temporaryFolder, writePackage } from '../../test/inference/model-builder.ts';
import type { ModelCard } from '../contract/model-card.ts';
import { InferenceBusy } from './errors.ts';
import { loadModelPackages } from './model-package.ts';
import { type ModelPool, type ModelPoolOptions, openModelPool } from './pool.ts';

const NETWORK: Network = {
  labels: [
    { weight: 2, bias: -1 },
    { weight: -2, bias: 1 },
  ],
};
const DIMS = [1, 1, 8, 8];
/** About a quarter of a second on one core: long enough that other work happens meanwhile. */
const SLOW = { network: { ...NETWORK, layers: 10 }, dims: [1, 1, 256, 256] };

async function openPool(
  network: Network,
  options: Partial<ModelPoolOptions> = {},
  change: (card: ModelCard) => ModelCard = (card) => card,
): Promise<ModelPool> {
  const folder = await temporaryFolder();
  const onnx = buildNetwork(network);
  await writePackage(folder, change(buildCard('bright', onnx, ['light', 'dark'])), onnx);
  const pool = await openModelPool({ packages: await loadModelPackages(folder), workers: 1, ...options });
  onTestFinished(() => pool.close());
  return pool;
}

const filled = (value: number, length = 64) => new Float32Array(length).fill(value);
const slowTensor = () => filled(0.5, 256 * 256);

describe('models in threads', () => {
  test('compute what the network says', async () => {
    const pool = await openPool(NETWORK);
    const { logits, cam, ood } = await pool.run('bright', filled(0.75), DIMS);
    expect(logits).toEqual({ data: Float32Array.of(0.5, -0.5), dims: [1, 2] });
    expect(cam?.dims).toEqual([1, 2, 4, 4]);
    expect(cam?.data[0]).toBeCloseTo(1.5, 6);
    expect(ood).toEqual({ data: Float32Array.of(0), dims: [1] });
  });

  test('take several pictures at once', async () => {
    const pool = await openPool(NETWORK);
    const batch = new Float32Array(128).fill(1, 64);
    const { logits } = await pool.run('bright', batch, [2, 1, 8, 8]);
    expect(logits).toEqual({ data: Float32Array.of(-1, 1, 1, -1), dims: [2, 2] });
  });

  test('classify prepares the picture by the card and reads the numbers by the card', async () => {
    const pool = await openPool(NETWORK, {}, (card) => ({
      ...card,
      findings: [{ id: 'bright', title: 'Bright', sum_of: ['light'], threshold: 0.5 }],
    }));
    // 16 by 16, shrunk to 8 by 8; mean gray 0.75.
    const { scores, findings, cam } = await pool.classify('bright', { width: 16, height: 16, pixels: filled(0.75, 256) });
    expect(scores[0]?.probability).toBeCloseTo(1 / (1 + Math.exp(-1)), 6);
    expect(findings).toMatchObject([{ id: 'bright', positive: true }]);
    expect(cam).toMatchObject({ width: 4, height: 4 });
  });

  test('move the pixels instead of copying them, and say so if they are used again', async () => {
    const pool = await openPool(NETWORK);
    const image = { width: 8, height: 8, pixels: filled(0.5) };
    await pool.classify('bright', image);
    expect(image.pixels.length).toBe(0);
    await expect(pool.classify('bright', image)).rejects.toThrow(/moved to a model already/);
  });

  test('leave a larger buffer alone when given a part of it', async () => {
    const pool = await openPool(NETWORK);
    const all = filled(0.5, 128);
    await pool.run('bright', all.subarray(0, 64), DIMS);
    expect(all.length).toBe(128);
  });

  test('the same input gives the same bytes, whichever thread computes it', async () => {
    const pool = await openPool({ ...NETWORK, layers: 1 }, { workers: 2 });
    const input = Float32Array.from({ length: 64 }, (_, index) => Math.sin(index));
    const runs = await Promise.all(Array.from({ length: 8 }, () => pool.run('bright', input.slice(), DIMS)));
    expect(pool.counts().workers).toBe(2);
    for (const run of runs) expect(run).toEqual(runs[0]);
  });

  test('the event loop goes on while a network runs', async () => {
    const pool = await openPool(SLOW.network);
    const events: string[] = [];
    setTimeout(() => events.push('timer'), 1);
    const run = pool.run('bright', slowTensor(), SLOW.dims).then(() => events.push('run'));
    let turns = 0;
    while (!events.includes('run')) {
      await setImmediate();
      turns++;
    }
    await run;
    expect(events).toEqual(['timer', 'run']);
    expect(turns).toBeGreaterThan(100);
  });

  test('closing during runs finishes them and everything that was accepted', async () => {
    const pool = await openPool(SLOW.network, { workers: 2 });
    const runs = Array.from({ length: 4 }, () => pool.run('bright', slowTensor(), SLOW.dims));
    const closed = pool.close();
    await expect(pool.run('bright', slowTensor(), SLOW.dims)).rejects.toMatchObject({ kind: 'closed' });
    await closed;
    expect(pool.counts()).toEqual({ workers: 0, running: 0, waiting: 0 });
    for (const { logits } of await Promise.all(runs)) expect(logits.data[0]).toBeCloseTo(0, 4);
  });

  test('refuse more than the queue holds', async () => {
    const pool = await openPool(SLOW.network, { maxWaiting: 1 });
    const taken = [1, 2].map(() => pool.run('bright', slowTensor(), SLOW.dims));
    await expect(pool.run('bright', slowTensor(), SLOW.dims)).rejects.toThrow(InferenceBusy);
    await Promise.all(taken);
  });
});

describe('what cannot be computed is an error that names the reason', () => {
  test('an unknown model', async () => {
    const pool = await openPool(NETWORK);
    await expect(pool.run('other', filled(0), DIMS)).rejects.toMatchObject({
      kind: 'unknown-model',
      message: "No model 'other' is loaded",
    });
  });

  test('a tensor that does not fill its dimensions', async () => {
    const pool = await openPool(NETWORK);
    await expect(pool.run('bright', filled(0, 63), DIMS)).rejects.toThrow('63 values where the size asks for 64');
  });

  test('dimensions that the network does not take; the thread goes on', async () => {
    const pool = await openPool(NETWORK);
    await expect(pool.run('bright', filled(0), [1, 8, 8])).rejects.toMatchObject({ kind: 'failed' });
    expect((await pool.run('bright', filled(0), DIMS)).logits.data[1]).toBe(1);
  });

  test('weights that changed after they were checked', async () => {
    const pool = await openPool(NETWORK);
    const [{ onnxPath } = { onnxPath: '' }] = pool.packages;
    await writeFile(onnxPath, buildNetwork({ labels: [{ weight: 9, bias: 0 }] }));
    await expect(pool.run('bright', filled(0), DIMS)).rejects.toThrow('bright: model.onnx has changed since it was checked');
  });

  test('a file that is not a network', async () => {
    const folder = await temporaryFolder();
    const noise = Uint8Array.from({ length: 100 }, (_, index) => index * 37);
    await writePackage(folder, buildCard('noise', noise, ['a', 'b']), noise);
    const pool = await openModelPool({ packages: await loadModelPackages(folder), workers: 1 });
    onTestFinished(() => pool.close());
    await expect(pool.run('noise', filled(0), DIMS)).rejects.toMatchObject({ kind: 'failed' });
  });

  test('a card that names an output which the network does not have', async () => {
    const pool = await openPool(NETWORK, {}, (card) => ({ ...card, outputs: { ...card.outputs, ood: 'distance' } }));
    await expect(pool.run('bright', filled(0), DIMS)).rejects.toThrow("model.onnx has no input or output 'distance'");
  });
});
