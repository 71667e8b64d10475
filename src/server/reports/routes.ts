import type { FastifyInstance } from 'fastify';
import { amendReport, draftReport, editReport, getReport, getReportPdf, listReports, signReport } from '../../contract/reports.ts';
import { confirmPassword } from '../identity/session.ts';
import { serve } from '../platform/route.ts';
import { amendReport as amend, draftReport as draft, editReport as edit } from './draft-report.ts';
import { type RenderDeps, renderPaper } from './render-report.ts';
import { getReport as readReport, listReports as readReports, reportOf } from './repository.ts';
import { type SignDeps, signReport as sign } from './sign-report.ts';

const DEFAULT_MEANING = 'I have reviewed the images and take responsibility for this report';

export function reportRoutes(http: FastifyInstance, deps: SignDeps & RenderDeps): void {
  serve(http, listReports, async ({ params }) => ({ items: await readReports(deps.db, params.study_instance_uid) }));
  serve(http, draftReport, async ({ params, body }) => draft(deps, params.study_instance_uid, body.locale ?? 'en'));
  serve(http, getReport, async ({ params }) => reportOf(await readReport(deps.db, params.id)));
  serve(http, editReport, async ({ params, body }) => edit(deps, params.id, body.sections));
  serve(http, amendReport, async ({ params, body }) => amend(deps, params.id, body.reason));
  serve(http, signReport, async ({ params, body, principal }) => {
    await confirmPassword(deps, principal, body.password);
    return sign(deps, principal, { id: params.id, meaning: body.meaning ?? DEFAULT_MEANING, seenSections: body.seen_sections });
  });
  serve(http, getReportPdf, async ({ params, reply }) => {
    const { pdf_blob_key } = await readReport(deps.db, params.id);
    const pdf = pdf_blob_key ? await deps.blobs.read(pdf_blob_key) : await renderPaper(deps, params.id);
    return reply.header('content-disposition', `inline; filename="report-${params.id}.pdf"`).send(Buffer.from(pdf));
  });
}
