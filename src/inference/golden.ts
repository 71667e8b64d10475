import { readFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { type Static, Type } from 'typebox';
import { Value } from 'typebox/value';
import { decodePicture } from './decode-picture.ts';
import { ModelPackageError } from './errors.ts';
import type { ModelPackage } from './model-package.ts';
import type { ModelPool } from './pool.ts';
import type { RawOutputs } from './postprocess.ts';
import { toTensor } from './preprocess.ts';

/** `file` is a picture of the package, `golden/<name>`; `tolerance` is the largest allowed difference of any number. */
const GoldenCases = Type.Array(
  Type.Object({
    file: Type.String({ pattern: '^golden/[\\w-]+\\.png$' }),
    logits: Type.Array(Type.Number()),
    ood: Type.Union([Type.Number(), Type.Null()]),
    tolerance: Type.Number({ minimum: 0 }),
  }),
);
type GoldenCase = Static<typeof GoldenCases>[number];

/** `differences` is empty if this machine computes what the package's makers computed. */
export type GoldenReport = { model: string; cases: number; differences: string[] };

/**
 * Runs the package's golden cases: known pictures with known outputs. Differences mean that decoding, preprocessing, runtime or weights
 * do not work here as they did where the model was measured; its figures then do not hold.
 *
 * @throws {ModelPackageError} if the list of cases cannot be read
 */
export async function checkGolden(pool: ModelPool, { card, goldenPath }: ModelPackage): Promise<GoldenReport> {
  if (goldenPath === null) return { model: card.id, cases: 0, differences: [] };
  const cases = await readCases(goldenPath);
  const differences: string[] = [];
  for (const golden of cases) {
    const { image } = await decodePicture(await readFile(join(dirname(goldenPath), golden.file)));
    const { width, height } = card.input;
    const raw = await pool.run(card.id, toTensor(image, card.input), [1, 1, height, width], { priority: 'background' });
    differences.push(...compare(golden, raw));
  }
  return { model: card.id, cases: cases.length, differences };
}

async function readCases(path: string): Promise<GoldenCase[]> {
  const json: unknown = JSON.parse(await readFile(path, 'utf8'));
  if (Value.Check(GoldenCases, json)) return json;
  const [first] = Value.Errors(GoldenCases, json);
  throw new ModelPackageError(`${path}: ${first?.instancePath || '/'} ${first?.message ?? 'is not valid'}`);
}

function compare({ file, logits, ood, tolerance }: GoldenCase, raw: RawOutputs): string[] {
  const actual = [...raw.logits.data];
  if (actual.length !== logits.length) return [`${file}: ${actual.length} logits, expected ${logits.length}`];
  const pairs = logits.map((expected, index) => ({ name: `logit ${index}`, expected, value: actual[index] ?? Number.NaN }));
  if (ood !== null) pairs.push({ name: 'ood', expected: ood, value: raw.ood?.data[0] ?? Number.NaN });
  return pairs
    .filter(({ expected, value }) => !(Math.abs(value - expected) <= tolerance))
    .map(({ name, expected, value }) => `${file}: ${name} is ${value}, expected ${expected} within ${tolerance}`);
}
