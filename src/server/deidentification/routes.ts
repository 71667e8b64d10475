import { Readable } from 'node:stream';
import type { FastifyInstance } from 'fastify';
import * as contract from '../../contract/deidentification.ts';
import { AppError } from '../platform/errors.ts';
import type { Db } from '../platform/ports.ts';
import { serve } from '../platform/route.ts';
import type { Scope } from '../platform/scope.ts';
import { type ZipFile, zipStream } from '../platform/zip-stream.ts';
import { hasStudy } from '../studies/queries.ts';
import { requestDeidentification } from './deidentify-study.ts';
import { exportStudy } from './export-study.ts';
import { type DeidentificationRow, deidentificationOf, getDeidentification, listDeidentifications } from './repository.ts';

export function deidentificationRoutes(http: FastifyInstance, { now }: { now: () => Date }): void {
  serve(http, contract.deidentifyStudy, async ({ params, body, principal, scope }) =>
    requestDeidentification({ ...scope, now }, principal, { studyInstanceUid: params.study_instance_uid, body }),
  );
  serve(http, contract.listDeidentifications, async ({ params, scope }) => {
    await requireStudy(scope.db, params.study_instance_uid);
    return { items: await listDeidentifications(scope.db, params.study_instance_uid) };
  });
  serve(http, contract.getDeidentification, async ({ params, scope }) =>
    deidentificationOf(await getDeidentification(scope.db, params.id)),
  );
  serve(http, contract.getDeidentificationReport, async ({ params, scope }) => {
    const { report_blob_key } = await getDeidentification(scope.db, params.id);
    if (report_blob_key === null) throw new AppError('wrong-state', 'The de-identification is not finished');
    return JSON.parse(Buffer.from(await scope.blobs.read(report_blob_key)).toString('utf8'));
  });
  serve(http, contract.getDeidentificationArchive, async ({ params, scope, reply }) => {
    const studyInstanceUid = resultOf(await getDeidentification(scope.db, params.id));
    return reply
      .header('content-disposition', `attachment; filename="${studyInstanceUid}.zip"`)
      .send(Readable.from(zipStream(filesOf(scope, studyInstanceUid)), { objectMode: false }));
  });
}

async function requireStudy(db: Db, studyInstanceUid: string): Promise<void> {
  if (!(await hasStudy(db, studyInstanceUid))) throw new AppError('study-not-found', `No study ${studyInstanceUid}`);
}

function resultOf({ finished_at, result_study_instance_uid }: DeidentificationRow): string {
  if (finished_at === null || result_study_instance_uid === null) throw new AppError('wrong-state', 'There is no de-identified study yet');
  return result_study_instance_uid;
}

async function* filesOf(scope: Scope, studyInstanceUid: string): AsyncGenerator<ZipFile> {
  for await (const file of exportStudy(scope, studyInstanceUid)) {
    if (file.status === 'exported') yield { name: file.path, content: file.bytes };
  }
}
