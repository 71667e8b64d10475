import type { FastifyInstance } from 'fastify';
import { completeStudy, getInstanceFile, getInstanceMetadata, getRenderedFrame, getStudy, listStudies } from '../../contract/studies.ts';
import { AppError } from '../platform/errors.ts';
import type { Db } from '../platform/ports.ts';
import { serve } from '../platform/route.ts';
import { markComplete } from './complete-study.ts';
import { listStudies as readStudies } from './list-studies.ts';
import { findInstance, findStudyDetail, type InstanceRow } from './queries.ts';
import { type FrameRenderer, renderInstance } from './render-instance.ts';

type StudyRouteDeps = { renderer: FrameRenderer; now: () => Date };

export function studyRoutes(http: FastifyInstance, deps: StudyRouteDeps): void {
  serve(http, listStudies, async ({ query, scope }) => readStudies(scope.db, query));
  serve(http, getStudy, async ({ params, scope }) => {
    const study = await findStudyDetail(scope.db, params.study_instance_uid);
    if (!study) throw new AppError('study-not-found', `No study ${params.study_instance_uid}`);
    return study;
  });
  serve(http, completeStudy, async ({ params, scope }) => {
    await markComplete({ ...deps, ...scope }, params.study_instance_uid);
    return { study_instance_uid: params.study_instance_uid, status: 'complete' as const };
  });
  serve(http, getRenderedFrame, async ({ params, query, scope }) => {
    const instance = await requireInstance(scope.db, params.sop_instance_uid);
    const { png } = await renderInstance({ ...deps, ...scope }, instance, query);
    return png;
  });
  serve(http, getInstanceFile, async ({ params, scope, reply }) => {
    const instance = await requireInstance(scope.db, params.sop_instance_uid);
    const { stream, size } = await scope.blobs.open(instance.blob_key);
    return reply
      .header('content-length', size)
      .header('content-disposition', `attachment; filename="${instance.sop_instance_uid}.dcm"`)
      .send(stream);
  });
  serve(http, getInstanceMetadata, async ({ params, scope, reply }) => {
    const instance = await requireInstance(scope.db, params.sop_instance_uid);
    return reply.send(instance.dicom_json);
  });
}

async function requireInstance(db: Db, sopInstanceUid: string): Promise<InstanceRow> {
  const instance = await findInstance(db, sopInstanceUid);
  if (!instance) throw new AppError('instance-not-found', `No instance ${sopInstanceUid}`);
  return instance;
}
