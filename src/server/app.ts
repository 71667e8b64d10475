import cookie from '@fastify/cookie';
import Fastify, { type FastifyInstance, type FastifyServerOptions } from 'fastify';
import { analysisRoutes } from './analysis/routes.ts';
import { analyticsRoutes } from './analytics/routes.ts';
import { auditRoutes } from './audit/routes.ts';
import { cdsHooksRoutes } from './clinical/cds-hooks-routes.ts';
import { historyRoutes } from './clinical/history-routes.ts';
import { knowledgeRoutes } from './clinical/knowledge-routes.ts';
import { clinicalRoutes } from './clinical/routes.ts';
import { ConfigError } from './config-values.ts';
import { deidentificationRoutes } from './deidentification/routes.ts';
import type { Deps } from './deps.ts';
import { agentRoutes } from './diagnosis/agent-routes.ts';
import { diagnosisDraftRoutes } from './diagnosis/draft-routes.ts';
import { diagnosisRoutes } from './diagnosis/routes.ts';
import { sharedDiagnosisRoutes } from './diagnosis/shared-routes.ts';
import { diagnosisWorkRoutes } from './diagnosis/work-routes.ts';
import { capabilitiesRoutes } from './dicomweb/capabilities-routes.ts';
import { metadataRoutes } from './dicomweb/metadata-routes.ts';
import { qidoRoutes } from './dicomweb/qido-routes.ts';
import { stowRoutes } from './dicomweb/routes.ts';
import { wadoRoutes } from './dicomweb/wado-routes.ts';
import { workitemChannelRoutes } from './dicomweb/workitem-channel-routes.ts';
import { workitemRoutes } from './dicomweb/workitem-routes.ts';
import { forwardRoutes } from './dimse/forward-routes.ts';
import { retrievalRoutes } from './dimse/retrieval-routes.ts';
import { peerRoutes } from './dimse/routes.ts';
import { encryptionRoutes } from './encryption/routes.ts';
import { liveRoutes } from './events/live-routes.ts';
import { eventRoutes } from './events/routes.ts';
import { findingRoutes } from './findings/routes.ts';
import { followUpRoutes } from './follow-up/routes.ts';
import { apiKeyRoutes } from './identity/api-key-routes.ts';
import { factorRoutes } from './identity/factor-routes.ts';
import { type Identity, openIdentity } from './identity/identity.ts';
import { passkeyRoutes } from './identity/passkey-routes.ts';
import { providerRoutes } from './identity/provider-routes.ts';
import { identityRoutes } from './identity/routes.ts';
import { authenticateRequest, lastingAuthentication } from './identity/session.ts';
import { shareRoutes } from './identity/share-routes.ts';
import { tenantRoutes } from './identity/tenant-routes.ts';
import { userRoutes } from './identity/user-routes.ts';
import { readTlsFiles, type TlsCredentials, type TlsFiles } from './infra/tls-files.ts';
import { literatureRoutes } from './literature/routes.ts';
import { measurementRoutes } from './measurements/routes.ts';
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
import { endSlowBodies } from './platform/slow-bodies.ts';
import { validateWithTypeBox } from './platform/validation.ts';
import { predictionRoutes } from './predictions/routes.ts';
import { priorRoutes } from './priors/routes.ts';
import { readingListRoutes } from './reading-list/routes.ts';
import { criticalResultRoutes } from './reports/critical-routes.ts';
import { reportRoutes } from './reports/routes.ts';
import { reportTemplateRoutes } from './reports/template-routes.ts';
import { routingRoutes } from './routing/routes.ts';
import { labelRoutes } from './studies/label-routes.ts';
import { studyRoutes } from './studies/routes.ts';
import { uploadRoutes } from './studies/upload-routes.ts';
import { jobRoutes } from './system/job-routes.ts';
import { metricsRoutes } from './system/metrics-routes.ts';
import { systemRoutes } from './system/routes.ts';
import { storageRoutes } from './system/storage-routes.ts';
import { webRoutes } from './system/web.ts';
import { trialRoutes } from './trials/routes.ts';
import { webhookRoutes } from './webhooks/routes.ts';
import { worklistRoutes } from './worklist/routes.ts';

