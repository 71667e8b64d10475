import { Readable } from 'node:stream';
import type { FastifyInstance } from 'fastify';
import * as contract from '../../contract/privacy.ts';
import { serve } from '../platform/route.ts';
import type { Scope } from '../platform/scope.ts';
import { approveErasure, listErasures, refuseErasure, requestErasure } from './erase-patient.ts';
import { exportSubject } from './export-subject.ts';
import { listHolds, placeHold, releaseHold } from './retention-holds.ts';

const PAGE = 50;

export type PrivacyDeps = { now: () => Date; auditSecrets: { pseudonymKey: Uint8Array } };

export function privacyRoutes(http: FastifyInstance, { now, auditSecrets: { pseudonymKey } }: PrivacyDeps): void {
  const within = (scope: Scope) => ({ ...scope, now, pseudonymKey });

  serve(http, contract.placeHold, async ({ params, body, scope, principal, act }) => {
    act.patient_id = params.patient_key;
    return placeHold(within(scope), { patientKey: params.patient_key, reason: body.reason, userId: principal.user_id });
  });
  serve(http, contract.listHolds, async ({ params, scope, act }) => {
    act.patient_id = params.patient_key;
    return { items: await listHolds(within(scope), params.patient_key) };
  });
  serve(http, contract.releaseHold, async ({ params, scope, principal, act }) => {
    const hold = await releaseHold(within(scope), { id: params.id, userId: principal.user_id });
    act.patient_id = hold.patient_key;
    return hold;
  });
  serve(http, contract.requestErasure, async ({ params, body, scope, principal }) =>
    requestErasure(within(scope), { patientKey: params.patient_key, reason: body.reason, principal }),
  );
  serve(http, contract.listErasures, async ({ query, scope }) => {
    const limit = query.limit ?? PAGE;
    const items = await listErasures(within(scope), { before: query.cursor, limit: limit + 1 });
    const page = items.slice(0, limit);
    return { items: page, next_cursor: items.length > limit ? (page.at(-1)?.id ?? null) : null };
  });
  serve(http, contract.approveErasure, async ({ params, scope, principal }) => approveErasure(within(scope), { id: params.id, principal }));
  serve(http, contract.refuseErasure, async ({ params, scope }) => refuseErasure(within(scope), { id: params.id }));
  serve(http, contract.exportSubject, async ({ params, scope, reply, act }) => {
    act.patient_id = params.patient_key;
    act.purpose = 'PATRQT';
    const archive = await exportSubject(within(scope), params.patient_key);
    return reply
      .header('content-disposition', `attachment; filename="${params.patient_key}.zip"`)
      .send(Readable.from(archive, { objectMode: false }));
  });
}
