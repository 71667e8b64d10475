import type { ModelCard } from '../contract/model-card.ts';
import type { GrayImage } from '../imaging/gray-image.ts';
import { type Acquisition, accepts } from './acceptance.ts';
import type { Classification } from './postprocess.ts';
import type { Priority } from './thread-pool.ts';

/** What is known of the picture, and how urgent the answer is. */
export type EvaluationContext = Acquisition & {
  /** `interactive` unless told. */
  priority?: Priority | undefined;
  /** Takes the evaluation out of the queue. */
  signal?: AbortSignal | undefined;
};

/** What the gate said: how probable it is that the picture shows what the model was made for. */
export type GateResult = {
  model: string;
  digest: string;
  label: string;
  title: string;
  probability: number;
  minProbability: number;
  oodScore: number | null;
};

/** The outcome; `classification` and `gate` are null where it did not get that far, or the card asks for no gate. */
export type Evaluation = { gate: GateResult | null; caveats: string[] } & (
  | { status: 'succeeded'; classification: Classification }
  | { status: 'abstained'; reason: string; classification: Classification | null }
);

/** An evaluation with the size of the upright picture, in pixels: the geometry of its heat map. */
export type PictureEvaluation = Evaluation & { width: number; height: number };

/** A decoded picture, or the bytes of a JPEG, PNG or TIFF file. */
export type Picture = { image: GrayImage } | { bytes: Uint8Array };

/** What evaluates: `openModelPool` gives one. */
export type Evaluator = { evaluate(modelId: string, picture: Picture, context: EvaluationContext): Promise<PictureEvaluation> };

export type CheckedModel = { card: ModelCard; digest: string };

/**
 * The one way from a picture to a model's answer, for studies, single predictions and the command line: acceptance by the card, then
 * the gate, then the model; whatever is not what the model was made for is abstained from with the reason in words.
 *
 * The image's pixels move to the model's thread: `image.pixels` is empty afterwards.
 *
 * @throws {InferenceError} `unknown-model`, `busy`, `closed`, `crashed`, `failed`
 */
export function evaluateRadiograph(
  pool: Evaluator,
  modelId: string,
  image: GrayImage,
  context: EvaluationContext,
): Promise<PictureEvaluation> {
  return pool.evaluate(modelId, { image }, context);
}

/**
 * `evaluateRadiograph` for the bytes of a picture file, which the model's thread decodes: one round trip. The bytes stay with the caller.
 *
 * @throws {InferenceError} as above, and `invalid-picture`
 */
export function evaluatePicture(
  pool: Evaluator,
  modelId: string,
  bytes: Uint8Array,
  context: EvaluationContext,
): Promise<PictureEvaluation> {
  return pool.evaluate(modelId, { bytes }, context);
}

/**
 * The decision itself.
 *
 * @param gate the model that the card names as its gate, if it is installed
 * @param classify runs one of the two models on the picture
 */
export async function decide(
  { card, gate }: { card: ModelCard; gate: CheckedModel | undefined },
  acquisition: Acquisition,
  classify: (card: ModelCard) => Promise<Classification>,
): Promise<Evaluation> {
  const acceptance = accepts(card, acquisition);
  if (!acceptance.accepted) return { status: 'abstained', reason: acceptance.reason, classification: null, gate: null, caveats: [] };
  const { caveats } = acceptance;
  const gated = await passGate(card, gate, classify);
  if ('reason' in gated) return { status: 'abstained', reason: gated.reason, classification: null, gate: gated.gate, caveats };
  const classification = await classify(card);
  if (!classification.outOfDistribution) return { status: 'succeeded', classification, gate: gated.gate, caveats };
  return { status: 'abstained', reason: unlike(card, classification.oodScore), classification, gate: gated.gate, caveats };
}

type Gated = { gate: GateResult | null } | { gate: GateResult | null; reason: string };

async function passGate(
  card: ModelCard,
  installed: CheckedModel | undefined,
  classify: (card: ModelCard) => Promise<Classification>,
): Promise<Gated> {
  const wanted = card.accepts.gate;
  if (wanted === null) return { gate: null };
  if (!installed)
    return { gate: null, reason: `${card.title}: the model '${wanted.model}', which checks the picture first, is not installed` };
  const { scores, oodScore, outOfDistribution } = await classify(installed.card);
  const score = scores.find(({ label }) => label === wanted.label);
  if (!score) return { gate: null, reason: `${card.title}: the model '${wanted.model}' does not know the label '${wanted.label}'` };
  const { label, title, probability } = score;
  const gate = {
    model: wanted.model,
    digest: installed.digest,
    label,
    title,
    probability,
    minProbability: wanted.min_probability,
    oodScore,
  };
  if (probability < wanted.min_probability) {
    const numbers = `probability ${probability.toFixed(3)}, needed ${wanted.min_probability}`;
    return { gate, reason: `${card.title}: the picture does not look like ${title} (${numbers})` };
  }
  return outOfDistribution ? { gate, reason: unlike(installed.card, oodScore) } : { gate };
}

function unlike(card: ModelCard, score: number | null): string {
  const limit = card.out_of_distribution?.threshold;
  return `${card.title}: the picture is unlike those the model was made from (score ${score?.toFixed(2) ?? 'missing'}, limit ${limit})`;
}