/** Largest JSON body; uploads read their stream themselves and have their own limit. */
const MAX_JSON_BYTES = 1_048_576;
/** Media types whose bodies are read by their routes as they come. */
const STREAMED = new Set(['multipart/form-data', 'multipart/related', 'application/offset+octet-stream', 'application/fhir+json']);

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
  endSlowBodies(http, { streamed: STREAMED });
  const identity = openIdentity(deps);
  const authenticate = limitRates(http, (request) => authenticateRequest(identity, request), {
    buckets: deps.buckets,
    limits: deps.config.rateLimits,
  });
  http.decorate('authenticate', authenticate);
  http.decorate('authenticateAgain', (request) => lastingAuthentication(identity, request));
  http.decorate('openScope', deps.scope);
  http.decorate('audit', deps.audit);
  // Uploads are read as streams by their own routes; nothing is buffered here.
  http.addContentTypeParser([...STREAMED], (_request, _payload, done) => done(null));

  addRoutes(http, deps, identity);
  await liveRoutes(http, deps);
  await workitemChannelRoutes(http);
  await webRoutes(http);
  return http;
}

/** Every feature that answers over HTTP. */
function addRoutes(http: FastifyInstance, deps: Deps, identity: Identity): void {
  systemRoutes(http, deps);
  metricsRoutes(http, deps);
  jobRoutes(http);
  storageRoutes(http, deps);
  identityRoutes(http, identity);
  userRoutes(http, identity);
  factorRoutes(http, identity);
  passkeyRoutes(http, identity);
  providerRoutes(http, identity);
  apiKeyRoutes(http, identity);
  shareRoutes(http, identity);
  tenantRoutes(http, identity);
  studyRoutes(http, deps);
  deidentificationRoutes(http, deps);
  labelRoutes(http, deps);
  eventRoutes(http, deps);
  uploadRoutes(http, deps);
  stowRoutes(http, deps);
  capabilitiesRoutes(http);
  qidoRoutes(http);
  metadataRoutes(http);
  wadoRoutes(http, deps);
  workitemRoutes(http, deps);
  peerRoutes(http, deps);
  forwardRoutes(http, deps);
  retrievalRoutes(http, deps);
  worklistRoutes(http, deps);
  routingRoutes(http, deps);
  analysisRoutes(http, deps);
  findingRoutes(http, deps);
  measurementRoutes(http, deps);
  priorRoutes(http);
  analyticsRoutes(http, deps);
  diagnosisRoutes(http, deps);
  diagnosisWorkRoutes(http, deps);
  diagnosisDraftRoutes(http, deps);
  sharedDiagnosisRoutes(http);
  agentRoutes(http, deps);
  reportRoutes(http, deps);
  readingListRoutes(http, deps);
  reportTemplateRoutes(http, deps);
  criticalResultRoutes(http, { ...deps, limits: deps.config.criticalResultMinutes });
  followUpRoutes(http, deps);
  predictionRoutes(http, deps);
  modelRoutes(http, deps);
  clinicalRoutes(http, deps);
  knowledgeRoutes(http, deps);
  cdsHooksRoutes(http, deps);
  historyRoutes(http, deps);
  literatureRoutes(http, deps);
  trialRoutes(http, deps);
  encryptionRoutes(http, deps);
  patientRoutes(http, deps);
  fhirRoutes(http, deps);
  mergeRoutes(http, deps);
  documentRoutes(http, deps);
  recycleRoutes(http, { ...deps, recycleDays: deps.config.recycleDays });
  privacyRoutes(http, deps);
  webhookRoutes(http, deps);
  auditRoutes(http, deps);
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
