import type { FastifyInstance } from 'fastify';
import { analyzeStudyNow, getAnalysis, getHeatmap, listAnalyses } from '../../contract/analysis.ts';
import { AppError } from '../platform/errors.ts';
import type { Db } from '../platform/ports.ts';
import { serve } from '../platform/route.ts';
import type { Scope } from '../platform/scope.ts';
import { type CompleteDeps, markComplete } from '../studies/complete-study.ts';
import { type AnalysisRow, analysisOf, findAnalysisRow, listAnalyses as readAnalyses } from './queries.ts';

export function analysisRoutes(http: FastifyInstance, deps: Omit<CompleteDeps, keyof Scope>): void {
  serve(http, analyzeStudyNow, async ({ params, scope }) => {
    await markComplete({ ...deps, ...scope }, params.study_instance_uid);
    return { study_instance_uid: params.study_instance_uid, status: 'queued' as const };
  });
  serve(http, listAnalyses, async ({ params, scope }) => ({ items: await readAnalyses(scope.db, params.study_instance_uid) }));
  serve(http, getAnalysis, async ({ params, scope }) => analysisOf(await requireAnalysis(scope.db, params.id)));
  serve(http, getHeatmap, async ({ params, scope, reply }) => {
    const { heatmap_blob_key } = await requireAnalysis(scope.db, params.id);
    if (!heatmap_blob_key) throw new AppError('analysis-not-found', 'This analysis has no heat map');
    return reply.header('cache-control', 'private, max-age=3600').send(Buffer.from(await scope.blobs.read(heatmap_blob_key)));
  });
}

async function requireAnalysis(db: Db, id: string): Promise<AnalysisRow> {
  const row = await findAnalysisRow(db, id);
  if (!row) throw new AppError('analysis-not-found', `No analysis ${id}`);
  return row;
}
