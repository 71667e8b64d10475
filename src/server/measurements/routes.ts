import type { FastifyInstance } from 'fastify';
import { getMeasurements, saveMeasurements } from '../../contract/measurements.ts';
import { serve } from '../platform/route.ts';
import type { Scope } from '../platform/scope.ts';
import { readStudyMeasurements } from './read-measurements.ts';
import { etagOf, type MeasurementDeps, saveMeasurements as save } from './save-measurements.ts';

export function measurementRoutes(http: FastifyInstance, deps: Omit<MeasurementDeps, keyof Scope>): void {
  serve(http, getMeasurements, async ({ params, scope, reply }) => {
    const measurements = await readStudyMeasurements(scope, params.study_instance_uid);
    reply.header('etag', etagOf(measurements.version));
    return measurements;
  });
  serve(http, saveMeasurements, async ({ params, body, principal, scope, request, reply }) => {
    const studyInstanceUid = params.study_instance_uid;
    const ifMatch = request.headers['if-match'];
    const saved = await save({ ...deps, ...scope }, { studyInstanceUid, items: body.items, ifMatch, principal });
    reply.header('etag', etagOf(saved.version));
    return { ...(await readStudyMeasurements(scope, studyInstanceUid)), ...saved };
  });
}
