import type { FastifyInstance } from 'fastify';
import { buildApp } from './app.ts';
import type { AuditStateListener } from './audit/notes.ts';
import { type Config, readConfig } from './config.ts';
import { ConfigError } from './config-values.ts';
import { type Deps, openDeps } from './deps.ts';
import { type DicomListener, openDicomListener } from './dimse/listener.ts';
import { TIMEOUTS } from './dimse/timeouts.ts';
import { followCertificate, followDicomCertificate, requireSafeExposure, warnOfExposure } from './exposure.ts';
import { jobHandlers } from './handlers.ts';
import { openSetup } from './identity/setup.ts';
import type { JobErrorListener } from './infra/job-runner.ts';
import { requestEmbedding } from './literature/embed-literature.ts';
import { followEvents } from './webhooks/dispatch-webhooks.ts';

/** Once a night, when little else happens. */
const SWEEP_CRON = '17 3 * * *';
/** Before the sweep, which takes what it leaves. */
const PURGE_CRON = '57 2 * * *';
/** After the sweep, so that nothing is encrypted anew that goes anyway. */
const RESEAL_CRON = '47 3 * * *';
const EVENTS_CRON = '37 2 * * *';
const RESUME_CRON = '* * * * *';
/** Readings end, and what waits too long goes up, within a minute. */
const READING_CRON = '* * * * *';
const PRUNE_CRON = '47 2 * * *';
const WORKITEMS_CRON = '27 2 * * *';
/** Before the day's work: what fails is off when it begins. */
const KNOWLEDGE_CRON = '37 4 * * *';
/** What was written since the last checkpoint could be rewritten unseen by who has the database. */
const CHECKPOINT_CRON = '7 * * * *';
const FORWARD_CRON = '* * * * *';

export type RunningServer = {
  /** With the port that was taken. */
  url: string;
  /** One-time link that makes the first administrator; undefined once there is one. */
  setupUrl: string | undefined;
  /** Where DICOM associations are taken, and where over TLS; undefined where they are not. */
  dicomPort: number | undefined;
  dicomTlsPort: number | undefined;
  http: FastifyInstance;
  deps: Deps;
  close(): Promise<void>;
};

/**
 * Opens everything that the configuration asks for and starts to listen and to work.
 *
 * @throws {ConfigError} for a host that others can reach, without TLS before it or in it
 */
