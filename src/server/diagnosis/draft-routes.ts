import type { FastifyInstance } from 'fastify';
import * as contract from '../../contract/diagnosis-drafts.ts';
import { serve } from '../platform/route.ts';
import { dropDraft, keepDraft, readDrafts } from './keep-draft.ts';

/** What a person is putting together; one's own alone, whatever the role. */
export function diagnosisDraftRoutes(http: FastifyInstance, { now }: { now: () => Date }): void {
  serve(http, contract.listDiagnosisDrafts, async ({ principal, scope }) => ({
    items: await readDrafts({ ...scope, now }, principal.user_id),
  }));
  serve(http, contract.saveDiagnosisDraft, async ({ params, body, principal, scope }) =>
    keepDraft({ ...scope, now }, { userId: principal.user_id, patientKey: params.patient_key }, body),
  );
  serve(http, contract.deleteDiagnosisDraft, async ({ params, principal, scope }) => ({
    deleted: await dropDraft(scope, { userId: principal.user_id, patientKey: params.patient_key }),
  }));
}
