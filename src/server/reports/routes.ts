import type { FastifyInstance } from 'fastify';
import * as addenda from '../../contract/report-addenda.ts';
import { checkReport, listInsertions } from '../../contract/report-checks.ts';
import {
  amendReport,
  draftReport,
  editReport,
  getReport,
  getReportPdf,
  getReportPicture,
  listReports,
  signReport,
} from '../../contract/reports.ts';
import { confirmPassword } from '../identity/account-password.ts';
import { serve } from '../platform/route.ts';
import type { Scope } from '../platform/scope.ts';
import { editAddendum, openAddendum, signAddendum, throwAway } from './addenda.ts';
import { checkStoredReport } from './check-stored-report.ts';
import { amendReport as amend, draftReport as draft, editReport as edit } from './draft-report.ts';
import { listInsertions as insertionsOf } from './list-insertions.ts';
import { type RenderDeps, renderPaper, renderPicture } from './render-report.ts';
import { getWholeReport, getReport as readReport, listReports as readReports } from './repository.ts';
import { type SignDeps, signReport as sign } from './sign-report.ts';

const DEFAULT_MEANING = 'I have reviewed the images and take responsibility for this report';

const DEFAULT_ADDENDUM_MEANING = 'I take responsibility for this addendum';

/** What of the open parts is no tenant's. */
type ReportRouteDeps = Omit<SignDeps & RenderDeps, keyof Scope>;

export function reportRoutes(http: FastifyInstance, deps: ReportRouteDeps): void {
  serve(http, listReports, async ({ params, scope }) => ({ items: await readReports(scope.db, params.study_instance_uid) }));
  serve(http, draftReport, async ({ params, body, principal, scope }) =>
    draft({ ...deps, ...scope }, params.study_instance_uid, {
      locale: body.locale ?? 'en',
      template: body.template_id === undefined ? undefined : { id: body.template_id, owner: principal.user_id },
    }),
  );
  serve(http, getReport, async ({ params, scope }) => getWholeReport(scope.db, params.id));
  serve(http, editReport, async ({ params, body, scope }) =>
    edit({ ...deps, ...scope }, params.id, { ...body, baseRevision: body.base_revision }),
  );
  serve(http, amendReport, async ({ params, body, scope }) => amend({ ...deps, ...scope }, params.id, body.reason));
  serve(http, signReport, async ({ params, body, principal, scope }) => {
    await confirmPassword({ ...deps, ...scope }, principal, body.password);
    return sign({ ...deps, ...scope }, principal, {
      id: params.id,
      meaning: body.meaning ?? DEFAULT_MEANING,
      seenSections: body.seen_sections,
      acknowledged: body.acknowledged,
    });
  });
  serve(http, getReportPdf, async ({ params, scope, reply }) => {
    const { pdf_blob_key } = await readReport(scope.db, params.id);
    const pdf = pdf_blob_key ? await scope.blobs.read(pdf_blob_key) : await renderPaper({ ...deps, ...scope }, params.id);
    return reply.header('content-disposition', `inline; filename="report-${params.id}.pdf"`).send(Buffer.from(pdf));
  });
  serve(http, getReportPicture, async ({ params, scope, reply }) =>
    reply.send(Buffer.from(await renderPicture({ ...deps, ...scope }, params.id))),
  );
  serve(http, checkReport, async ({ params, scope }) => checkStoredReport(scope.db, params.id));
  serve(http, listInsertions, async ({ params, scope }) => ({ items: await insertionsOf(scope, params.id) }));
  addendumRoutes(http, deps);
}

function addendumRoutes(http: FastifyInstance, deps: ReportRouteDeps): void {
  serve(http, addenda.addAddendum, async ({ params, body, scope }) => openAddendum({ ...deps, ...scope }, params.id, body.text));
  serve(http, addenda.editAddendum, async ({ params, body, scope }) => editAddendum({ ...deps, ...scope }, params.id, body.text));
  serve(http, addenda.deleteAddendum, async ({ params, scope }) => {
    await throwAway(scope, params.id);
    return { deleted: true };
  });
  serve(http, addenda.signAddendum, async ({ params, body, principal, scope }) => {
    await confirmPassword({ ...deps, ...scope }, principal, body.password);
    return signAddendum({ ...deps, ...scope }, principal, {
      id: params.id,
      meaning: body.meaning ?? DEFAULT_ADDENDUM_MEANING,
      seenText: body.seen_text,
    });
  });
}