export async function startServer(config: Config): Promise<RunningServer> {
  requireSafeExposure(config);
  // Jobs start after the log exists; until then nothing can fail in one.
  let tell: JobErrorListener = () => undefined;
  const notices: string[] = [];
  let notice = (message: string): unknown => notices.push(message);
  let tellAudit: AuditStateListener = () => undefined;
  const deps = await openDeps(config, {
    onJobError: (error, job) => tell(error, job),
    onAuditState: (...state) => tellAudit(...state),
    onNotice: (message) => notice(message),
  });
  const http = await buildApp(deps);
  notice = (message) => http.log.warn(message);
  for (const message of notices) notice(message);
  warnOfExposure(http.log, config);
  tell = (error, job) => http.log.error({ job, err: error }, 'job failed');
  tellAudit = (state, tenant, error) => {
    if (state === 'writing') http.log.warn({ tenant }, 'the audit trail can be written again');
    else http.log.error({ tenant, err: error }, 'the audit trail cannot be written: what would go unrecorded is refused');
  };
  let dicom: DicomListener | undefined;
  let webhooks: ReturnType<typeof followEvents> | undefined;
  const stopFollowing = followCertificate(http, config);
  const takeCertificate = (own: { cert: Buffer; key: Buffer }): void => {
    deps.transport.setSecureContext(own);
    dicom?.renew();
  };
  const stopFollowingDicom = followDicomCertificate(http.log, { setSecureContext: takeCertificate }, config);
  const close = async (): Promise<void> => {
    stopFollowing();
    stopFollowingDicom();
    await dicom?.close();
    await webhooks?.close();
    await closeAll(http, deps);
  };
  try {
    deps.metrics.start((error) => http.log.error({ err: error }, 'metrics could not be sampled'));
    if (config.roles.has('worker')) {
      webhooks = followEvents(deps, (error) => http.log.error({ err: error }, 'webhooks could not be dispatched'));
      await deps.jobs.schedule(PURGE_CRON, 'purge-recycled', {});
      await deps.jobs.schedule(SWEEP_CRON, 'sweep-blobs', {});
      await deps.jobs.schedule(RESEAL_CRON, 'reseal-all', {});
      await deps.jobs.schedule(RESUME_CRON, 'resume-diagnoses', {});
      await deps.jobs.schedule(READING_CRON, 'age-reading-lists', {});
      await deps.jobs.schedule(KNOWLEDGE_CRON, 'check-knowledge', {});
      await deps.jobs.schedule(CHECKPOINT_CRON, 'checkpoint-audits', {});
      await deps.jobs.schedule(EVENTS_CRON, 'prune-events', {});
      await deps.jobs.schedule(PRUNE_CRON, 'prune-audits', {});
      await deps.jobs.schedule(WORKITEMS_CRON, 'prune-workitems', {});
      // A model that was configured since the last start has read nothing yet.
      await requestEmbedding(deps);
      if (config.audit.syslog) await deps.jobs.schedule(FORWARD_CRON, 'forward-audits', {});
      await deps.jobs.start(jobHandlers(deps), config.maxConcurrentAnalysis);
    }
    const address = config.roles.has('api') ? await http.listen({ host: config.host, port: config.port }) : '';
    if (config.roles.has('dicom')) dicom = await listenForDicom(config, deps, http);
    const token = config.roles.has('api') ? await openSetup(deps) : undefined;
    return {
      url: address,
      setupUrl: token && `${config.publicUrls[0] ?? address}/setup#token=${token}`,
      dicomPort: dicom?.port || undefined,
      dicomTlsPort: dicom?.tlsPort || undefined,
      http,
      deps,
      close,
    };
  } catch (error) {
    await close();
    throw error;
  }
}

function listenForDicom(config: Config, deps: Deps, http: FastifyInstance): Promise<DicomListener> {
  const node = { aeTitle: config.aeTitle, privateClasses: config.privateSopClasses };
  const { plain, tls, limits, artimMs, idleMs } = config.dicom;
  return openDicomListener(deps, {
    host: config.host,
    port: plain ? config.dicomPort : undefined,
    tlsPort: tls.port,
    node,
    log: http.log,
    limits,
    timeouts: { ...TIMEOUTS, artimMs, idleMs },
  });
}

/** Starts from the environment, says where, and stops in order on SIGINT and SIGTERM. Exit status 2 for a wrong option. */
export async function runServer(environment: Record<string, string | undefined>): Promise<void> {
  try {
    const server = await startServer(readConfig(environment));
    announce(server);
    const stop = (): void => {
      void server.close().then(() => process.exit(0));
    };
    process.once('SIGINT', stop);
    process.once('SIGTERM', stop);
  } catch (error) {
    const expected = error instanceof ConfigError || (error instanceof Error && 'code' in error && error.code === 'EADDRINUSE');
    process.stderr.write(
      `isocenter: ${error instanceof Error ? (expected ? error.message : (error.stack ?? error.message)) : String(error)}\n`,
    );
    process.exit(error instanceof ConfigError ? 2 : 1);
  }
}

function announce({ url, setupUrl, dicomPort, dicomTlsPort, deps }: RunningServer): void {
  const lines = [`Isocenter listens on ${url || 'no port (no api role)'}`];
  const { aeTitle, host } = deps.config;
  if (dicomPort !== undefined) lines.push(`DICOM associations with ${aeTitle} are taken on ${host}:${dicomPort}, from known peers only`);
  if (dicomTlsPort !== undefined) lines.push(`DICOM associations over TLS with ${aeTitle} are taken on ${host}:${dicomTlsPort}`);
  if (setupUrl) lines.push('Nobody can sign in yet. Open this link once to make the administrator:', `  ${setupUrl}`);
  process.stdout.write(`${lines.join('\n')}\n`);
}

async function closeAll(http: FastifyInstance, deps: Deps): Promise<void> {
  await http.close();
  await deps.close();
}

if (import.meta.main) await runServer(process.env);
