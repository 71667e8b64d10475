import type { FastifyInstance } from 'fastify';
import * as contract from '../../contract/diagnosis-work.ts';
import type { StoredItem } from '../../contract/studies.ts';
import type { PdfRenderer } from '../../reporting/pdf.ts';
import { serve } from '../platform/route.ts';
import type { Scope } from '../platform/scope.ts';
import { requireSomeStored, uploadResult } from '../studies/ingest-file.ts';
import { pictureFieldsOf } from '../studies/picture-fields.ts';
import { readMultipart } from '../studies/read-multipart.ts';
import { type AddImagesDeps, bindImages, openForImages, takeFile } from './add-images.ts';
import { addComment, commentOf } from './comment.ts';
import { listComments } from './comment-repository.ts';
import { readStats } from './diagnosis-stats.ts';
import { exportDiagnosis, readTimeline, renderDiagnosis } from './export-diagnosis.ts';
import { listBoundInstances } from './image-queries.ts';
import { getDiagnosis } from './repository.ts';

type WorkRouteDeps = Omit<AddImagesDeps, keyof Scope> & { pdf: PdfRenderer };

/** What people do with a diagnosis besides asking for it. */
export function diagnosisWorkRoutes(http: FastifyInstance, deps: WorkRouteDeps): void {
  serve(http, contract.getDiagnosisStats, async ({ scope }) => readStats(scope.db));
  serve(http, contract.addDiagnosisImages, async ({ params, principal, scope, request }) => {
    const parts = { ...deps, ...scope };
    const target = await openForImages(parts, params.id);
    const items: StoredItem[] = [];
    await readMultipart(request, deps.maxUploadBytes, async ({ name, content, fields }) => {
      items.push(...(await takeFile(parts, target, { name, content, fields: pictureFieldsOf(fields) })));
    });
    await bindImages(parts, principal, { id: params.id, items });
    return requireSomeStored(uploadResult(items));
  });
  serve(http, contract.listDiagnosisImages, async ({ params, scope }) => {
    const { id } = await getDiagnosis(scope.db, params.id);
    return { items: await listBoundInstances(scope.db, id) };
  });
  serve(http, contract.getDiagnosisTimeline, async ({ params, scope }) => {
    const { id } = await getDiagnosis(scope.db, params.id);
    return { items: await readTimeline(scope.db, id) };
  });
  serve(http, contract.addDiagnosisComment, async ({ params, body, principal, scope }) =>
    addComment({ ...deps, ...scope }, principal, { id: params.id, text: body.text }),
  );
  serve(http, contract.listDiagnosisComments, async ({ params, scope }) => {
    const { id } = await getDiagnosis(scope.db, params.id);
    return { items: (await listComments(scope.db, id)).map(commentOf) };
  });
  serve(http, contract.exportDiagnosis, async ({ params, scope }) => exportDiagnosis({ ...deps, ...scope }, params.id));
  serve(http, contract.exportDiagnosisPdf, async ({ params, scope, reply }) => {
    const paper = await renderDiagnosis({ ...deps, ...scope }, params.id);
    return reply.header('content-disposition', `inline; filename="diagnosis-${params.id}.pdf"`).send(Buffer.from(paper));
  });
}
