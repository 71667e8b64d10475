import type { FastifyInstance } from 'fastify';
import { getSharedDiagnosis } from '../../contract/diagnosis-shares.ts';
import { AppError } from '../platform/errors.ts';
import { serve } from '../platform/route.ts';
import { agentStateOf, listAgentRows } from './queries.ts';
import { readResults } from './read-results.ts';
import { getDiagnosis } from './repository.ts';

/** What the holder of a link to a diagnosis sees. The session says which one: nothing of the request does. */
export function sharedDiagnosisRoutes(http: FastifyInstance): void {
  serve(http, getSharedDiagnosis, async ({ principal, act, reply }) => {
    const shown = principal.diagnosis_id;
    if (shown === undefined) throw new AppError('diagnosis-not-found', 'No diagnosis is shared with this session');
    const { db } = await http.openScope(principal.tenant_id);
    const row = await getDiagnosis(db, shown);
    Object.assign(act, { patient_id: row.patient_key, object: { type: 'diagnosis', id: row.id } });
    reply.header('cache-control', 'private, no-store');
    const { id, status, priority, created_at, completed_at } = row;
    const agents = (await listAgentRows(db, [id])).map(agentStateOf);
    return { id, status, priority, created_at, completed_at, agents, results: await readResults(db, row) };
  });
}
