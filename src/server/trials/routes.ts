import type { FastifyInstance } from 'fastify';
import type { ImportedFile } from '../../contract/literature.ts';
import { importTrials, matchTrials as match } from '../../contract/trials.ts';
import type { LiteratureDeps } from '../literature/import-literature.ts';
import { AppError } from '../platform/errors.ts';
import { serve } from '../platform/route.ts';
import { readMultipart } from '../studies/read-multipart.ts';
import { importTrialFile } from './import-trials.ts';
import { matchTrials } from './match-trials.ts';
import type { TrialsClient } from './trials-client.ts';

type RouteDeps = LiteratureDeps & { maxUploadBytes: number; trialsClient: TrialsClient | undefined };

/** Clinical trials: brought in, and held against a patient. */
export function trialRoutes(http: FastifyInstance, deps: RouteDeps): void {
  serve(http, match, async ({ query, scope, act }) => {
    const { patient_key: patientKey, latitude, longitude, max_km, limit = 20, online = false, ...chosen } = query;
    if ((latitude === undefined) !== (longitude === undefined) || (max_km !== undefined && latitude === undefined))
      throw new AppError('invalid-request', 'A place needs its latitude and longitude');
    act.patient_id = patientKey;
    const from = latitude === undefined || longitude === undefined ? null : { latitude, longitude };
    return matchTrials({ ...deps, db: scope.db }, { ...chosen, patientKey, reach: { from, maxKm: max_km ?? null }, limit, online });
  });
  serve(http, importTrials, async ({ request, act }) => {
    const files: ImportedFile[] = [];
    await readMultipart(request, deps.maxUploadBytes, async ({ name, content }) => {
      files.push(await importTrialFile(deps, { name, content }));
    });
    if (files.length === 0) throw new AppError('invalid-request', 'There is no file in the request');
    const sum = (of: 'added' | 'updated'): number => files.reduce((total, file) => total + file[of], 0);
    act.details = { added: sum('added'), updated: sum('updated') };
    return { files };
  });
}
