import type { FastifyInstance } from 'fastify';
import { analyzeStudyNow, getAnalysis, getHeatmap, listAnalyses } from '../../contract/analysis.ts';
import { AppError } from '../platform/errors.ts';
import type { BlobStore, Db } from '../platform/ports.ts';
import { serve } from '../platform/route.ts';
import { type CompleteDeps, markComplete } from '../studies/complete-study.ts';
import { type AnalysisRow, analysisOf, findAnalysisRow, listAnalyses as readAnalyses } from './queries.ts';

export function analysisRoutes(http: FastifyInstance, deps: CompleteDeps & { blobs: BlobStore }): void {
  serve(http, analyzeStudyNow, async ({ params }) => {
    await markComplete(deps, params.study_instance_uid);
    return { study_instance_uid: params.study_instance_uid, status: 'queued' as const };
  });
  serve(http, listAnalyses, async ({ params }) => ({ items: await readAnalyses(deps.db, params.study_instance_uid) }));
  serve(http, getAnalysis, async ({ params }) => analysisOf(await requireAnalysis(deps.db, params.id)));
  serve(http, getHeatmap, async ({ params, reply }) => {
    const { heatmap_blob_key } = await requireAnalysis(deps.db, params.id);
    if (!heatmap_blob_key) throw new AppError('analysis-not-found', 'This analysis has no heat map');
    return reply.header('cache-control', 'private, max-age=3600').send(Buffer.from(await deps.blobs.read(heatmap_blob_key)));
  });
}

async function requireAnalysis(db: Db, id: string): Promise<AnalysisRow> {
  const row = await findAnalysisRow(db, id);
  if (!row) throw new AppError('analysis-not-found', `No analysis ${id}`);
  return row;
}
