import { cp, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import sharp from 'sharp';
import { loadModelPackages } from '../src/inference/model-package.ts';
import { dataFile, dataFiles, hasSharedData } from '../test/data.ts';

const SIDE = 224;
const MODELS = new URL('../models/', import.meta.url).pathname;

export type Pictures = {
  jpegs: Uint8Array[];
  /** Folder of model packages under which both networks run on each of them. */
  modelsDir: string;
  source: string;
  /** Removes the copies. */
  close(): Promise<void>;
};

/**
 * Radiographs of the shared data. Without those, drawings: no radiographs, so their models are copies whose gate and limit of
 * strangeness let everything through.
 */
export async function openPictures(count: number): Promise<Pictures> {
  if (!hasSharedData) {
    const modelsDir = await copyModelsWithoutVeto();
    const close = (): Promise<void> => rm(modelsDir, { recursive: true });
    return { jpegs: [await drawPicture()], modelsDir, source: 'a drawn 224 x 224 JPEG', close };
  }
  const names = dataFiles('kermany-cxr', 'test', 'NORMAL').slice(0, count);
  const jpegs = names.map((name) => dataFile('kermany-cxr', 'test', 'NORMAL', name));
  return { jpegs, modelsDir: MODELS, source: `${names.length} Kermany test radiographs, 224 x 224 JPEG`, close: async () => undefined };
}

/** A chest-like drawing: two dark lungs on gray, as JPEG. */
export async function drawPicture(): Promise<Uint8Array> {
  const pixels = new Uint8Array(SIDE * SIDE);
  for (let y = 0; y < SIDE; y++)
    for (let x = 0; x < SIDE; x++) {
      const isLung = [0.31, 0.69].some((center) => ((x / SIDE - center) / 0.15) ** 2 + ((y / SIDE - 0.5) / 0.35) ** 2 < 1);
      pixels[y * SIDE + x] = (isLung ? 60 : 170) + 20 * Math.sin(x / 7) * Math.cos(y / 9);
    }
  return sharp(pixels, { raw: { width: SIDE, height: SIDE, channels: 1 } })
    .jpeg({ quality: 92 })
    .toBuffer();
}

async function copyModelsWithoutVeto(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'isocenter-bench-models-'));
  for (const { card, onnxPath } of await loadModelPackages(MODELS)) {
    const { gate } = card.accepts;
    const loose = { ...card, accepts: { ...card.accepts, gate: gate && { ...gate, min_probability: 0 } }, out_of_distribution: null };
    await mkdir(join(folder, card.id));
    await cp(onnxPath, join(folder, card.id, 'model.onnx'));
    await writeFile(join(folder, card.id, 'card.json'), JSON.stringify(loose));
  }
  return folder;
}
