import { rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { buildCard, buildNetwork, temporaryFolder, writePackage } from '../../test/inference/model-builder.ts';
import type { ModelCard } from '../contract/model-card.ts';
import { ModelPackageError } from './errors.ts';
import { canonicalJson, loadModelPackages } from './model-package.ts';

const onnx = buildNetwork({
  labels: [
    { weight: 1, bias: 0 },
    { weight: -1, bias: 0 },
  ],
});
const card = buildCard('bright', onnx, ['light', 'dark']);

async function load(changed: unknown, folderName = 'bright'): Promise<unknown> {
  const folder = await temporaryFolder();
  await writePackage(folder, { ...card, id: folderName }, onnx);
  await writeFile(join(folder, folderName, 'card.json'), JSON.stringify(changed));
  return loadModelPackages(folder);
}

describe('loading model packages', () => {
  test('gives each package with its card, size and digest, in order of id, and ignores other files', async () => {
    const folder = await temporaryFolder();
    await writePackage(folder, { ...card, id: 'second' }, onnx);
    const path = await writePackage(folder, card, onnx);
    await writeFile(join(path, 'notes.txt'), 'ignored');
    await writeFile(join(folder, 'LICENSE'), 'ignored');
    const packages = await loadModelPackages(folder);
    expect(packages.map((one) => one.card.id)).toEqual(['bright', 'second']);
    expect(packages[0]).toMatchObject({ card, sizeBytes: onnx.length, onnxPath: join(path, 'model.onnx'), goldenPath: null });
    expect(packages[0]?.digest).toMatch(/^[0-9a-f]{64}$/);
  });

  test('the digest follows the meaning of the card and the weights, not how the card is written', async () => {
    const digestOf = async (one: ModelCard, bytes: Uint8Array, indent: number) => {
      const folder = await temporaryFolder();
      const path = await writePackage(folder, one, bytes);
      await writeFile(join(path, 'card.json'), JSON.stringify(Object.fromEntries(Object.entries(one).reverse()), null, indent));
      return (await loadModelPackages(folder))[0]?.digest;
    };
    const other = buildNetwork({
      labels: [
        { weight: 1, bias: 0 },
        { weight: -1, bias: 0.5 },
      ],
    });
    const digest = await digestOf(card, onnx, 0);
    expect(await digestOf(card, onnx, 4)).toBe(digest);
    expect(await digestOf({ ...card, limits: ['Changed'] }, onnx, 0)).not.toBe(digest);
    expect(await digestOf(buildCard('bright', other, ['light', 'dark']), other, 0)).not.toBe(digest);
  });

  test.each([
    ['a missing field', { ...card, intended_use: undefined }, /bright\/card\.json: .*intended_use/],
    ['a wrong value', { ...card, input: { ...card.input, width: 0 } }, /bright\/card\.json: \/input\/width /],
    ['an empty licence (X-29)', { ...card, licence: ' ' }, /bright\/card\.json: \/licence is empty/],
    ['a missing licence (X-29)', { ...card, licence: undefined }, /bright\/card\.json: .*licence/],
    ['another id than its folder', { ...card, id: 'else' }, /bright\/card\.json: \/id is 'else'/],
    [
      'a finding of an unknown label',
      { ...card, findings: [{ id: 'f', title: 'F', sum_of: ['gray'], threshold: 0.5 }] },
      /\/findings\/0\/sum_of names 'gray'/,
    ],
    [
      'other weights',
      { ...card, provenance: { ...card.provenance, onnx_sha256: '0'.repeat(64) } },
      /\/provenance\/onnx_sha256 is 0{64}, but model\.onnx has/,
    ],
  ])('refuses a card with %s, naming file and field', async (_, changed, message) => {
    await expect(load(changed)).rejects.toThrow(ModelPackageError);
    await expect(load(changed)).rejects.toThrow(message);
  });

  test('refuses a card that is not JSON, a package without weights, and a folder that is not there', async () => {
    const folder = await temporaryFolder();
    const path = await writePackage(folder, card, onnx);
    await writeFile(join(path, 'card.json'), '{ "id": ');
    await expect(loadModelPackages(folder)).rejects.toThrow(/card\.json: not valid JSON/);
    const bare = await temporaryFolder();
    await writePackage(bare, card, onnx);
    await rm(join(bare, 'bright', 'model.onnx'));
    await expect(loadModelPackages(bare)).rejects.toThrow(/model\.onnx: cannot be read/);
    await expect(loadModelPackages(join(folder, 'nowhere'))).rejects.toThrow(/no such folder/);
  });
});

test('canonical JSON sorts keys at every depth and keeps the order of lists', () => {
  expect(canonicalJson({ b: [{ d: 1, c: null }, 2], a: 'x' })).toBe('{"a":"x","b":[{"c":null,"d":1},2]}');
});
