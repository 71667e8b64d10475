import type { FastifyInstance } from 'fastify';
import { storeIntoStudy, storeStudies } from '../../contract/dicomweb.ts';
import type { DataSet, Value } from '../../dicom/data-set.ts';
import { stringifyDicomJson, toDicomJson } from '../../dicom/dicom-json.ts';
import { AppError, ERROR_KINDS } from '../platform/errors.ts';
import { serve } from '../platform/route.ts';
import type { Scope } from '../platform/scope.ts';
import { type StoreDeps, storeInstance } from '../studies/store-instance.ts';
import { readRelated } from './read-related.ts';

type StowDeps = Omit<StoreDeps, keyof Scope> & { maxUploadBytes: number };
type Outcome = { study_instance_uid: string; sop_instance_uid: string; ok: true } | { ok: false; error: AppError };

/** Store Instances over the web, for DICOM files as parts. */
export function stowRoutes(http: FastifyInstance, deps: StowDeps): void {
  serve(http, storeStudies, async ({ request, scope, reply }) => {
    const outcomes: Outcome[] = [];
    await readRelated(request, deps.maxUploadBytes, async (content) => {
      outcomes.push(await storeOne({ ...deps, ...scope }, content));
    });
    return answer(outcomes, reply);
  });
  serve(http, storeIntoStudy, async ({ params, request, scope, reply }) => {
    const outcomes: Outcome[] = [];
    await readRelated(request, deps.maxUploadBytes, async (content) => {
      outcomes.push(await storeOne({ ...deps, ...scope, onlyStudy: params.study_instance_uid }, content));
    });
    return answer(outcomes, reply);
  });
}

async function storeOne(deps: StoreDeps, content: AsyncIterable<Uint8Array>): Promise<Outcome> {
  try {
    return { ok: true, ...(await storeInstance(deps, content)) };
  } catch (error) {
    if (!(error instanceof AppError) || error.kind === 'internal') throw error;
    return { ok: false, error };
  }
}

/** 200 if all are stored, 202 if some, 409 if none (PS3.18 10.5.3). */
function answer<R extends { status(code: number): { send(body: unknown): R } }>(outcomes: Outcome[], reply: R): R {
  const failed = outcomes.filter((outcome) => !outcome.ok);
  const status = outcomes.length === 0 ? 400 : failed.length === 0 ? 200 : failed.length < outcomes.length ? 202 : 409;
  return reply.status(status).send(stringifyDicomJson(toDicomJson(storeResponse(outcomes))));
}

/** Store Instances Response Module (PS3.18 table I.2.1-1) of what each part became. */
function storeResponse(outcomes: Outcome[]): DataSet {
  const stored = outcomes.flatMap((outcome): Value[] =>
    outcome.ok ? [{ '00081155': { vr: 'UI', Value: [outcome.sop_instance_uid] } }] : [],
  );
  // A part that could not be read has no UID to be named by; only the reason is known.
  const failed = outcomes.flatMap((outcome): Value[] =>
    outcome.ok ? [] : [{ '00081197': { vr: 'US', Value: [ERROR_KINDS[outcome.error.kind].dimse] } }],
  );
  return {
    ...(failed.length > 0 ? { '00081198': { vr: 'SQ' as const, Value: failed } } : {}),
    ...(stored.length > 0 ? { '00081199': { vr: 'SQ' as const, Value: stored } } : {}),
  };
}
