import { Readable } from 'node:stream';
import type { FastifyInstance } from 'fastify';
import {
  exportAudit,
  exportDisclosures,
  getAuditKey,
  getAuditStatistics,
  listAuditCheckpoints,
  listAuditEntries,
  listDisclosures,
} from '../../contract/audit.ts';
import { AppError } from '../platform/errors.ts';
import { serve } from '../platform/route.ts';
import { disclosuresAsCsv, listDisclosures as readDisclosures } from './disclosures.ts';
import { exportAs, MEDIA_TYPES } from './export-formats.ts';
import { patientPseudonym } from './patient-pseudonym.ts';
import { listNewestCheckpoints } from './repository.ts';
import { searchEntries } from './search-repository.ts';
import type { AuditSecrets } from './secrets.ts';
import { auditStatistics } from './statistics.ts';
import { AUDIT_SOURCE_ID } from './upkeep.ts';

type AuditRouteDeps = { auditSecrets: AuditSecrets; now: () => Date };

/** What is noted but not written yet is written before it is read, so that a reader sees all that went before. */
export function auditRoutes(http: FastifyInstance, { auditSecrets, now }: AuditRouteDeps): void {
  const pseudonymOf = (tenantId: string, patientId: string): string => patientPseudonym(auditSecrets.pseudonymKey, tenantId, patientId);

  serve(http, listAuditEntries, async ({ query, scope }) => {
    await scope.audit.flush();
    const { limit, cursor, patient, ...search } = query;
    const about = patient === undefined ? {} : { patient: pseudonymOf(scope.tenant_id, patient) };
    return searchEntries(scope.db, { ...search, ...about }, { ...(limit ? { limit } : {}), ...(cursor ? { cursor } : {}) });
  });
  serve(http, exportAudit, async ({ query: { format = 'ndjson', ...span }, scope, reply }) => {
    await scope.audit.flush();
    const deps = { db: scope.db, tenantId: scope.tenant_id, privateKey: auditSecrets.privateKey, now, sourceId: AUDIT_SOURCE_ID };
    return reply.type(MEDIA_TYPES[format]).send(Readable.from(exportAs(format, deps, span)));
  });
  serve(http, getAuditKey, async ({ reply }) => reply.send(auditSecrets.publicKey.export({ type: 'spki', format: 'pem' })));
  serve(http, listAuditCheckpoints, async ({ query: { limit = 50, cursor }, scope }) => {
    const below = cursor === undefined ? undefined : readNumber(cursor);
    const items = await listNewestCheckpoints(scope.db, scope.tenant_id, { ...(below ? { below } : {}), limit: limit + 1 });
    const next = items.length > limit ? items[limit - 1] : undefined;
    return { items: items.slice(0, limit), next_cursor: next ? String(next.number) : null };
  });
  serve(http, listDisclosures, async ({ query, scope, act }) => {
    await scope.audit.flush();
    act.patient_id = query.patient;
    const { limit, cursor, patient, staff = false, ...span } = query;
    const asked = { ...span, staff, patient: pseudonymOf(scope.tenant_id, patient) };
    return readDisclosures(scope.db, asked, { ...(limit ? { limit } : {}), ...(cursor ? { cursor } : {}) });
  });
  serve(http, exportDisclosures, async ({ query: { patient, staff = false, ...span }, scope, act, reply }) => {
    await scope.audit.flush();
    act.patient_id = patient;
    const asked = { ...span, staff, patient: pseudonymOf(scope.tenant_id, patient) };
    return reply
      .header('content-disposition', 'attachment; filename="disclosures.csv"')
      .send(Readable.from(disclosuresAsCsv(scope.db, asked)));
  });
  serve(http, getAuditStatistics, async ({ query, scope }) => {
    await scope.audit.flush();
    return auditStatistics(scope.db, query, now());
  });
}

/** @throws {AppError} `invalid-request` */
function readNumber(cursor: string): number {
  if (/^[1-9]\d{0,14}$/.test(cursor)) return Number(cursor);
  throw new AppError('invalid-request', 'The cursor is not one of this list');
}
