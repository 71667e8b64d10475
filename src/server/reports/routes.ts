import type { FastifyInstance } from 'fastify';
import { amendReport, draftReport, editReport, getReport, getReportPdf, listReports, signReport } from '../../contract/reports.ts';
import { confirmPassword } from '../identity/account-password.ts';
import { serve } from '../platform/route.ts';
import type { Scope } from '../platform/scope.ts';
import { amendReport as amend, draftReport as draft, editReport as edit } from './draft-report.ts';
import { type RenderDeps, renderPaper } from './render-report.ts';
import { getReport as readReport, listReports as readReports, reportOf } from './repository.ts';
import { type SignDeps, signReport as sign } from './sign-report.ts';

const DEFAULT_MEANING = 'I have reviewed the images and take responsibility for this report';

/** What of the open parts is no tenant's. */
type ReportRouteDeps = Omit<SignDeps & RenderDeps, keyof Scope>;

export function reportRoutes(http: FastifyInstance, deps: ReportRouteDeps): void {
  serve(http, listReports, async ({ params, scope }) => ({ items: await readReports(scope.db, params.study_instance_uid) }));
  serve(http, draftReport, async ({ params, body, scope }) => draft({ ...deps, ...scope }, params.study_instance_uid, body.locale ?? 'en'));
  serve(http, getReport, async ({ params, scope }) => reportOf(await readReport(scope.db, params.id)));
  serve(http, editReport, async ({ params, body, scope }) => edit({ ...deps, ...scope }, params.id, body.sections));
  serve(http, amendReport, async ({ params, body, scope }) => amend({ ...deps, ...scope }, params.id, body.reason));
  serve(http, signReport, async ({ params, body, principal, scope }) => {
    await confirmPassword({ ...deps, ...scope }, principal, body.password);
    return sign({ ...deps, ...scope }, principal, {
      id: params.id,
      meaning: body.meaning ?? DEFAULT_MEANING,
      seenSections: body.seen_sections,
    });
  });
  serve(http, getReportPdf, async ({ params, scope, reply }) => {
    const { pdf_blob_key } = await readReport(scope.db, params.id);
    const pdf = pdf_blob_key ? await scope.blobs.read(pdf_blob_key) : await renderPaper({ ...deps, ...scope }, params.id);
    return reply.header('content-disposition', `inline; filename="report-${params.id}.pdf"`).send(Buffer.from(pdf));
  });
}
