import cookie from '@fastify/cookie';
import Fastify, { type FastifyInstance } from 'fastify';
import { analysisRoutes } from './analysis/routes.ts';
import { clinicalRoutes } from './clinical/routes.ts';
import type { Deps } from './deps.ts';
import { metadataRoutes } from './dicomweb/metadata-routes.ts';
import { qidoRoutes } from './dicomweb/qido-routes.ts';
import { stowRoutes } from './dicomweb/routes.ts';
import { wadoRoutes } from './dicomweb/wado-routes.ts';
import { peerRoutes } from './dimse/routes.ts';
import { findingRoutes } from './findings/routes.ts';
import { identityRoutes } from './identity/routes.ts';
import { authenticateSession } from './identity/session.ts';
import { modelRoutes } from './models/routes.ts';
import { newId } from './platform/ids.ts';
import { loggerOptions } from './platform/log.ts';
import { answerProblems } from './platform/problem.ts';
import { protect } from './platform/protection.ts';
import { validateWithTypeBox } from './platform/validation.ts';
import { predictionRoutes } from './predictions/routes.ts';
import { reportRoutes } from './reports/routes.ts';
import { studyRoutes } from './studies/routes.ts';
import { uploadRoutes } from './studies/upload-routes.ts';
import { systemRoutes } from './system/routes.ts';
import { webRoutes } from './system/web.ts';

/** Largest JSON body; uploads read their stream themselves and have their own limit. */
const MAX_JSON_BYTES = 1_048_576;

/** Builds the HTTP server: the table of contents of every door. */
export async function buildApp(deps: Deps): Promise<FastifyInstance> {
  const http = Fastify({
    logger: loggerOptions(deps.config.logLevel) ?? false,
    genReqId: () => newId(),
    bodyLimit: MAX_JSON_BYTES,
    // Lists of frames, and paths into sequences, are longer than the default allows.
    routerOptions: { maxParamLength: 1_000 },
    requestTimeout: 0,
    forceCloseConnections: 'idle',
  });
  validateWithTypeBox(http);
  answerProblems(http);
  await http.register(cookie);
  protect(http, deps.config);
  http.decorate('authenticate', (request) => authenticateSession(deps, request));
  // Uploads are read as streams by their own routes; nothing is buffered here.
  http.addContentTypeParser(['multipart/form-data', 'multipart/related', 'application/offset+octet-stream'], (_request, _payload, done) =>
    done(null),
  );

  systemRoutes(http, deps);
  identityRoutes(http, deps);
  studyRoutes(http, deps);
  uploadRoutes(http, deps);
  stowRoutes(http, deps);
  qidoRoutes(http, deps);
  metadataRoutes(http, deps);
  wadoRoutes(http, deps);
  peerRoutes(http, deps);
  analysisRoutes(http, deps);
  findingRoutes(http, deps);
  reportRoutes(http, deps);
  predictionRoutes(http, deps);
  modelRoutes(http, deps);
  clinicalRoutes(http);
  await webRoutes(http);
  return http;
}
