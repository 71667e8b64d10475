import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Value } from 'typebox/value';
import { type ModelCard, QuantificationCard } from '../../contract/model-card.ts';
import { loadModelPackages, type ModelPackage } from '../../inference/model-package.ts';

/** Whatever analyzes: a network with its weights, or an algorithm that is part of this program. */
export type InstalledModel = { card: ModelCard | QuantificationCard; digest: string; sizeBytes: number };
export type InstalledModels = { packages: ModelPackage[]; models: InstalledModel[] };

/** The folder of the models that come with the program: beside `src` in a checkout, beside the build in a package. */
const BUNDLED = fileURLToPath(new URL('../../../models', import.meta.url));

/**
 * Loads the model packages of a folder, the bundled one unless told.
 *
 * @throws {ModelPackageError} naming the file and the field
 */
export async function loadInstalledModels(folder: string): Promise<InstalledModels> {
  const root = folder || BUNDLED;
  const packages = await loadModelPackages(root);
  const quantifiers = await loadQuantifiers(root);
  const networks = packages.map(({ card, digest, sizeBytes }) => ({ card, digest, sizeBytes }));
  return { packages, models: [...networks, ...quantifiers].sort((a, b) => (a.card.id < b.card.id ? -1 : 1)) };
}

/** Cards without weights; their digest is that of the card, whose version moves with the algorithm. */
async function loadQuantifiers(root: string): Promise<InstalledModel[]> {
  const found: InstalledModel[] = [];
  for (const entry of await readdir(root, { withFileTypes: true })) {
    const path = join(root, entry.name, 'card.json');
    if (!entry.isDirectory() || !existsSync(path)) continue;
    const text = await readFile(path, 'utf8');
    const card: unknown = JSON.parse(text);
    if (Value.Check(QuantificationCard, card)) found.push({ card, digest: createHash('sha256').update(text).digest('hex'), sizeBytes: 0 });
  }
  return found;
}
