import type { FastifyInstance } from 'fastify';
import { addStudyLabel, listStudyLabels, removeStudyLabel } from '../../contract/labels.ts';
import { serve } from '../platform/route.ts';
import { labelStudy, readLabels, unlabelStudy } from './label-study.ts';

export function labelRoutes(http: FastifyInstance, deps: { now: () => Date }): void {
  serve(http, listStudyLabels, async ({ params, scope }) => readLabels(scope.db, params.study_instance_uid));
  serve(http, addStudyLabel, async ({ params, scope }) => labelStudy({ ...deps, ...scope }, params));
  serve(http, removeStudyLabel, async ({ params, scope }) => unlabelStudy({ ...deps, ...scope }, params));
}
