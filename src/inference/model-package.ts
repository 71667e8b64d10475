import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { open, readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Value } from 'typebox/value';
import { ModelCard, QuantificationCard } from '../contract/model-card.ts';
import { ModelPackageError } from './errors.ts';

const CARD_FILE = 'card.json';
const ONNX_FILE = 'model.onnx';
const GOLDEN_FILE = 'golden.json';
const READ_BYTES = 262_144;

/** A network with everything that is known about it, checked. */
export type ModelPackage = {
  card: ModelCard;
  /** SHA-256 over the canonical card, a zero byte, and the bytes of `model.onnx`; 64 lower-case hex digits. */
  digest: string;
  /** Size of `model.onnx` in bytes. */
  sizeBytes: number;
  onnxPath: string;
  /** List of golden cases; null if the package brings none. */
  goldenPath: string | null;
};

/**
 * Loads every subfolder of `folder` that has a `card.json`; other files are ignored. A package counts only with a valid card, a
 * licence (X-29) and the very weights that the card names. Cards of algorithms without weights are not for here.
 *
 * @returns in order of model id
 * @throws {ModelPackageError} naming the file and the field
 */
export async function loadModelPackages(folder: string): Promise<ModelPackage[]> {
  if (!existsSync(folder)) throw new ModelPackageError(`${folder}: there is no such folder of model packages`);
  const packages: ModelPackage[] = [];
  for (const entry of await readdir(folder, { withFileTypes: true })) {
    if (!entry.isDirectory() || !existsSync(join(folder, entry.name, CARD_FILE))) continue;
    const json = await readCardJson(join(folder, entry.name, CARD_FILE));
    if (!Value.Check(QuantificationCard, json)) packages.push(await loadModelPackage(folder, entry.name, json));
  }
  return packages.sort((a, b) => (a.card.id < b.card.id ? -1 : 1));
}

/** JSON with sorted keys and no spaces: equal values give equal text. */
export function canonicalJson(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(canonicalJson).join(',')}]`;
  if (value === null || typeof value !== 'object') return JSON.stringify(value);
  const members = Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1));
  return `{${members.map(([key, member]) => `${JSON.stringify(key)}:${canonicalJson(member)}`).join(',')}}`;
}

async function loadModelPackage(folder: string, name: string, json: unknown): Promise<ModelPackage> {
  const cardPath = join(folder, name, CARD_FILE);
  const onnxPath = join(folder, name, ONNX_FILE);
  const card = checkCard(cardPath, json, name);
  const { sha256, digest, sizeBytes } = await hashPackage(onnxPath, json);
  if (sha256 !== card.provenance.onnx_sha256)
    throw new ModelPackageError(
      `${cardPath}: /provenance/onnx_sha256 is ${card.provenance.onnx_sha256}, but ${ONNX_FILE} has ${sha256}: card and weights do not belong together`,
    );
  const goldenPath = join(folder, name, GOLDEN_FILE);
  return { card, digest, sizeBytes, onnxPath, goldenPath: existsSync(goldenPath) ? goldenPath : null };
}

/** Both hashes in one pass over one small buffer: an idle server should not have held the weights. */
async function hashPackage(onnxPath: string, cardJson: unknown): Promise<{ sha256: string; digest: string; sizeBytes: number }> {
  const weights = createHash('sha256');
  const whole = createHash('sha256').update(canonicalJson(cardJson)).update('\0');
  const buffer = Buffer.allocUnsafeSlow(READ_BYTES);
  let sizeBytes = 0;
  try {
    await using file = await open(onnxPath);
    for (;;) {
      const { bytesRead } = await file.read(buffer, 0, buffer.length);
      if (bytesRead === 0) break;
      weights.update(buffer.subarray(0, bytesRead));
      whole.update(buffer.subarray(0, bytesRead));
      sizeBytes += bytesRead;
    }
  } catch (cause) {
    throw new ModelPackageError(`${onnxPath}: cannot be read`, { cause });
  }
  return { sha256: weights.digest('hex'), digest: whole.digest('hex'), sizeBytes };
}

async function readCardJson(path: string): Promise<unknown> {
  const text = await readFile(path, 'utf8');
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw new ModelPackageError(`${path}: not valid JSON`, { cause });
  }
}

function checkCard(path: string, json: unknown, folderName: string): ModelCard {
  if (!Value.Check(ModelCard, json)) {
    const [first] = Value.Errors(ModelCard, json);
    throw new ModelPackageError(`${path}: ${first?.instancePath || '/'} ${first?.message ?? 'is not valid'}`);
  }
  const wrong = findInconsistency(json, folderName);
  if (wrong !== undefined) throw new ModelPackageError(`${path}: ${wrong}`);
  return json;
}

/** What the schema cannot say: fields that must agree with one another. */
function findInconsistency(card: ModelCard, folderName: string): string | undefined {
  if (card.id !== folderName) return `/id is '${card.id}', but the folder is named '${folderName}'`;
  if (card.licence.trim() === '') return '/licence is empty; a model without a licence is not loaded';
  const labels = card.labels.map(({ id }) => id);
  if (new Set(labels).size !== labels.length) return '/labels has the same id twice';
  for (const [index, finding] of card.findings.entries()) {
    const unknown = finding.sum_of.find((label) => !labels.includes(label));
    if (unknown !== undefined) return `/findings/${index}/sum_of names '${unknown}', which is not in /labels`;
  }
  if (card.out_of_distribution !== null && card.outputs.ood === null) return '/out_of_distribution needs /outputs/ood';
  return undefined;
}
