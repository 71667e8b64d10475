import type { FastifyInstance } from 'fastify';
import { analyzeStudyNow, getAnalysis, getHeatmap, listAnalyses } from '../../contract/analysis.ts';
import * as requests from '../../contract/analysis-requests.ts';
import { listFindings } from '../findings/queries.ts';
import { AppError } from '../platform/errors.ts';
import type { Db } from '../platform/ports.ts';
import { serve } from '../platform/route.ts';
import type { Scope } from '../platform/scope.ts';
import { type CompleteDeps, markComplete } from '../studies/complete-study.ts';
import { compareAnalyses } from './compare-analyses.ts';
import { type AnalysisRow, analysisOf, findAnalysisRow, listAnalyses as readAnalyses } from './queries.ts';
import { type RequestDeps, repeatAnalysis, requestAnalysis } from './request-analysis.ts';

type AnalysisRouteDeps = Omit<CompleteDeps & RequestDeps, keyof Scope>;

export function analysisRoutes(http: FastifyInstance, deps: AnalysisRouteDeps): void {
  requestRoutes(http, deps);
  serve(http, analyzeStudyNow, async ({ params, scope }) => {
    await markComplete({ ...deps, ...scope }, params.study_instance_uid);
    return { study_instance_uid: params.study_instance_uid, status: 'queued' as const };
  });
  serve(http, listAnalyses, async ({ params, scope }) => ({ items: await readAnalyses(scope.db, params.study_instance_uid) }));
  serve(http, getAnalysis, async ({ params, scope }) => analysisOf(await requireAnalysis(scope.db, params.id)));
  serve(http, getHeatmap, async ({ params, scope }) => {
    const { heatmap_blob_key } = await requireAnalysis(scope.db, params.id);
    if (!heatmap_blob_key) throw new AppError('analysis-not-found', 'This analysis has no heat map');
    return Buffer.from(await scope.blobs.read(heatmap_blob_key));
  });
}

/** Runs that are asked for one by one, and what each came to. */
function requestRoutes(http: FastifyInstance, deps: AnalysisRouteDeps): void {
  serve(http, requests.requestAnalysis, async ({ body, principal, scope }) => ({
    items: await requestAnalysis({ ...deps, ...scope }, principal, body),
  }));
  serve(http, requests.rerunAnalysis, async ({ params, principal, scope }) => repeatAnalysis({ ...deps, ...scope }, principal, params.id));
  serve(http, requests.getAnalysisStatus, async ({ params, scope }) => {
    const { id, status, reason, started_at, finished_at } = await requireAnalysis(scope.db, params.id);
    return { id, status, reason, started_at, finished_at };
  });
  serve(http, requests.getAnalysisFindings, async ({ params, scope }) => {
    const { id, study_instance_uid } = await requireAnalysis(scope.db, params.id);
    return { items: (await listFindings(scope.db, study_instance_uid)).filter(({ analysis_id }) => analysis_id === id) };
  });
  serve(http, requests.getAnalysisMeasurements, async ({ params, scope }) => ({
    items: analysisOf(await requireAnalysis(scope.db, params.id)).measurements,
  }));
  serve(http, requests.compareAnalyses, async ({ params: { study_instance_uid: study }, scope }) => {
    const analyses = await readAnalyses(scope.db, study);
    return compareAnalyses(analyses, await listFindings(scope.db, study));
  });
}

async function requireAnalysis(db: Db, id: string): Promise<AnalysisRow> {
  const row = await findAnalysisRow(db, id);
  if (!row) throw new AppError('analysis-not-found', `No analysis ${id}`);
  return row;
}
