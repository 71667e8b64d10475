import type { FastifyInstance, FastifyRequest } from 'fastify';
import { getPrediction, listPredictions, type Prediction, predict, predictBatch } from '../../contract/predictions.ts';
import { AppError } from '../platform/errors.ts';
import { serve } from '../platform/route.ts';
import type { Scope } from '../platform/scope.ts';
import { readMultipart } from '../studies/read-multipart.ts';
import { type PredictDeps, predictPicture } from './predict.ts';
import { findPrediction, listPredictions as readPredictions } from './repository.ts';

/** Largest single file, and files of a batch. */
const MAX_FILE_BYTES = 67_108_864;
const MAX_BATCH = 64;
/** Largest batch as a whole. */
const MAX_BATCH_BYTES = 268_435_456;

type ReceivedFile = { filename: string; bytes: Uint8Array };

export function predictionRoutes(http: FastifyInstance, deps: Omit<PredictDeps, keyof Scope>): void {
  serve(http, predict, async ({ query, principal, scope, request }) => {
    const [file, ...more] = await receiveFiles(request, MAX_FILE_BYTES, 1);
    if (!file || more.length > 0) throw new AppError('invalid-request', 'Send exactly one file, in the field `file`');
    return predictPicture({ ...deps, ...scope }, principal, {
      ...file,
      model: query.model ?? 'cxr-pneumonia',
      heatmap: query.heatmap ?? false,
    });
  });
  serve(http, predictBatch, async ({ query, principal, scope, request }) => {
    const from = performance.now();
    const files = await receiveFiles(request, MAX_BATCH_BYTES, MAX_BATCH);
    if (files.length === 0) throw new AppError('invalid-request', 'The batch holds no file');
    const settled = await Promise.allSettled(
      files.map((file) =>
        predictPicture({ ...deps, ...scope }, principal, {
          ...file,
          model: query.model ?? 'cxr-pneumonia',
          heatmap: query.heatmap ?? false,
        }),
      ),
    );
    const predictions: Prediction[] = [];
    const errors: { file: string; error: string; reason: string }[] = [];
    for (const [index, result] of settled.entries()) {
      if (result.status === 'fulfilled') predictions.push(result.value);
      else errors.push(failureOf(files[index]?.filename ?? 'file', result.reason));
    }
    return { predictions, errors, total: files.length, processing_time: performance.now() - from };
  });
  serve(http, listPredictions, async ({ query, scope }) => readPredictions(scope.db, { skip: query.skip ?? 0, limit: query.limit ?? 50 }));
  serve(http, getPrediction, async ({ params, scope }) => {
    const prediction = await findPrediction(scope.db, params.id);
    if (!prediction) throw new AppError('prediction-not-found', `No prediction ${params.id}`);
    return prediction;
  });
}

async function receiveFiles(request: FastifyRequest, maxBytes: number, maxFiles: number): Promise<ReceivedFile[]> {
  const files: ReceivedFile[] = [];
  await readMultipart(request, maxBytes, async ({ name, content }) => {
    if (files.length >= maxFiles) throw new AppError('invalid-request', `At most ${maxFiles} files`);
    const entry: ReceivedFile = { filename: name, bytes: new Uint8Array() };
    files.push(entry);
    const chunks: Uint8Array[] = [];
    for await (const chunk of content) chunks.push(chunk);
    entry.bytes = Buffer.concat(chunks);
  });
  return files;
}

/** An expected failure belongs to its file; anything else fails the request. */
function failureOf(file: string, reason: unknown): { file: string; error: string; reason: string } {
  if (!(reason instanceof AppError)) throw reason;
  return { file, error: reason.kind, reason: reason.message };
}
