import { existsSync } from 'node:fs';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import sharp from 'sharp';
import { describe, expect, onTestFinished, test } from 'vitest';
import { buildCard, buildNetwork, temporaryFolder, writePackage } from '../../test/inference/model-builder.ts';
import { checkGolden } from './golden.ts';
import { loadModelPackages, type ModelPackage } from './model-package.ts';
import { type ModelPool, openModelPool } from './pool.ts';

const BUNDLED = new URL('../../models/', import.meta.url).pathname;
const bundled = existsSync(BUNDLED) ? await loadModelPackages(BUNDLED) : [];

async function open(folder: string): Promise<{ pool: ModelPool; model: ModelPackage }> {
  const packages = await loadModelPackages(folder);
  const pool = await openModelPool({ packages, workers: 1 });
  onTestFinished(() => pool.close());
  const [model] = packages;
  if (!model) throw new Error('No package');
  return { pool, model };
}

async function writeGolden(cases: unknown): Promise<string> {
  const folder = await temporaryFolder();
  const onnx = buildNetwork({
    labels: [
      { weight: 255, bias: 0 },
      { weight: -255, bias: 0 },
    ],
  });
  const path = await writePackage(folder, buildCard('bright', onnx, ['light', 'dark']), onnx);
  const gray = sharp(new Uint8Array(64).fill(51), { raw: { width: 8, height: 8, channels: 1 } });
  await writeFile(join(path, 'golden', 'gray.png'), await gray.png().toBuffer());
  await writeFile(join(path, 'golden.json'), JSON.stringify(cases));
  return folder;
}

describe('golden cases', () => {
  test('that agree are reported without a difference', async () => {
    const { pool, model } = await open(await writeGolden([{ file: 'golden/gray.png', logits: [51, -51], ood: 0, tolerance: 0.001 }]));
    expect(await checkGolden(pool, model)).toEqual({ model: 'bright', cases: 1, differences: [] });
  });

  test('that disagree are reported number by number', async () => {
    const cases = [
      { file: 'golden/gray.png', logits: [51.01, -51], ood: 0.5, tolerance: 0.001 },
      { file: 'golden/gray.png', logits: [51], ood: null, tolerance: 0.001 },
    ];
    const { pool, model } = await open(await writeGolden(cases));
    const { differences } = await checkGolden(pool, model);
    expect(differences).toHaveLength(3);
    expect(differences[0]).toMatch(/^golden\/gray\.png: logit 0 is 5[01]\S*, expected 51\.01 within 0\.001$/);
    expect(differences[1]).toBe('golden/gray.png: ood is 0, expected 0.5 within 0.001');
    expect(differences[2]).toBe('golden/gray.png: 2 logits, expected 1');
  });

  test('may not name files outside of their folder', async () => {
    const { pool, model } = await open(await writeGolden([{ file: 'golden/../model.onnx', logits: [], ood: null, tolerance: 0 }]));
    await expect(checkGolden(pool, model)).rejects.toThrow(/golden\.json: \/0\/file /);
  });

  test('a package without any has none to fail', async () => {
    const folder = await temporaryFolder();
    const onnx = buildNetwork({ labels: [{ weight: 1, bias: 0 }] });
    await writePackage(folder, buildCard('bright', onnx, ['light', 'dark']), onnx);
    const { pool, model } = await open(folder);
    expect(await checkGolden(pool, model)).toEqual({ model: 'bright', cases: 0, differences: [] });
  });
});

describe.runIf(bundled.length > 0)('the bundled models', () => {
  test.each(bundled)('$card.id computes here what it computed where it was measured', async (model) => {
    const pool = await openModelPool({ packages: bundled, workers: 1 });
    onTestFinished(() => pool.close());
    const report = await checkGolden(pool, model);
    expect(report.differences).toEqual([]);
    expect(report.cases).toBeGreaterThan(0);
  });

  test.each(bundled)('$card.id has a card that says what it must not be used for', async ({ card, onnxPath }) => {
    expect(`${card.regulatory_status} ${card.limits.join(' ')}`).toMatch(/not a medical device/i);
    expect(card.limits.length).toBeGreaterThan(0);
    expect((await readFile(onnxPath)).length).toBeLessThan(25 * 1024 * 1024);
  });
});
