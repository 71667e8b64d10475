import cookie from '@fastify/cookie';
import Fastify, { type FastifyInstance, type FastifyServerOptions } from 'fastify';
import { analysisRoutes } from './analysis/routes.ts';
import { auditRoutes } from './audit/routes.ts';
import { clinicalRoutes } from './clinical/routes.ts';
import { ConfigError } from './config.ts';
import { deidentificationRoutes } from './deidentification/routes.ts';
import type { Deps } from './deps.ts';
import { metadataRoutes } from './dicomweb/metadata-routes.ts';
import { qidoRoutes } from './dicomweb/qido-routes.ts';
import { stowRoutes } from './dicomweb/routes.ts';
import { wadoRoutes } from './dicomweb/wado-routes.ts';
import { peerRoutes } from './dimse/routes.ts';
import { encryptionRoutes } from './encryption/routes.ts';
import { eventRoutes } from './events/routes.ts';
import { findingRoutes } from './findings/routes.ts';
import { apiKeyRoutes } from './identity/api-key-routes.ts';
import { openIdentity } from './identity/identity.ts';
import { identityRoutes } from './identity/routes.ts';
import { authenticateRequest } from './identity/session.ts';
import { shareRoutes } from './identity/share-routes.ts';
import { tenantRoutes } from './identity/tenant-routes.ts';
import { userRoutes } from './identity/user-routes.ts';
import { readTlsFiles, type TlsCredentials, type TlsFiles } from './infra/tls-files.ts';
import { modelRoutes } from './models/routes.ts';
import { documentRoutes } from './patients/document-routes.ts';
import { fhirRoutes } from './patients/fhir-routes.ts';
import { mergeRoutes } from './patients/merge-routes.ts';
import { patientRoutes } from './patients/patient-routes.ts';
import { privacyRoutes } from './patients/privacy-routes.ts';
import { recycleRoutes } from './patients/recycle-routes.ts';
import { newId } from './platform/ids.ts';
import { loggerOptions } from './platform/log.ts';
import { answerProblems } from './platform/problem.ts';
import { protect } from './platform/protection.ts';
import { limitRates } from './platform/rate-limits.ts';
import { validateWithTypeBox } from './platform/validation.ts';
import { predictionRoutes } from './predictions/routes.ts';
import { reportRoutes } from './reports/routes.ts';
import { labelRoutes } from './studies/label-routes.ts';
import { studyRoutes } from './studies/routes.ts';
import { uploadRoutes } from './studies/upload-routes.ts';
import { systemRoutes } from './system/routes.ts';
import { webRoutes } from './system/web.ts';

/** Largest JSON body; uploads read their stream themselves and have their own limit. */
const MAX_JSON_BYTES = 1_048_576;

/** Builds the HTTP server: the table of contents of every door. @throws {ConfigError} if the certificate cannot be used */
export async function buildApp(deps: Deps): Promise<FastifyInstance> {
  const { tls, trustedProxies } = deps.config;
  const http = openHttp({
    ...(tls ? { https: await credentialsOf(tls) } : {}),
    trustProxy: trustedProxies.length > 0 && [...trustedProxies],
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
  const identity = openIdentity(deps);
  const authenticate = limitRates(http, (request) => authenticateRequest(identity, request), {
    buckets: deps.buckets,
    limits: deps.config.rateLimits,
  });
  http.decorate('authenticate', authenticate);
  http.decorate('openScope', deps.scope);
  http.decorate('audit', deps.audit);
  // Uploads are read as streams by their own routes; nothing is buffered here.
  http.addContentTypeParser(
    ['multipart/form-data', 'multipart/related', 'application/offset+octet-stream', 'application/fhir+json'],
    (_request, _payload, done) => done(null),
  );

  systemRoutes(http, deps);
  identityRoutes(http, identity);
  userRoutes(http, identity);
  apiKeyRoutes(http, identity);
  shareRoutes(http, identity);
  tenantRoutes(http, identity);
  studyRoutes(http, deps);
  deidentificationRoutes(http, deps);
  labelRoutes(http, deps);
  eventRoutes(http);
  uploadRoutes(http, deps);
  stowRoutes(http, deps);
  qidoRoutes(http);
  metadataRoutes(http);
  wadoRoutes(http, deps);
  peerRoutes(http, deps);
  analysisRoutes(http, deps);
  findingRoutes(http, deps);
  reportRoutes(http, deps);
  predictionRoutes(http, deps);
  modelRoutes(http, deps);
  clinicalRoutes(http);
  encryptionRoutes(http, deps);
  patientRoutes(http, deps);
  fhirRoutes(http, deps);
  mergeRoutes(http, deps);
  documentRoutes(http, deps);
  recycleRoutes(http, { ...deps, recycleDays: deps.config.recycleDays });
  privacyRoutes(http, deps);
  auditRoutes(http, deps);
  await webRoutes(http);
  return http;
}

async function credentialsOf(files: TlsFiles): Promise<TlsCredentials> {
  return await readTlsFiles(files).catch((error: unknown) => {
    throw new ConfigError(`ISOCENTER_TLS_CERT and ISOCENTER_TLS_KEY cannot be used: ${error instanceof Error ? error.message : 'unknown'}`);
  });
}

/** Fastify's types tell a server with TLS from one without; nothing above it does. */
function openHttp({ https, ...options }: FastifyServerOptions & { https?: TlsCredentials }): FastifyInstance {
  return https ? (Fastify({ ...(options as object), https }) as unknown as FastifyInstance) : Fastify(options);
}
