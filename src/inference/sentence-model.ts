import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { Tokenizer } from '@huggingface/tokenizers';
import { InferenceError } from './errors.ts';
import type { RawTensor } from './postprocess.ts';
import { openTokenNetwork } from './session.ts';

/** What a text is: some models want to be told (`query: `, `passage: `). */
export type TextRole = 'query' | 'passage';
/** `digest`: SHA-256 over the files that decide what a vector is. */
export type SentenceModelInfo = { name: string; digest: string; dimensions: number };
export type SentenceModel = {
  info: SentenceModelInfo;
  /** The sense of a text: a vector of length 1, or of zeros for a text without a known word. */
  embed(text: string, role: TextRole): Promise<Float32Array>;
  close(): Promise<void>;
};

/** Tokens of a text that are read where the model does not say; later ones are left out. */
const MAX_TOKENS = 256;
/** No more than this is given to a tokenizer: what is beyond would be left out anyway. */
const MAX_CHARACTERS = 16_384;

/** The files, as sentence-transformers write them; all but the first two may be missing. */
const FILES = {
  onnx: ['model.onnx', 'onnx/model.onnx'],
  tokenizer: ['tokenizer.json'],
  tokenizerConfig: ['tokenizer_config.json'],
  pooling: ['1_Pooling/config.json'],
  limits: ['sentence_bert_config.json'],
  prompts: ['config_sentence_transformers.json'],
} as const;

type Settings = { pooling: 'mean' | 'cls'; maxTokens: number; prompts: Record<TextRole, string> };

/**
 * Opens a model for the sense of sentences that somebody brought: a folder with `model.onnx` and `tokenizer.json`, as sentence-transformers
 * export them. The mean of all tokens (or the first, where the folder says so) is brought to length 1.
 *
 * Reimers, Gurevych. Sentence-BERT. EMNLP 2019, doi 10.18653/v1/D19-1410 (mean pooling).
 *
 * @throws {InferenceError} `failed` for a folder that holds no such model; the message names the file
 */
export async function openSentenceModel(folder: string, threads: number): Promise<SentenceModel> {
  const files = await readFiles(folder);
  if (!files.onnx || !files.tokenizer) throw unusable(files.onnx ? 'tokenizer.json is missing' : 'model.onnx is missing');
  const settings = settingsOf(files);
  const tokenizer = openTokenizer(files.tokenizer, files.tokenizerConfig);
  const network = await openTokenNetwork(files.onnx, threads).catch((error: unknown) => {
    if (error instanceof InferenceError) throw error;
    throw unusable('model.onnx cannot be loaded');
  });
  const dimensions = (await network.run([0])).dims.at(-1) ?? 0;
  const embed = async (text: string, role: TextRole): Promise<Float32Array> => {
    const { ids } = tokenizer.encode(settings.prompts[role] + text.slice(0, MAX_CHARACTERS));
    // A text of which the tokenizer knows no word has no direction.
    if (ids.length === 0) return new Float32Array(dimensions);
    return normalized(pooled(await network.run(cut(ids, settings.maxTokens)), settings.pooling));
  };
  return { info: { name: basename(folder), digest: digestOf(files), dimensions }, embed, close: () => network.close() };
}

type Files = Partial<Record<keyof typeof FILES, Buffer>>;

async function readFiles(folder: string): Promise<Files> {
  const files: Files = {};
  for (const [name, paths] of Object.entries(FILES))
    for (const path of paths) {
      const bytes = await readFile(join(folder, path)).catch(() => undefined);
      if (bytes) files[name as keyof typeof FILES] ??= bytes;
    }
  return files;
}

function digestOf(files: Files): string {
  const hash = createHash('sha256');
  for (const name of Object.keys(FILES) as (keyof typeof FILES)[]) {
    const bytes = files[name];
    if (bytes) hash.update(`${name} ${bytes.length}\n`).update(bytes);
  }
  return hash.digest('hex');
}

function settingsOf(files: Files): Settings {
  const pooling = jsonOf<{ pooling_mode_mean_tokens?: boolean; pooling_mode_cls_token?: boolean }>('1_Pooling/config.json', files.pooling);
  const mean = pooling.pooling_mode_mean_tokens ?? !pooling.pooling_mode_cls_token;
  if (!mean && !pooling.pooling_mode_cls_token) throw unusable('1_Pooling/config.json asks for a pooling other than mean and cls');
  const limits = jsonOf<{ max_seq_length?: number }>('sentence_bert_config.json', files.limits);
  const { prompts = {} } = jsonOf<{ prompts?: Record<string, string> }>('config_sentence_transformers.json', files.prompts);
  return {
    pooling: mean ? 'mean' : 'cls',
    maxTokens: Math.max(2, limits.max_seq_length ?? MAX_TOKENS),
    prompts: { query: prompts['query'] ?? '', passage: prompts['passage'] ?? prompts['document'] ?? '' },
  };
}

function openTokenizer(json: Buffer, config: Buffer | undefined): Tokenizer {
  try {
    return new Tokenizer(jsonOf('tokenizer.json', json), jsonOf('tokenizer_config.json', config));
  } catch (error) {
    if (error instanceof InferenceError) throw error;
    throw unusable('tokenizer.json cannot be read');
  }
}

/** What a file says; nothing where there is none. The shape is the library's that wrote it. */
function jsonOf<T extends object>(name: string, bytes: Buffer | undefined): Partial<T> {
  if (!bytes) return {};
  try {
    return JSON.parse(bytes.toString('utf8')) as Partial<T>;
  } catch {
    throw unusable(`${name} is no JSON`);
  }
}

/** The last token closes the text (`[SEP]`) and stays. */
function cut(ids: readonly number[], most: number): number[] {
  const last = ids.at(-1);
  return ids.length <= most || last === undefined ? [...ids] : [...ids.slice(0, most - 1), last];
}

/** @param tensor `[1, dimensions]`, pooled by the network itself, or `[1, tokens, dimensions]` */
function pooled({ data, dims }: RawTensor, pooling: Settings['pooling']): Float32Array {
  const dimensions = dims.at(-1) ?? 0;
  if (dims.length === 2) return data.slice(0, dimensions);
  if (dims.length !== 3 || dimensions === 0) throw unusable(`the output of model.onnx has the shape ${dims.join(' x ')}`);
  if (pooling === 'cls') return data.slice(0, dimensions);
  const tokens = data.length / dimensions;
  const mean = new Float32Array(dimensions);
  for (const [index, value] of data.entries()) mean[index % dimensions] = (mean[index % dimensions] ?? 0) + value / tokens;
  return mean;
}

function normalized(vector: Float32Array): Float32Array {
  const length = Math.hypot(...vector);
  if (!(length > 0) || !Number.isFinite(length)) throw new InferenceError('failed', 'the network gave no direction for a text');
  return vector.map((value) => value / length);
}

function unusable(reason: string): InferenceError {
  return new InferenceError('failed', `The model for the sense of sentences cannot be used: ${reason}`);
}
